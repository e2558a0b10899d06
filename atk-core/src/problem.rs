//! What is wrong at one place of a file.

use std::fmt;

use serde::Serialize;

use crate::rule::Rule;

/// A problem at one place of a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The file, as it is known to its author (`plugin.yaml`, `custom/overrides.yaml`).
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// The field, as `ports[0].port`; empty for the document as a whole.
    pub field: String,
    /// What is wrong, without place and field.
    pub message: String,
    /// The rule that is broken, if it is one of the rules for plugins.
    #[serde(skip)]
    pub(crate) rule: Option<Rule>,
    /// How to correct it, if the rule does not say it well enough.
    #[serde(skip)]
    pub(crate) fix: Option<String>,
}

impl Problem {
    /// Makes a problem.
    #[must_use]
    pub fn new(
        file: impl Into<String>,
        (line, column): (u32, u32),
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Problem {
            file: file.into(),
            line,
            column,
            field: field.into(),
            message: message.into(),
            rule: None,
            fix: None,
        }
    }

    /// Names the rule that is broken.
    pub(crate) fn of(self, rule: Rule) -> Self {
        Problem {
            rule: Some(rule),
            ..self
        }
    }

    /// Says how to correct it.
    pub(crate) fn with_fix(self, fix: impl Into<String>) -> Self {
        Problem {
            fix: Some(fix.into()),
            ..self
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_a_compiler_message() {
        let message = "70000 is not a port (1 to 65535)";
        let problem = Problem::new("plugin.yaml", (12, 5), "ports[0].port", message);
        assert_eq!(
            problem.to_string(),
            "plugin.yaml:12:5: ports[0].port: 70000 is not a port (1 to 65535)"
        );
    }
}
