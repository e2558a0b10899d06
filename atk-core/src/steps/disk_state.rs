//! The state of a plugin's files on disk.

use crate::home::{HomeDir, HomePath};
use crate::model::manifest::Entry;
use crate::model::owned::DEFINITIONS;
use crate::model::source::SourceKind;
use crate::outcome::State;

/// What is on disk of a plugin, by its stamp: one or two small reads, nothing is run. What cannot
/// be looked at (a link in the place of its directory) counts as missing, so that
/// the other plugins are still shown.
pub(crate) fn state(home: &HomeDir, entry: &Entry) -> State {
    let with_definition = |state| match has_definition(home, entry) {
        true => state,
        false => State::Missing,
    };
    match entry.source.kind {
        SourceKind::Local => with_definition(State::Ready),
        SourceKind::Registry | SourceKind::Git => match home.stamp(&entry.directory) {
            Some(stamp) if Some(&stamp) == entry.source.pin.as_ref() => State::Ready,
            Some(_) => State::Outdated,
            None => with_definition(State::Outdated),
        },
    }
}

/// The same, with a look more: where the definition is gone in spite of the stamp, all is missing.
pub(crate) fn on_disk(home: &HomeDir, entry: &Entry) -> State {
    match state(home, entry) {
        State::Ready | State::Outdated if !has_definition(home, entry) => State::Missing,
        state => state,
    }
}

fn has_definition(home: &HomeDir, entry: &Entry) -> bool {
    let plugin = HomePath::plugin(&entry.directory);
    let exists = |name: &str| {
        let path = plugin.join(name);
        path.is_ok_and(|path| home.exists(&path).unwrap_or(false))
    };
    DEFINITIONS.iter().any(|name| exists(name))
}
