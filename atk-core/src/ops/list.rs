//! `list`: the manifest, and what is on disk of it.

use super::context::Context;
use super::{Listed, SourceInfo, State, leftovers};
use crate::error::Result;
use crate::home::{Home, HomePath};
use crate::model::manifest::Entry;
use crate::model::owned::DEFINITIONS;
use crate::model::source::SourceKind;

pub(crate) fn run(context: &Context<'_>) -> Result<Vec<Listed>> {
    let home = context.home()?;
    let manifest = home.manifest()?;
    let listed = manifest.plugins.iter().map(|entry| Listed {
        name: entry.name.clone(),
        directory: entry.directory.clone(),
        source: SourceInfo::of(&entry.source),
        state: state(&home, entry),
    });
    let leftovers = leftovers::find(&home, &manifest).into_iter();
    let leftovers = leftovers.map(|directory| Listed {
        name: directory.to_string(),
        directory,
        source: SourceInfo {
            kind: SourceKind::Local,
            pin: None,
            url: None,
        },
        state: State::Leftover,
    });
    Ok(listed.chain(leftovers).collect())
}

/// What is on disk of a plugin, by its stamp: one or two small reads, nothing is run. What cannot
/// be looked at (a link in the place of its directory) counts as missing, and keeps nobody from
/// looking at the others.
pub(crate) fn state(home: &Home, entry: &Entry) -> State {
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
pub(crate) fn on_disk(home: &Home, entry: &Entry) -> State {
    match state(home, entry) {
        State::Ready | State::Outdated if !has_definition(home, entry) => State::Missing,
        state => state,
    }
}

fn has_definition(home: &Home, entry: &Entry) -> bool {
    let plugin = HomePath::plugin(&entry.directory);
    let exists = |name: &str| {
        let path = plugin.join(name);
        path.is_ok_and(|path| home.exists(&path).unwrap_or(false))
    };
    DEFINITIONS.iter().any(|name| exists(name))
}
