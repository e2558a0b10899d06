//! The plugin definition: `plugin.yaml`, merged with its overlay and checked.
//!
//! A definition is read in three steps: both files become nodes that know where they stand, the
//! overlay is merged over the plugin's own (`overlay`), and the result is checked field by
//! field (`check`), so that one reading finds every problem and names the file it came from.

mod check;
mod form;
mod parts;
mod visit;

use serde::Serialize;

use super::overlay;
use super::yaml::{Budget, explain, read_bytes};
use crate::error::{Error, ErrorKind, Problem, Result};

pub(crate) use parts::DEFAULT_COMPOSE_FILE;
pub use parts::{EnvVar, Lifecycle, Maturity, Mcp, Port, Service, ServiceType, Transport, Vendor};

/// The newest version of the format that this library knows all fields of.
const SCHEMA_VERSION: &str = "2026-01-23";

/// How many problems an error lists; it always says how many there are.
const LISTED: usize = 100;

/// A plugin definition: what `plugin.yaml` says, with the user's overlay merged in. It serializes
/// in the shape of the file, absent fields left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Definition {
    /// The date that names the format's version.
    pub schema_version: String,
    /// The display name. It has no control characters.
    pub name: String,
    /// One line about it.
    pub description: String,
    /// How thoroughly people have reviewed the plugin.
    pub maturity: Maturity,
    /// Who makes the tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<Vendor>,
    /// How its service runs, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The ports that its service listens on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// The variables that it uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env_vars: Vec<EnvVar>,
    /// The commands that it can run.
    #[serde(skip_serializing_if = "Lifecycle::is_empty")]
    pub lifecycle: Lifecycle,
    /// Its MCP server, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcp: Option<Mcp>,
}

impl Definition {
    /// Reads the bytes of a definition, and those of its overlay if there is one. `file` and the
    /// overlay's name are the paths that problems show. Returns what deserves a warning too: values
    /// that mean something else to the Python tool, doubles, fields of a newer format.
    ///
    /// # Errors
    /// [`ErrorKind::DefinitionInvalid`]. The details list the problems in the order of their
    /// places, the plugin's own file first.
    pub(crate) fn read(
        yaml: &[u8],
        file: &str,
        overrides: Option<(&[u8], &str)>,
    ) -> Result<(Definition, Vec<Problem>)> {
        let one = |problem| invalid(file, vec![problem]);
        let Some(mut root) = read_bytes(yaml, file, Budget::DEFINITION).map_err(one)? else {
            return Err(one(empty(file)));
        };
        if let Some((yaml, name)) = overrides
            && let Some(over) = read_bytes(yaml, name, Budget::DEFINITION).map_err(one)?
        {
            root = overlay::merge(root, over).map_err(|mut problem| {
                explain(&mut problem, &String::from_utf8_lossy(yaml));
                one(problem)
            })?;
        }
        let by_place = |problem: &Problem| (problem.file != file, problem.line, problem.column);
        let (definition, mut problems, mut warnings) = check::definition(&root);
        for problem in &mut problems {
            let bytes = match overrides {
                Some((bytes, name)) if problem.file == name => bytes,
                Some(_) | None => yaml,
            };
            explain(problem, &String::from_utf8_lossy(bytes));
        }
        problems.sort_by_key(by_place);
        warnings.sort_by_key(by_place);
        match definition {
            Some(definition) if problems.is_empty() => Ok((definition, warnings)),
            _ => Err(invalid(file, problems)),
        }
    }
}

fn empty(file: &str) -> Problem {
    Problem {
        file: file.to_owned(),
        line: 1,
        column: 1,
        field: String::new(),
        message: "the file is empty".to_owned(),
    }
}

fn invalid(file: &str, mut problems: Vec<Problem>) -> Error {
    let first = problems
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    let message = match problems.len() {
        1 => format!("the plugin definition is invalid: {first}"),
        count => format!("`{file}` has {count} problems, the first: {first}"),
    };
    problems.truncate(LISTED);
    Error::new(ErrorKind::DefinitionInvalid, message).with_problems(problems)
}

#[cfg(test)]
mod tests;
