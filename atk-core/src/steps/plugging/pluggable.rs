//! What of a plugin can be plugged into agents.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::unsaved_files::NAMED;
use super::server::PluginServer;
use super::skill::{self, PluginSkill, SkillOfPlugin};
use crate::error::{Error, ErrorKind, Result};
use crate::home::{HomeDir, HomePath};
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::text::escape;

/// What of an installed plugin can be plugged into agents: one of both at least.
pub(crate) struct Pluggable {
    pub(crate) directory: PluginDir,
    pub(crate) server: Option<PluginServer>,
    pub(crate) skill: Option<PluginSkill>,
}

impl Pluggable {
    /// Reads what a plugin has; `None` if it has nothing. A `SKILL.md` that does not follow the
    /// specification, or is not in the plugin's own directory, is a warning.
    ///
    /// # Errors
    /// Those of the definition, of `.env` and of the home; [`ErrorKind::InvalidArgument`] if there is
    /// no `atk` command.
    pub(crate) fn read(
        context: &Context<'_>,
        home: &HomeDir,
        entry: &Entry,
    ) -> Result<Option<Pluggable>> {
        let server = PluginServer::read(context, home, entry)?;
        let skill = match SkillOfPlugin::read(home, entry)? {
            SkillOfPlugin::Valid(skill) => Some(*skill),
            SkillOfPlugin::None => {
                warn_of_nested(context, home, entry)?;
                None
            }
            SkillOfPlugin::Invalid(problem) => {
                let text = format!("its skill is not plugged in: {problem}");
                context.warn(Some(entry.directory.as_str()), &text);
                None
            }
        };
        Ok((server.is_some() || skill.is_some()).then(|| Pluggable {
            directory: entry.directory.clone(),
            server,
            skill,
        }))
    }

    /// The error for a plugin that has nothing.
    pub(crate) fn nothing(entry: &Entry) -> Error {
        let name = escape(&entry.name);
        Error::new(
            ErrorKind::NotDeclared,
            format!("`{name}` declares no MCP server, and has no skill"),
        )
        .with_plugin(entry.directory.as_str())
    }
}

/// Warns of skills that are not where a plugin has its skill.
fn warn_of_nested(context: &Context<'_>, home: &HomeDir, entry: &Entry) -> Result<()> {
    let nested = skill::nested(home, entry)?;
    if nested.is_empty() {
        return Ok(());
    }
    let plugin = &entry.directory;
    let base = HomePath::plugin(plugin);
    let shown = |path: &PathBuf| {
        let path = base.as_path().join(path);
        format!("`{}`", escape(&path.to_string_lossy()))
    };
    let mut names: Vec<_> = nested.iter().take(NAMED).map(shown).collect();
    let more = nested.len().saturating_sub(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let text = format!(
        "agents do not get {}: the skill of a plugin is `{base}/SKILL.md`; move the skill there with \
         `name: {plugin}`, or create a separate plugin for it",
        names.join(", ")
    );
    context.warn(Some(plugin.as_str()), &text);
    Ok(())
}
