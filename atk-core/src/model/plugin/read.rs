//! Reads the bytes of a definition and of its overlay.

use super::{Definition, check};
use crate::error::{Error, ErrorKind, Problem, Result};
use crate::model::overlay;
use crate::model::yaml::node::Node;
use crate::model::yaml::{Budget, explain, read_bytes};
use crate::rule::Rule;

/// How many problems an error lists; it always says how many there are.
pub(super) const LISTED: usize = 100;

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
        let inspected = inspect(yaml, file, overrides);
        match inspected.definition {
            Some(definition) if inspected.problems.is_empty() => {
                Ok((definition, inspected.warnings))
            }
            _ => Err(invalid(file, inspected.problems)),
        }
    }
}

/// All that is to be known about the bytes of a definition.
pub(crate) struct Inspected {
    /// What was written, with the overlay merged in, as far as it can be read.
    pub(crate) root: Option<Node>,
    /// The definition. If there are problems, what is wrong in it has its default.
    pub(crate) definition: Option<Definition>,
    /// What makes it invalid, in the order of the places, the plugin's own file first.
    pub(crate) problems: Vec<Problem>,
    /// What deserves a warning, in the same order.
    pub(crate) warnings: Vec<Problem>,
}

/// Reads the bytes of a definition, and those of its overlay if there is one, with every problem. An
/// overlay that cannot be read is a problem, and the definition is checked without it.
pub(crate) fn inspect(yaml: &[u8], file: &str, overrides: Option<(&[u8], &str)>) -> Inspected {
    let mut problems = Vec::new();
    let mut read = |bytes, file: &str| {
        let read = read_bytes(bytes, file, Budget::DEFINITION);
        read.unwrap_or_else(|problem| {
            problems.push(problem.of(Rule::DefinitionSyntax));
            None
        })
    };
    let own = read(yaml, file);
    let over = overrides.and_then(|(bytes, name)| read(bytes, name));
    if own.is_none() && problems.iter().all(|problem| problem.file != file) {
        problems.insert(0, empty(file));
    }
    let Some(mut root) = own else {
        return Inspected {
            root: None,
            definition: None,
            problems,
            warnings: Vec::new(),
        };
    };
    if let Some(over) = over {
        match overlay::merge(root.clone(), over) {
            Ok(merged) => root = merged,
            Err(problem) => problems.push(problem.of(Rule::WrongType)),
        }
    }
    let by_place = |problem: &Problem| (problem.file != file, problem.line, problem.column);
    let (definition, found, mut warnings) = check::definition(&root);
    problems.extend(found);
    for problem in &mut problems {
        let bytes = match overrides {
            Some((bytes, name)) if problem.file == name => bytes,
            Some(_) | None => yaml,
        };
        explain(problem, &String::from_utf8_lossy(bytes));
    }
    problems.sort_by_key(by_place);
    warnings.sort_by_key(by_place);
    Inspected {
        root: Some(root),
        definition,
        problems,
        warnings,
    }
}

fn empty(file: &str) -> Problem {
    Problem::new(file, (1, 1), "", "the file is empty").of(Rule::DefinitionSyntax)
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
