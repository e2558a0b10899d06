//! The variables of a plugin: asked for, kept, and checked for what is missing.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::answers::Ask;
use crate::error::{Error, ErrorKind, Result};
use crate::host::{Prompt, PromptKind, Reply};
use crate::model::env::EnvFile;
use crate::model::name::PluginDir;
use crate::model::plugin::EnvVar;
use crate::outcome::Answers;
use crate::text::escape;

/// What asking led to: the values that are new.
pub(crate) struct NewValues<'a> {
    values: Vec<(&'a EnvVar, String)>,
    declared: &'a [EnvVar],
}

/// Which variables the host is asked for. Answers given beforehand are always taken. Without a `.env`, as on
/// a new machine, those that are not asked for get their defaults: commands get what they got where the plugin
/// was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VariablesToAsk {
    /// Each, with its current value or default to keep.
    All,
    /// Those that are required and have no value.
    Missing,
    /// None.
    None,
}

/// Asks for the variables of a plugin.
///
/// A question without an answer keeps the current value or the default. `process_env` counts
/// for what is set, as it does when a command runs, but is not written down.
///
/// # Errors
/// [`ErrorKind::VariablesUnset`] naming all required variables that have no value after that.
pub(crate) fn ask<'a>(
    ask: &Ask<'_>,
    directory: &PluginDir,
    variables: &'a [EnvVar],
    (asked, current): (VariablesToAsk, &EnvFile),
    process_env: &BTreeMap<OsString, OsString>,
) -> Result<NewValues<'a>> {
    let (answered, unset) = ask_kept(ask, directory, variables, (asked, current), process_env)?;
    if unset.is_empty() {
        return Ok(answered);
    }
    Err(unset_error(directory, unset))
}

/// The same, where what was answered is kept although other variables are still without a value:
/// their names come with it.
pub(crate) fn ask_kept<'a>(
    ask: &Ask<'_>,
    directory: &PluginDir,
    variables: &'a [EnvVar],
    (asked, current): (VariablesToAsk, &EnvFile),
    process_env: &BTreeMap<OsString, OsString>,
) -> Result<(NewValues<'a>, Vec<String>)> {
    let mut values = Vec::new();
    let mut unset = Vec::new();
    let is_set = |variable: &EnvVar| {
        let current = current.get(&variable.name);
        current.is_some_and(|value| !value.is_empty()) || is_outside(variable, process_env)
    };
    let to_ask = |variable: &EnvVar| match asked {
        VariablesToAsk::All => true,
        VariablesToAsk::Missing => variable.required && !is_set(variable),
        VariablesToAsk::None => false,
    };
    let total = variables.iter().filter(|variable| to_ask(variable)).count();
    let total = u32::try_from(total).unwrap_or(u32::MAX);
    let mut position = 0;
    let is_new = current.iter().next().is_none();
    for variable in variables {
        let current = current
            .get(&variable.name)
            .filter(|value| !value.is_empty());
        let wanted = to_ask(variable);
        position += u32::from(wanted);
        let takes_default = wanted || is_new && !is_outside(variable, process_env);
        let default = variable.default.clone().filter(|_| takes_default);
        let keep = current.clone().or(default);
        let answer = match ask.answers.env.get(&variable.name) {
            Some(value) => Some(value.clone()),
            None => {
                let prompt = question(directory, variable, keep.as_deref(), (position, total));
                let reply = match wanted {
                    true => ask.reply(prompt)?,
                    false => ask.reply_beforehand(&prompt),
                };
                match reply {
                    Reply::Text(text) => Some(text).filter(|text| !text.is_empty()),
                    Reply::UseDefault | Reply::Unanswered => None,
                    Reply::Yes | Reply::No => return Err(no_text(directory, variable)),
                }
            }
        };
        match answer.or(keep).filter(|value| !value.is_empty()) {
            Some(value) if current.as_ref() == Some(&value) => {}
            Some(value) => values.push((variable, value)),
            None if variable.required && !is_outside(variable, process_env) => {
                unset.push(variable.name.clone());
            }
            None => {}
        }
    }
    let answered = NewValues {
        values,
        declared: variables,
    };
    Ok((answered, unset))
}

