//! Filling in the configuration of an MCP server.

use std::collections::BTreeMap;

use super::env::EnvFile;
use super::plugin::EnvVar;

/// What stands for a required variable that has no value.
const NOT_SET: &str = "<NOT_SET>";
/// The name that stands for the plugin's directory.
const PLUGIN_DIR: &str = "ATK_PLUGIN_DIR";

/// Puts values in the place of variables.
///
/// `$NAME` and `${NAME}` of declared variables become their values in `.env`, else their defaults.
/// What is required and has none becomes `<NOT_SET>`, what is optional and has none nothing. Other
/// names stay as they stand. A value is put in as it is: what looks like a variable in it is none.
pub(crate) struct Resolver<'a> {
    declared: &'a [EnvVar],
    values: BTreeMap<String, String>,
    plugin_dir: &'a str,
    unset: Vec<String>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(declared: &'a [EnvVar], file: &EnvFile, plugin_dir: &'a str) -> Self {
        Resolver::with_values(declared, file.iter(), plugin_dir)
    }

    /// The same, with the values that a running command sees. An empty value counts as none.
    pub(crate) fn with_values(
        declared: &'a [EnvVar],
        values: impl IntoIterator<Item = (String, String)>,
        plugin_dir: &'a str,
    ) -> Self {
        let values = values.into_iter().filter(|(_, value)| !value.is_empty());
        Resolver {
            declared,
            values: values.collect(),
            plugin_dir,
            unset: Vec::new(),
        }
    }

    /// A text with the values in it.
    pub(crate) fn fill(&mut self, text: &str) -> String {
        replaced(text, |name| self.value(name))
    }

    /// The variables that a server gets, by name. One that nothing declares counts as required.
    pub(crate) fn environment(&mut self, names: &[String]) -> BTreeMap<String, String> {
        let mut env = BTreeMap::new();
        for name in names {
            let value = match self.values.get(name) {
                Some(value) => Some(value.clone()),
                None if self.declared.iter().any(|variable| variable.name == *name) => {
                    self.value(name).filter(|value| !value.is_empty())
                }
                None => Some(self.missing(name)),
            };
            env.extend(value.map(|value| (name.clone(), value)));
        }
        env
    }

    /// The required variables without a value that were needed, each once.
    pub(crate) fn unset(self) -> Vec<String> {
        self.unset
    }

    /// What stands for a name; `None` if it is not one of the plugin's.
    pub(crate) fn value(&mut self, name: &str) -> Option<String> {
        if name == PLUGIN_DIR {
            return Some(self.plugin_dir.to_owned());
        }
        let variable = self
            .declared
            .iter()
            .find(|variable| variable.name == name)?;
        let value = self.values.get(name).or(variable.default.as_ref());
        Some(match value.filter(|value| !value.is_empty()) {
            Some(value) => value.clone(),
            None if variable.required => self.missing(name),
            None => String::new(),
        })
    }

    fn missing(&mut self, name: &str) -> String {
        if !self.unset.iter().any(|unset| unset == name) {
            self.unset.push(name.to_owned());
        }
        NOT_SET.to_owned()
    }
}

/// A text in which `$NAME` and `${NAME}` are what `value` returns for the name; they stay if it returns
/// `None`.
pub(crate) fn replaced(text: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        match name(after) {
            Some((name, behind)) => {
                let taken = after.len() - behind.len();
                match value(name) {
                    Some(value) => filled.push_str(&value),
                    None => {
                        filled.push('$');
                        filled.push_str(after.get(..taken).unwrap_or_default());
                    }
                }
                rest = behind;
            }
            None => {
                filled.push('$');
                rest = after;
            }
        }
    }
    filled + rest
}

/// The name at the start of what follows a `$`, and what is behind it.
fn name(after: &str) -> Option<(&str, &str)> {
    if let Some(inner) = after.strip_prefix('{') {
        let (name, behind) = inner.split_once('}')?;
        return is_name(name).then_some((name, behind));
    }
    let end = after
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(after.len());
    let (name, behind) = after.split_at(end);
    is_name(name).then_some((name, behind))
}

fn is_name(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, required: bool, default: Option<&str>) -> EnvVar {
        EnvVar {
            name: name.into(),
            required,
            secret: false,
            default: default.map(str::to_owned),
            description: None,
        }
    }

    fn declared() -> Vec<EnvVar> {
        vec![
            variable("A", true, None),
            variable("AB", false, Some("dflt")),
            variable("C", true, None),
            variable("D", false, None),
        ]
    }

    #[test]
    fn names_become_values_once_and_strange_ones_stay() {
        let declared = declared();
        let file = EnvFile::parse(b"A='$AB ${C}'\nE=no\n").unwrap();
        let mut resolver = Resolver::new(&declared, &file, "/home/p");
        for (text, filled) in [
            ("$ATK_PLUGIN_DIR/x ${ATK_PLUGIN_DIR}y", "/home/p/x /home/py"),
            ("$A|${A}", "$AB ${C}|$AB ${C}"),
            ("$AB-$ABC-${AB}C", "dflt-$ABC-dfltC"),
            ("$C", "<NOT_SET>"),
            ("[$D]", "[]"),
            ("$E ${E} $ $$ ${} ${A $1 é$", "$E ${E} $ $$ ${} ${A $1 é$"),
        ] {
            assert_eq!(resolver.fill(text), filled, "{text}");
        }
        assert_eq!(resolver.unset(), ["C"]);
    }

    #[test]
    fn an_optional_variable_without_a_value_is_left_out_of_the_environment() {
        let declared = declared();
        let file = EnvFile::parse(b"A=one\nX=undeclared\n").unwrap();
        let mut resolver = Resolver::new(&declared, &file, "/");
        let names = ["A", "AB", "C", "D", "X", "Y"].map(str::to_owned);
        let env: Vec<String> = resolver
            .environment(&names)
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let expected = [
            "A=one",
            "AB=dflt",
            "C=<NOT_SET>",
            "X=undeclared",
            "Y=<NOT_SET>",
        ];
        assert_eq!(env, expected);
        assert_eq!(resolver.unset(), ["C", "Y"]);
    }
}
