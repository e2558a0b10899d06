//! The outcome of `repair` as text for people.

use atk_core::{LineResult, Repaired, escape};

use super::{BOLD, RED, count};

pub(crate) fn repair(outcome: &Repaired) -> String {
    let mut text = String::new();
    for line in &outcome.plugins {
        let directory = &line.directory;
        match &line.result {
            LineResult::Done { outcome } => {
                let files = &outcome.files;
                let number = files.added.len() + files.changed.len();
                let files = count(number, "file");
                text.push_str(&format!("{BOLD}{directory}{BOLD:#}  {files} restored\n"));
            }
            LineResult::Failed { error } => {
                let error = escape(&error.to_string());
                text.push_str(&format!(
                    "{BOLD}{directory}{BOLD:#}  {RED}failed{RED:#}: {error}\n"
                ));
            }
            LineResult::Skipped { .. } => {}
        }
    }
    if let Some(commit) = &outcome.commit {
        text.push_str(&format!("Committed {}\n", commit.short()));
    }
    text.push_str(match outcome.intact {
        true => "The home is as pinned\n",
        false => "Something is left: run atk verify\n",
    });
    text
}
