//! The outcome of `outdated` as text for people.

use std::time::SystemTime;

use atk_core::{LineResult, Outdated, Report, VersionState, escape};

use super::DIM;
use super::cache::ago;
use super::plugin::{following, origin};
use super::table::table;

pub(crate) fn outdated(report: &Report<Outdated>, now: SystemTime) -> String {
    let known = report.plugins.iter().filter_map(|line| match &line.result {
        LineResult::Done { outcome } => Some((line, outcome)),
        LineResult::Skipped { .. } | LineResult::Failed { .. } => None,
    });
    let rows: Vec<_> = known
        .clone()
        .map(|(line, outcome)| {
            let pin = outcome.source.pin.as_ref();
            [
                line.directory.to_string(),
                state(outcome.state).to_owned(),
                pin.map_or(String::new(), |pin| pin.short().to_owned()),
                newest(outcome, now),
                format!("{}{}", origin(&outcome.source), following(&outcome.source)),
            ]
        })
        .collect();
    let mut text = match rows.is_empty() {
        true => "No plugin has a source that could have newer versions\n".to_owned(),
        false => table(["DIRECTORY", "STATE", "PIN", "NEWEST", "SOURCE"], &rows),
    };
    for (line, outcome) in known {
        if let Some(reason) = &outcome.reason {
            let directory = &line.directory;
            text.push_str(&format!("{DIM}{directory}: {}{DIM:#}\n", escape(reason)));
        }
    }
    text
}

fn newest(outcome: &Outdated, now: SystemTime) -> String {
    let made = outcome.newest_at.and_then(|made| u64::try_from(made).ok());
    let made = made.map_or(String::new(), |made| format!(" ({})", ago(made, now)));
    let pin = outcome.newest.as_ref();
    pin.map_or(String::new(), |pin| format!("{}{made}", pin.short()))
}

fn state(state: VersionState) -> &'static str {
    match state {
        VersionState::Current => "current",
        VersionState::Behind => "behind",
        VersionState::Held => "held",
        VersionState::Moved => "moved",
        VersionState::Gone => "gone",
        _ => "unknown",
    }
}
