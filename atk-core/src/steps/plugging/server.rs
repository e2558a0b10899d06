//! The MCP server of an installed plugin, with all that an entry is made of.

use std::path::PathBuf;

use serde_json::Value;

use super::super::context::Context;
use super::super::{definition, env_file};
use super::launcher;
use crate::agents::agent::Agent;
use crate::agents::entry::{self, Form, NoEntry, Server};
use crate::agents::python_tool;
use crate::agents::target::Target;
use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::model::env::EnvFile;
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::plugin::{Definition, Mcp};
use crate::outcome::{AgentEntry, EntryChange};

/// The MCP server of an installed plugin.
pub(crate) struct PluginServer {
    pub(crate) directory: PluginDir,
    /// The pin of the plugin; none for a local one.
    pub(crate) pin: Option<String>,
    definition: Definition,
    mcp: Mcp,
    dir: PathBuf,
    env: EnvFile,
    exec: Vec<String>,
}

impl PluginServer {
    /// Reads the server that a plugin declares; `None` if it declares none.
    ///
    /// # Errors
    /// Those of the definition and of `.env`; [`ErrorKind::InvalidArgument`] if there is no `atk`
    /// command.
    pub(crate) fn read(
        context: &Context<'_>,
        home: &HomeDir,
        entry: &Entry,
    ) -> Result<Option<PluginServer>> {
        let (definition, _) = definition::of_installed(home, entry)?;
        PluginServer::of(context, home, entry, definition, entry.source.pin.as_ref())
    }

    /// The server that a definition of the plugin declares: that of a version which is not in place
    /// yet, say.
    ///
    /// # Errors
    /// As [`PluginServer::read`].
    pub(crate) fn of(
        context: &Context<'_>,
        home: &HomeDir,
        entry: &Entry,
        definition: Definition,
        pin: Option<&Pin>,
    ) -> Result<Option<PluginServer>> {
        let Some(mcp) = definition.mcp.clone() else {
            return Ok(None);
        };
        let directory = &entry.directory;
        let (env, _) = env_file::read_quietly(home, directory)?;
        Ok(Some(PluginServer {
            pin: pin.map(ToString::to_string),
            dir: home.plugin_dir(directory),
            exec: launcher::command(context, home, directory)?,
            directory: directory.clone(),
            definition,
            mcp,
            env,
        }))
    }

    /// The entry that an agent has if it is up to date.
    ///
    /// # Errors
    /// Why this agent cannot have the server.
    pub(crate) fn entry(&self, agent: &Agent, form: Form) -> std::result::Result<Value, NoEntry> {
        entry::build(agent, &self.as_server(), form).map(|built| built.value)
    }

    /// The entry that may be written for an agent.
    ///
    /// # Errors
    /// As [`PluginServer::entry`], and if the agent would not leave its values as they are.
    pub(crate) fn new_entry(
        &self,
        agent: &Agent,
        form: Form,
    ) -> std::result::Result<Value, NoEntry> {
        let built = entry::build(agent, &self.as_server(), form)?;
        match built.replaced.is_empty() {
            true => Ok(built.value),
            false => Err(NoEntry::Replaced(built.replaced)),
        }
    }

    /// The name that the Python tool gives to its entry, which is the plugin's.
    pub(crate) fn python_name(&self) -> &str {
        &self.definition.name
    }

    /// True if an entry is what the Python tool writes.
    pub(crate) fn is_of_python_tool(&self, entry: &Value) -> bool {
        python_tool::wrote(entry, &self.as_server())
    }

