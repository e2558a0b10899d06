//! A change of one entry of a manifest.

use super::EntryUrl;
use super::content::Entry;
use crate::model::pin::Pin;
use crate::model::yaml::tree::Tree;

/// A change of a manifest. Entries are named by their place in the list.
pub(super) enum ManifestChange<'a> {
    /// An entry that gets a place in the list.
    Add(usize, &'a Entry),
    Remove(Vec<usize>),
    SetPin(usize, &'a Pin),
    SetName(usize, &'a str),
    SetUrl(usize, &'a EntryUrl),
}

impl ManifestChange<'_> {
    /// Makes the change on a document.
    pub(super) fn apply(&self, root: &mut Tree) {
        if let ManifestChange::Add(at, entry) = self {
            match root.get_mut("plugins") {
                Some(Tree::Sequence(plugins)) => {
                    plugins.insert((*at).min(plugins.len()), entry.to_tree());
                }
                _ => root.set("plugins", Tree::Sequence(vec![entry.to_tree()])),
            }
            return;
        }
        let Some(Tree::Sequence(plugins)) = root.get_mut("plugins") else {
            return;
        };
        match self {
            ManifestChange::Add(..) => {}
            ManifestChange::Remove(places) => {
                let mut at = 0..;
                plugins.retain(|_| at.next().is_none_or(|at| !places.contains(&at)));
            }
            ManifestChange::SetPin(at, pin) => {
                let source = plugins
                    .get_mut(*at)
                    .and_then(|entry| entry.get_mut("source"));
                if let Some(source) = source {
                    source.set("ref", Tree::str(pin.as_str()));
                }
            }
            ManifestChange::SetName(at, name) => {
                if let Some(entry) = plugins.get_mut(*at) {
                    entry.set("name", Tree::str(*name));
                }
            }
            ManifestChange::SetUrl(at, url) => {
                let source = plugins
                    .get_mut(*at)
                    .and_then(|entry| entry.get_mut("source"));
                if let Some(source) = source {
                    source.set("url", Tree::str(url.on_disk()));
                }
            }
        }
    }
}
