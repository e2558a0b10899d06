//! `list`: the manifest, and what is on disk of it.

use crate::error::Result;
use crate::home::{ChangeInProgress, HomeDir};
use crate::model::manifest::Manifest;
use crate::model::source::SourceKind;
use crate::model::versions::Versions;
use crate::outcome::{Listed, SourceInfo, State};
use crate::steps::context::Context;
use crate::steps::{disk_state, followed, leftovers, reading};

pub(crate) fn run(context: &Context<'_>) -> Result<Vec<Listed>> {
    let home = context.home()?;
    reading::of(context, &home, |manifest, change| {
        Ok(list(&home, (manifest, &followed::read(&home)?), change))
    })
}

fn list(
    home: &HomeDir,
    (manifest, versions): (&Manifest, &Versions),
    change: Option<&ChangeInProgress>,
) -> Vec<Listed> {
    let change_of = |directory: &str| change.filter(|change| change.is_about(directory));
    let listed = manifest.plugins.iter().map(|entry| {
        let change = change_of(entry.directory.as_str());
        Listed {
            name: entry.name.clone(),
            directory: entry.directory.clone(),
            source: SourceInfo::of(&entry.source, &versions.of(&entry.directory)),
            state: match change {
                Some(_) => State::Busy,
                None => disk_state::state(home, entry),
            },
            operation: change.map(|change| change.operation().to_owned()),
        }
    });
    // What a change has put into place or not yet taken away is no leftover.
    let leftovers = leftovers::find(home, manifest).into_iter();
    let leftovers = leftovers.filter(|directory| change_of(directory.as_str()).is_none());
    let leftovers = leftovers.map(|directory| Listed {
        name: directory.to_string(),
        directory,
        source: SourceInfo {
            kind: SourceKind::Local,
            pin: None,
            url: None,
            track: None,
            held: false,
            moved: false,
        },
        state: State::Leftover,
        operation: None,
    });
    listed.chain(leftovers).collect()
}
