//! The variables of a plugin: asked for, kept, and checked for what is missing.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::Answers;
use super::ask::Ask;
use crate::error::{Error, ErrorKind, Result};
use crate::host::{Prompt, PromptKind, Reply};
use crate::model::env::EnvFile;
use crate::model::name::PluginDir;
use crate::model::plugin::EnvVar;
use crate::text::escape;

/// What asking led to: the values that are new.
pub(crate) struct Answered<'a> {
    values: Vec<(&'a EnvVar, String)>,
    declared: &'a [EnvVar],
}

/// Asks for every variable of a plugin, each with its current value or default to keep.
///
/// A value given beforehand is taken without asking. A question that nobody answers keeps the
/// current value or the default. `process_env` counts for what is set, as it does when a command
/// runs, but is not written down.
///
/// # Errors
/// [`ErrorKind::VariablesUnset`] naming all required variables that have no value after that.
pub(crate) fn ask<'a>(
    ask: &Ask<'_>,
    directory: &PluginDir,
    variables: &'a [EnvVar],
    current: &EnvFile,
    process_env: &BTreeMap<OsString, OsString>,
) -> Result<Answered<'a>> {
    let mut values = Vec::new();
    let mut unset = Vec::new();
    let total = u32::try_from(variables.len()).unwrap_or(u32::MAX);
    for (variable, position) in variables.iter().zip(1..) {
        let current = current
            .get(&variable.name)
            .filter(|value| !value.is_empty());
        let keep = current.clone().or_else(|| variable.default.clone());
        let answer = match ask.answers.env.get(&variable.name) {
            Some(value) => Some(value.clone()),
            None => {
                let prompt = question(directory, variable, keep.as_deref(), (position, total));
                match ask.reply(prompt)? {
                    Reply::Text(text) => Some(text).filter(|text| !text.is_empty()),
                    Reply::UseDefault | Reply::Unanswered => None,
                    Reply::Yes | Reply::No => return Err(no_text(directory, variable)),
                }
            }
        };
        match answer.or(keep).filter(|value| !value.is_empty()) {
            Some(value) if current.as_ref() == Some(&value) => {}
            Some(value) => values.push((variable, value)),
            None if variable.required && !is_set(variable, process_env) => {
                unset.push(variable.name.clone());
            }
            None => {}
        }
    }
    if unset.is_empty() {
        return Ok(Answered {
            values,
            declared: variables,
        });
    }
    Err(unset_error(directory, unset))
}

impl Answered<'_> {
    /// The file with the values in it, and what some reader of it will not read as it was typed.
    /// None where nothing is new.
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

fn is_set(variable: &EnvVar, process_env: &BTreeMap<OsString, OsString>) -> bool {
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
            "the host answered yes or no to the question for `{}`",
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