    fn as_server(&self) -> Server<'_> {
        Server {
            name: self.directory.as_str(),
            definition: &self.definition,
            mcp: &self.mcp,
            dir: &self.dir,
            env: &self.env,
            exec: &self.exec,
        }
    }

    /// The entry for an agent, as it is written by default.
    ///
    /// # Errors
    /// [`ErrorKind::AgentUnsupported`] if the agent cannot have it.
    pub(crate) fn agent_entry(&self, agent: &'static Agent) -> Result<AgentEntry> {
        let value = match self.new_entry(agent, Form::Exec) {
            Ok(value) => value,
            Err(why) => {
                let (_, reason) = self.refusal(agent, why)?;
                return Err(Error::new(ErrorKind::AgentUnsupported, reason)
                    .with_plugin(self.directory.as_str()));
            }
        };
        let target = Target {
            agent,
            path: PathBuf::new(),
            project: None,
            name: self.directory.to_string(),
        };
        let (text, _) = target.set(&[], &value)?;
        Ok(AgentEntry {
            agent: agent.id.to_owned(),
            name: target.name,
            content: value.to_string(),
            text: String::from_utf8_lossy(&text).into_owned(),
        })
    }

    /// Why an agent does not get an entry: a reason to skip it, or an error.
    pub(crate) fn refusal(&self, agent: &Agent, why: NoEntry) -> Result<(EntryChange, String)> {
        let plugin = self.directory.as_str();
        match why {
            NoEntry::Transport(transport) => Ok((
                EntryChange::Skipped,
                format!(
                    "{} does not support the transport {}",
                    agent.name,
                    transport.as_str()
                ),
            )),
            NoEntry::Secrets(names) => Err(Error::new(
                ErrorKind::AgentUnsupported,
                format!(
                    "the server of `{plugin}` needs secrets ({}), and the configuration of {} \
                     cannot refer to variables there",
                    names.join(", "),
                    agent.name
                ),
            )
            .with_plugin(plugin)
            .with_variables(names)
            .with_help("leave the agent out, or write the values into its file: `values` (`--values`)")),
            NoEntry::Replaced(names) => Err(Error::new(
                ErrorKind::AgentUnsupported,
                format!(
                    "{} would replace part of the value of `{}`, as it looks like a reference to a \
                     variable, and has no way to write it as it is",
                    agent.name,
                    names.join("`, `")
                ),
            )
            .with_plugin(plugin)
            .with_variables(names)
            .with_help(
                "leave `values` out, so that `atk exec` reads them, or refer to the variables (`refs`)",
            )),
            NoEntry::Unset(names) => {
                Err(super::super::variables::unset_error(&self.directory, names))
            }
        }
    }

    /// The secrets of the plugin that have a value, with their names.
    fn secrets(&self) -> Vec<(&str, String)> {
        let declared = self.definition.env_vars.iter();
        let secrets = declared.filter(|variable| variable.secret);
        let values = secrets.filter_map(|variable| {
            let value = self.env.get(&variable.name).or(variable.default.clone())?;
            Some((variable.name.as_str(), value))
        });
        values.filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The names of the secrets whose values are in an entry.
    pub(crate) fn secrets_in(&self, entry: &Value) -> Vec<String> {
        let secrets = self.secrets().into_iter();
        let held = secrets.filter(|(_, value)| holds(entry, value));
        held.map(|(name, _)| name.to_owned()).collect()
    }

    /// The text of an entry, with `***` in the place of secrets.
    pub(crate) fn shown(&self, entry: &Value, form: Form) -> String {
        match form {
            Form::Values => self.masked(entry).to_string(),
            Form::Exec | Form::References => entry.to_string(),
        }
    }

    fn masked(&self, entry: &Value) -> Value {
        let mut entry = entry.clone();
        for (_, value) in self.secrets() {
            each_text(&mut entry, &mut |text| {
                if text.contains(&value) {
                    *text = text.replace(&value, "***");
                }
            });
        }
        entry
    }
}

fn holds(entry: &Value, value: &str) -> bool {
    let mut found = false;
    each_text(&mut entry.clone(), &mut |text| {
        found |= text.contains(value)
    });
    found
}

fn each_text(value: &mut Value, act: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => act(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, act)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text(field, act)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