/// The required variables without a value, in the order of the definition.
pub(crate) fn unset(
    variables: &[EnvVar],
    current: &EnvFile,
    process_env: &BTreeMap<OsString, OsString>,
) -> Vec<String> {
    let has_value = |variable: &EnvVar| {
        let current = current.get(&variable.name);
        current.is_some_and(|value| !value.is_empty()) || is_outside(variable, process_env)
    };
    let required = variables.iter().filter(|variable| variable.required);
    let unset = required.filter(|variable| !has_value(variable));
    unset.map(|variable| variable.name.clone()).collect()
}

impl NewValues<'_> {
    /// The file with the values in it, and what some reader of it will not read as it was typed.
    /// None if nothing is new.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a value that no such file can hold.
    pub(crate) fn written_to(&self, mut file: EnvFile) -> Result<(Option<EnvFile>, Vec<String>)> {
        let mut warnings = Vec::new();
        for (variable, value) in &self.values {
            let comment = variable.description.as_deref();
            warnings.extend(file.set(&variable.name, value, comment)?);
        }
        Ok(((!self.values.is_empty()).then_some(file), warnings))
    }

    /// The names of the variables that have a new value.
    pub(crate) fn names(&self) -> Vec<String> {
        let values = self.values.iter();
        values.map(|(variable, _)| variable.name.clone()).collect()
    }

    /// The variables that were answered beforehand, by name, and that the plugin does not have.
    pub(crate) fn undeclared<'n>(&self, answers: &'n Answers) -> impl Iterator<Item = &'n String> {
        let names = answers.env.keys();
        names.filter(|name| !self.declared.iter().any(|variable| variable.name == **name))
    }
}

/// The error that names all required variables without a value.
pub(crate) fn unset_error(directory: &PluginDir, unset: Vec<String>) -> Error {
    Error::new(
        ErrorKind::VariablesUnset,
        format!(
            "required variables of `{directory}` have no value: {}",
            unset.join(", ")
        ),
    )
    .with_plugin(directory.as_str())
    .with_variables(unset)
}

/// True if the environment has a value.
fn is_outside(variable: &EnvVar, process_env: &BTreeMap<OsString, OsString>) -> bool {
    process_env
        .get(OsStr::new(&variable.name))
        .is_some_and(|value| !value.is_empty())
}

fn question(
    directory: &PluginDir,
    variable: &EnvVar,
    keep: Option<&str>,
    position: (u32, u32),
) -> Prompt {
    Prompt {
        id: format!("env:{directory}:{}", variable.name),
        plugin: directory.to_string(),
        kind: if variable.secret {
            PromptKind::Secret
        } else {
            PromptKind::Text
        },
        message: variable.name.clone(),
        details: variable
            .description
            .iter()
            .map(|text| escape(text))
            .collect(),
        default: keep.filter(|value| !value.is_empty()).map(|value| {
            if variable.secret {
                mask(value)
            } else {
                escape(value)
            }
        }),
        required: variable.required,
        position,
    }
}

/// A secret as it may be shown: its last four characters, where enough stay hidden.
fn mask(secret: &str) -> String {
    let length = secret.chars().count();
    let shown = if length >= 12 { 4 } else { 0 };
    format!(
        "****{}",
        escape(&secret.chars().skip(length - shown).collect::<String>())
    )
}

fn no_text(directory: &PluginDir, variable: &EnvVar) -> Error {
    Error::new(
        ErrorKind::HostFailed,
        format!(
            "the host answered yes or no to the prompt for `{}`, which expects a text",
            variable.name
        ),
    )
    .with_plugin(directory.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_secret_shows_its_end_only_where_enough_stays_hidden() {
        assert_eq!(mask("ghp_0123456789"), "****6789");
        assert_eq!(mask("short"), "****");
        assert_eq!(mask(""), "****");
    }
}
