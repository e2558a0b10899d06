//! What must hold for every input, whoever wrote it: the fuzz targets of `fuzz/`, one function
//! each. A function panics if its rule is broken. This module exists for them and for the tests of
//! the crate, which call them with every file of `fuzz/corpus`; no release has it.

mod journal;
#[cfg(test)]
mod tests;

pub use journal::journal;

use crate::{fetch, fetching, model};

/// A function that takes an input.
pub type Target = fn(&[u8]);

/// All targets, by the names of their directories in `fuzz/corpus`.
pub const TARGETS: &[(&str, Target)] = &[
    ("source", model::fuzzing::source),
    ("definition", model::fuzzing::definition),
    ("index", model::fuzzing::index),
    ("manifest", model::fuzzing::manifest),
    ("env", model::fuzzing::env),
    ("versions", model::fuzzing::versions),
    ("protocol", fetching::fuzzing::protocol),
    ("pack", fetching::fuzzing::pack),
    ("cache_file", fetching::fuzzing::cache_file),
    ("tree", fetching::fuzzing::tree),
    ("files", fetch::fuzzing::files),
    ("journal", journal),
];

/// Runs one target by its name.
///
/// # Panics
/// If there is no such target, or if its rule is broken.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = target.expect("a target of that name");
    target(input);
}
