//! The search for one plugin: where it may be, and what has to come before that is known.

use super::registry::PluginLookup;
use super::sought::{Before, PluginLocation, PluginSearch};
use super::{WantedPlugin, tree};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::{EntryKind, ObjectId};
use crate::fetching::remote::Remote;
use crate::model::pin::Pin;

/// A search for a plugin in a commit, and in the commits from before. Where it cannot be found in
/// those, nothing is known of its files.
pub(super) struct Search {
    pin: Pin,
    place: IndexPlace,
    before: Option<IndexPlace>,
    unlisted: Option<IndexPlace>,
}

enum IndexPlace {
    At(ObjectId),
    Lookup(PluginLookup),
}

impl Search {
    pub(super) fn begin(remote: &Remote<'_>, sought: PluginSearch<'_>) -> Result<Self> {
        let at = |root| IndexPlace::begin(remote, root, sought.wanted);
        Ok(Search {
            place: at(sought.root)?,
            before: match sought.before {
                Before::Nothing => None,
                Before::Tree(tree) => Some(IndexPlace::At(tree)),
                Before::Root(root) => at(root).ok(),
            },
            unlisted: sought.unlisted.and_then(|root| at(root).ok()),
            pin: sought.pin,
        })
    }

    /// What has to be in the cache to go on.
    pub(super) fn wants(&self) -> Vec<ObjectId> {
        [self.wants_now(), self.wants_before()].concat()
    }

    /// The indexes, and the plugin's files; of a tree that is the same then and now, nothing.
    pub(super) fn wants_now(&self) -> Vec<ObjectId> {
        let before = self.before.as_ref().map_or(&[][..], IndexPlace::trees);
        let now = self.place.trees().iter();
        let new = now.filter(|id| !before.contains(id)).copied();
        new.chain(self.lookups().map(PluginLookup::index)).collect()
    }

    /// The files that lie there and are to be listed.
    pub(super) fn wants_before(&self) -> Vec<ObjectId> {
        let now = self.place.trees();
        let unlisted = self.unlisted.as_ref().map_or(&[][..], IndexPlace::trees);
        let others = unlisted.iter().filter(|id| !now.contains(id));
        others.copied().collect()
    }

    /// The directories without which it does not go on.
    pub(super) fn on_the_way(&self) -> impl Iterator<Item = ObjectId> {
        self.lookups().filter_map(PluginLookup::on_the_way)
    }

    fn lookups(&self) -> impl Iterator<Item = &PluginLookup> {
        let before = [self.before.as_ref(), self.unlisted.as_ref()];
        let places = before.into_iter().flatten();
        [&self.place]
            .into_iter()
            .chain(places)
            .filter_map(IndexPlace::lookup)
    }

    /// Gives up the files that lie there: nothing is known of them.
    pub(super) fn forget_before(&mut self) {
        self.unlisted = None;
    }

    pub(super) fn go_on(&mut self, remote: &Remote<'_>) -> Result<()> {
        self.place.go_on(remote)?;
        for place in [&mut self.before, &mut self.unlisted] {
            if place.as_mut().is_some_and(|at| at.go_on(remote).is_err()) {
                *place = None;
            }
        }
        Ok(())
    }

    pub(super) fn found(self) -> Result<PluginLocation> {
        let IndexPlace::At(tree) = self.place else {
            return Err(Error::new(
                ErrorKind::GitFailed,
                "the server did not send the requested objects",
            ));
        };
        let found = |place| match place {
            Some(IndexPlace::At(tree)) => Some(tree),
            Some(IndexPlace::Lookup(_)) | None => None,
        };
        Ok(PluginLocation {
            pin: self.pin,
            tree,
            before: found(self.before),
            unlisted: found(self.unlisted),
        })
    }
}

impl IndexPlace {
    fn begin(remote: &Remote<'_>, root: ObjectId, wanted: &WantedPlugin) -> Result<Self> {
        Ok(match wanted {
            WantedPlugin::Git { .. } => IndexPlace::At(atk_directory(remote, root)?),
            WantedPlugin::Registry { name } => {
                IndexPlace::Lookup(PluginLookup::begin(remote, root, name)?)
            }
        })
    }

    /// The trees that are the plugin's, or could be.
    fn trees(&self) -> &[ObjectId] {
        match self {
            IndexPlace::At(tree) => std::slice::from_ref(tree),
            IndexPlace::Lookup(lookup) => lookup.candidates(),
        }
    }

    fn lookup(&self) -> Option<&PluginLookup> {
        match self {
            IndexPlace::At(_) => None,
            IndexPlace::Lookup(lookup) => Some(lookup),
        }
    }

    fn go_on(&mut self, remote: &Remote<'_>) -> Result<()> {
        if let IndexPlace::Lookup(lookup) = self
            && let Some(tree) = lookup.go_on(remote)?
        {
            *self = IndexPlace::At(tree);
        }
        Ok(())
    }
}

/// The tree of `.atk` in a repository.
fn atk_directory(remote: &Remote<'_>, root: ObjectId) -> Result<ObjectId> {
    let url = remote.url();
    let entries = tree::entries(remote, root)?;
    match entries.iter().find(|entry| entry.name == b".atk") {
        Some(entry) if entry.kind == EntryKind::Tree => Ok(entry.id),
        Some(_) => Err(Error::new(
            ErrorKind::ContentRefused,
            format!("`.atk` of {url} is not a directory"),
        )
        .with_path(".atk")
        .with_url(url.to_string())),
        None => Err(Error::new(
            ErrorKind::SourceNotFound,
            format!("the repository {url} has no `.atk` directory: it is not a plugin"),
        )
        .with_url(url.to_string())),
    }
}
