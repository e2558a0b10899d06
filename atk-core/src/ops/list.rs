//! `list`: the manifest, and what is on disk of it.

use super::context::Context;
use super::{Listed, SourceInfo, State};
use crate::Atk;
use crate::error::Result;
use crate::home::{Home, HomePath};
use crate::host::Silent;
use crate::model::manifest::{Entry, Manifest};
use crate::model::source::SourceKind;

pub(crate) fn run(atk: &Atk) -> Result<Vec<Listed>> {
    let context = Context::begin(atk, &Silent, "list", None);
    let home = context.home()?;
    let manifest = Manifest::parse(&home.manifest_text()?)?;
    manifest
        .plugins
        .iter()
        .map(|entry| {
            Ok(Listed {
                name: entry.name.clone(),
                directory: entry.directory.clone(),
                source: SourceInfo::of(&entry.source),
                state: state(&home, entry)?,
            })
        })
        .collect()
}

/// What is on disk of a plugin: one or two small reads, nothing is run.
pub(crate) fn state(home: &Home, entry: &Entry) -> Result<State> {
    let plugin = HomePath::plugin(&entry.directory);
    let has_definition = || -> Result<bool> {
        for name in ["plugin.yaml", "plugin.yml"] {
            if home.exists(&plugin.join(name)?)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    match entry.source.kind {
        SourceKind::Local => Ok(if has_definition()? {
            State::Ready
        } else {
            State::Missing
        }),
        SourceKind::Registry | SourceKind::Git => match home.stamp(&entry.directory) {
            Some(stamp) if Some(&stamp) == entry.source.pin.as_ref() => Ok(State::Ready),
            Some(_) => Ok(State::Outdated),
            None => Ok(if has_definition()? {
                State::Outdated
            } else {
                State::Missing
            }),
        },
    }
}
