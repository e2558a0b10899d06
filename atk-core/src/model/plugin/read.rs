//! Reads the bytes of a definition and of its overlay.

use super::{Definition, check};
use crate::error::{Error, ErrorKind, Problem, Result};
use crate::model::overlay;
use crate::model::yaml::{Budget, explain, read_bytes};

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
