//! Changes of a manifest that was written by hand, in place: whatever the change does not
//! concern stays as it is.

use std::str::FromStr;

use yaml_edit::{Document, Mapping, Sequence};

use super::Entry;
use super::change::ManifestChange;
use crate::model::yaml;
use crate::model::yaml::edit::scalar;

/// Makes the change in a document; `None` if it does not have the form for it.
pub(super) fn in_place(document: &Document, change: &ManifestChange<'_>) -> Option<()> {
    let root = document.as_mapping()?;
    let plugins = root.get_sequence("plugins");
    match change {
        ManifestChange::Add(at, entry) => {
            let plugins = match plugins {
                Some(plugins) if !plugins.is_empty() => plugins,
                _ => {
                    // A `[]` that stands in the file would take entries between its brackets.
                    root.set("plugins", Sequence::new_pending_block());
                    root.get_sequence("plugins")?
                }
            };
            let entry = as_mapping(entry)?;
            match *at < plugins.len() {
                true => plugins.insert(*at, entry),
                false => plugins.push(entry),
            }
        }
        ManifestChange::Remove(places) => {
            let plugins = plugins?;
            for at in places.iter().rev() {
                plugins.remove(*at)?;
            }
        }
        ManifestChange::SetPin(at, pin) => {
            let source = plugin(&plugins?, *at)?.get_mapping("source")?;
            source.set("ref", scalar(pin.as_str()));
        }
        ManifestChange::SetName(at, name) => plugin(&plugins?, *at)?.set("name", scalar(name)),
        ManifestChange::SetUrl(at, url) => {
            let source = plugin(&plugins?, *at)?.get_mapping("source")?;
            source.set("url", scalar(url.on_disk()));
        }
    }
    Some(())
}

fn plugin(plugins: &Sequence, at: usize) -> Option<Mapping> {
    plugins.get(at)?.as_mapping().cloned()
}

/// The entry as it would be written whole, so that its scalars have the right quotes.
fn as_mapping(entry: &Entry) -> Option<Mapping> {
    let written = yaml::write(&entry.to_tree());
    Document::from_str(&written).ok()?.as_mapping()
}
