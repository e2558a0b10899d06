//! The outcomes of `add`, `fetch` and `list`.

use std::collections::BTreeMap;

use atk_core::{Added, Fetched, Held, Listed, SourceInfo, SourceKind, State, escape};

use super::definition::definition;
use super::table::table;
use super::{BOLD, DIM, count};

/// The outcome of `add`.
pub(crate) fn add(outcome: &Added) -> String {
    let mut text = format!(
        "Added {BOLD}{}{BOLD:#} from {}\n",
        escape(&outcome.name),
        source(&outcome.source)
    );
    let files = count(outcome.files, "file");
    let installed = if outcome.installed { ", installed" } else { "" };
    let path = escape(&outcome.path.to_string_lossy());
    text.push_str(&format!("{DIM}  {path} ({files}{installed}){DIM:#}\n"));
    text
}

/// The outcome of `hold` and `unhold`.
pub(crate) fn hold(outcome: &Held) -> String {
    let name = escape(&outcome.name);
    let already = if outcome.changed { "" } else { " already" };
    let pin = outcome.source.pin.as_ref().map_or("", |pin| pin.short());
    let track = match &outcome.source.track {
        Some(track) => format!("`{track}`"),
        None => "the default branch of its source".to_owned(),
    };
    match outcome.source.held {
        true => format!("{BOLD}{name}{BOLD:#} is{already} held at {pin}\n"),
        false => format!("{BOLD}{name}{BOLD:#}{already} follows {track}\n"),
    }
}

/// The outcome of `fetch`.
pub(crate) fn fetch(outcome: &Fetched) -> String {
    let at = outcome
        .pin
        .as_ref()
        .map_or(String::new(), |pin| format!(" at {}", pin.short()));
    let mut text = definition(&outcome.definition);
    text.push_str(&format!(
        "{}{at} in {}\n",
        count(outcome.files.len(), "file"),
        escape(&outcome.path.to_string_lossy())
    ));
    for file in &outcome.files {
        text.push_str(&format!("  {}\n", escape(file)));
    }
    text
}

/// The outcome of `list`.
pub(crate) fn list(plugins: &[Listed]) -> String {
    let is_leftover = |plugin: &&Listed| plugin.state == State::Leftover;
    let installed: Vec<&Listed> = plugins
        .iter()
        .filter(|plugin| !is_leftover(plugin))
        .collect();
    let mut text = match installed.as_slice() {
        [] => "No plugins yet\n".to_owned(),
        installed => listed(installed),
    };
    let mut seen = BTreeMap::new();
    for plugin in &installed {
        let entries = seen.entry(&plugin.directory).or_insert(0);
        *entries += 1;
        if *entries == 2 {
            text.push_str(&format!(
                "The manifest has more than one entry of the directory `{}`; only the first is \
                 used. Delete the others from `manifest.yaml`\n",
                plugin.directory
            ));
        }
    }
    for Listed { directory, .. } in plugins.iter().filter(is_leftover) {
        text.push_str(&format!(
            "plugins/{directory} is not in the manifest: run `atk remove {directory}` to delete \
             it\n"
        ));
    }
    text
}

fn listed(plugins: &[&Listed]) -> String {
    let rows: Vec<_> = plugins
        .iter()
        .map(|plugin| {
            let pin = plugin.source.pin.as_ref();
            [
                plugin.directory.to_string(),
                escape(&plugin.name),
                state(plugin.state).to_owned(),
                pin.map_or(String::new(), |pin| pin.short().to_owned()),
                format!("{}{}", origin(&plugin.source), following(&plugin.source)),
            ]
        })
        .collect();
    table(["DIRECTORY", "NAME", "FILES", "PIN", "SOURCE"], &rows)
}

pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Ready => "ready",
        State::Missing => "missing",
        State::Outdated => "outdated",
        State::Leftover => "leftover",
        State::Busy => "busy",
        _ => "unknown",
    }
}

/// A source in one word, or its URL.
pub(super) fn origin(source: &SourceInfo) -> String {
    match (source.kind, &source.url) {
        (SourceKind::Git, Some(url)) => escape(url),
        (SourceKind::Git, None) => "git".to_owned(),
        (SourceKind::Registry, _) => "registry".to_owned(),
        (SourceKind::Local, _) => "local".to_owned(),
    }
}

/// What is followed of a source, in brackets; empty for the default branch.
pub(super) fn following(source: &SourceInfo) -> String {
    let track = source.track.as_ref().map(|name| format!("follows {name}"));
    let held = source.held.then(|| "held".to_owned());
    let moved = source.moved.then(|| "moved by another tool".to_owned());
    let words: Vec<_> = [track, held, moved].into_iter().flatten().collect();
    match words.is_empty() {
        true => String::new(),
        false => format!(" ({})", words.join(", ")),
    }
}

/// A source in a sentence.
fn source(source: &SourceInfo) -> String {
    let what = match source.kind {
        SourceKind::Git => origin(source),
        SourceKind::Registry => "the registry".to_owned(),
        SourceKind::Local => "a local directory".to_owned(),
    };
    match &source.pin {
        Some(pin) => format!("{what} at {}{}", pin.short(), following(source)),
        None => what,
    }
}
