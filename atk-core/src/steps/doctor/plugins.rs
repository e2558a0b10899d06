//! Plugins whose files are missing, or whose definition is invalid.

use super::super::{definition, disk_state, leftovers};
use super::finding::Finding;
use super::patient::Patient;
use crate::outcome::State;

const ID: &str = "plugins";

pub(super) fn check(patient: &Patient<'_>) -> Vec<Finding> {
    let (Some(home), Some(manifest)) = (patient.open_home(), &patient.manifest) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for entry in &manifest.plugins {
        let directory = &entry.directory;
        match disk_state::on_disk(home, entry) {
            State::Ready => {}
            State::Missing => {
                findings.push(Finding::problem(
                    ID,
                    format!("the files of `{directory}` are missing"),
                    format!("`atk install {directory}`"),
                ));
                continue;
            }
            _ => findings.push(Finding::warning(
                ID,
                format!("the files of `{directory}` are not those of its pinned commit"),
                format!("`atk install {directory}`"),
            )),
        }
        match definition::of_installed(home, entry) {
            Ok((_, problems)) => findings.extend(problems.into_iter().map(|problem| {
                Finding::warning(
                    ID,
                    format!("`{directory}`: {problem}"),
                    "correct the definition",
                )
            })),
            Err(error) => {
                let fix = error
                    .details()
                    .help
                    .as_deref()
                    .unwrap_or("correct the definition")
                    .to_owned();
                findings.push(Finding::problem(ID, format!("`{directory}`: {error}"), fix));
            }
        }
    }
    for directory in leftovers::find(home, manifest) {
        findings.push(Finding::warning(
            ID,
            format!("`plugins/{directory}` is not in the manifest"),
            format!("`atk remove {directory}`, or `atk add` with its path"),
        ));
    }
    match findings.is_empty() {
        true => vec![Finding::ok(
            ID,
            "the files of all plugins are there, and can be read",
        )],
        false => findings,
    }
}
