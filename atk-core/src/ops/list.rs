//! `list`: the manifest, and what is on disk of it.

use crate::error::Result;
use crate::model::source::SourceKind;
use crate::outcome::{Listed, SourceInfo, State};
use crate::steps::context::Context;
use crate::steps::{disk_state, leftovers};

pub(crate) fn run(context: &Context<'_>) -> Result<Vec<Listed>> {
    let home = context.home()?;
    let manifest = home.manifest()?;
    let listed = manifest.plugins.iter().map(|entry| Listed {
        name: entry.name.clone(),
        directory: entry.directory.clone(),
        source: SourceInfo::of(&entry.source),
        state: disk_state::state(&home, entry),
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
