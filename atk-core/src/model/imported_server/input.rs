//! The values that a server needs from its user, as variables of a plugin.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::plugin::{EnvVar, check_variable};
use crate::model::steering::steers;
use crate::model::variable_name::{is_of_environment, is_secret};
use crate::text::escape;

/// A value that the user may choose.
#[derive(Debug, Deserialize, Clone, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Input {
    pub(super) description: Option<String>,
    pub(super) is_required: bool,
    pub(super) is_secret: bool,
    pub(super) default: Option<String>,
    /// A value that the user does not choose, with `{name}` for each of `variables`.
    pub(super) value: Option<String>,
    pub(super) format: Option<String>,
    pub(super) choices: Option<Vec<String>>,
    pub(super) variables: Option<BTreeMap<String, Input>>,
}

/// What `{name}` in a text is if no variable of that name is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undeclared {
    /// Plain text.
    Text,
    /// A mistake: the text does not work without the value.
    Mistake,
}

/// The variables so far. Texts refer to them with `${NAME}`.
#[derive(Debug)]
pub(super) struct Variables {
    /// Put before a name that would mean something else to programs.
    prefix: String,
    pub(super) declared: Vec<EnvVar>,
    /// The names of those that the server reads from its environment.
    pub(super) environment: Vec<String>,
    /// What the plugin does not have.
    pub(super) warnings: Vec<String>,
}

impl Variables {
    /// No variables yet, of a server with this name.
    pub(super) fn of(server: &str) -> Self {
        let prefix = spelled_as_variable(server);
        let starts_right = prefix.starts_with(|c: char| c.is_ascii_uppercase());
        Variables {
            prefix: if starts_right {
                prefix
            } else {
                "SERVER".into()
            },
            declared: Vec::new(),
            environment: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Declares a variable of the server's environment.
    pub(super) fn add_environment(&mut self, name: &str, input: &Input) -> Result<(), String> {
        check_variable(name).map_err(|why| format!("its variable `{}` {why}", escape(name)))?;
        let mut input = input.clone();
        if let Some(value) = input.value.take() {
            let declared = input.variables.take().unwrap_or_default();
            if declared.keys().any(|key| value.contains(&braced(key))) {
                return Err(format!(
                    "its variable `{}` is put together from others (`{}`), which a plugin cannot do",
                    escape(name),
                    escape(&value)
                ));
            }
            input.default = Some(value);
        }
        self.declare(name, &input)?;
        if !self.environment.iter().any(|one| one == name) {
            self.environment.push(name.to_owned());
        }
        Ok(())
    }

    /// Declares a variable that is part of a text, and returns the reference to it. Without a default the
    /// user must choose a value: the text would not work without it.
    pub(super) fn reference(&mut self, name: &str, input: &Input) -> Result<String, String> {
        let mut plain = spelled_as_variable(name);
        let is_taken = is_of_environment(&plain) || steers(&plain);
        if is_taken || check_variable(&plain).is_err() {
            plain = format!("{}_{plain}", self.prefix);
        }
        let input = Input {
            is_required: true,
            ..input.clone()
        };
        self.declare(&plain, &input)?;
        Ok(format!("${{{plain}}}"))
    }

    fn declare(&mut self, name: &str, input: &Input) -> Result<(), String> {
        let secret = input.is_secret || is_secret(name);
        let given = input.default.clone().filter(|text| !text.is_empty());
        let default = given.clone().filter(|_| !secret);
        if given.is_some() && secret {
            let warning = format!(
                "the default of `{}` was left out: it is a secret, and everybody could read it",
                escape(name)
            );
            self.warnings.push(warning);
        }
        let variable = EnvVar {
            name: name.to_owned(),
            required: input.is_required && default.is_none(),
            secret,
            default,
            description: description(input),
        };
        let Some(other) = self.declared.iter_mut().find(|one| one.name == name) else {
            self.declared.push(variable);
            return Ok(());
        };
        if other.default.is_some()
            && variable.default.is_some()
            && other.default != variable.default
        {
            let name = escape(name);
            return Err(format!("its variable `{name}` has two different defaults"));
        }
        other.secret |= variable.secret;
        other.default = other.default.take().or(variable.default);
        other.default.take_if(|_| other.secret);
        other.required = (other.required || variable.required) && other.default.is_none();
        other.description = other.description.take().or(variable.description);
        Ok(())
    }

    /// A text with references in the place of its variables.
    pub(super) fn filled(
        &mut self,
        text: &str,
        variables: Option<&BTreeMap<String, Input>>,
        undeclared: Undeclared,
        what: &str,
    ) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(&literal(before, what)?);
            let named = after.split_once('}');
            let input = named.and_then(|(name, _)| variables?.get(name));
            rest = match (named, input) {
                (
                    Some((_, behind)),
                    Some(Input {
                        value: Some(value), ..
                    }),
                ) => {
                    filled.push_str(&literal(value, what)?);
                    behind
                }
                (Some((name, behind)), Some(input)) => {
                    filled.push_str(&self.reference(name, input)?);
                    behind
                }
                (_, None) | (None, Some(_)) if undeclared == Undeclared::Text => {
                    filled.push('{');
                    after
                }
                (Some((name, _)), None) => {
                    let name = escape(name);
                    return Err(format!(
                        "{what} has the variable `{name}`, which is not declared"
                    ));
                }
                (None, _) => return Err(format!("{what} has a `{{` without its `}}`")),
            };
        }
        filled.push_str(&literal(rest, what)?);
        Ok(filled)
    }
}

/// What a variable looks like in a text of a server.
pub(super) fn braced(name: &str) -> String {
    format!("{{{name}}}")
}

/// Text that must not be taken for a reference to a variable.
pub(super) fn literal(text: &str, what: &str) -> Result<String, String> {
    let mut is_reference = text.contains("${");
    crate::model::mcp::replaced(text, |_| {
        is_reference = true;
        None
    });
    if is_reference {
        let text = escape(text);
        return Err(format!(
            "{what} has a `$` that a plugin takes for a variable: `{text}`"
        ));
    }
    Ok(text.to_owned())
}

/// A name as those of variables are written: `baseUrl` and `base-url` are `BASE_URL`.
fn spelled_as_variable(name: &str) -> String {
    let mut spelled = String::new();
    let mut follows_lower = false;
    for c in name.chars() {
        let is_word = c.is_ascii_alphanumeric();
        let starts_word = c.is_ascii_uppercase() && follows_lower;
        if (starts_word || !is_word) && !spelled.is_empty() && !spelled.ends_with('_') {
            spelled.push('_');
        }
        if is_word {
            spelled.push(c.to_ascii_uppercase());
        }
        follows_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    spelled.trim_end_matches('_').to_owned()
}

fn description(input: &Input) -> Option<String> {
    let text = input.description.as_deref().and_then(one_line);
    let choices = input.choices.as_deref().unwrap_or_default();
    let choices = one_line(&choices.join(", ")).map(|all| format!("one of {all}"));
    match (text, choices) {
        (Some(text), Some(choices)) => Some(format!("{text} ({choices})")),
        (text, choices) => text.or(choices),
    }
}

/// A text in one line; none if it is blank.
pub(super) fn one_line(text: &str) -> Option<String> {
    let is_space = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<_> = text
        .split(is_space)
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}
