//! The search for one plugin: where it may be, and what has to come before that is known.

use std::collections::HashSet;

use super::WantedPlugin;
use super::index_lookup::IndexLookup;
use super::indexes::Indexes;
use super::registry::PluginLookup;
use super::shared_error::SharedError;
use super::sought::{Before, FoundTree, PluginLocation, PluginSearch};
use super::subdir::{SubdirLookup, atk_directory};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::ObjectId;
use crate::fetching::remote::Remote;
use crate::model::pin::Pin;

/// A search for a plugin in a commit, and in the commits from before. Where it cannot be found in
/// those, nothing is known of its files.
pub(super) struct Search {
    pin: Pin,
    place: Place,
    before: Option<Place>,
    unlisted: Option<Place>,
}

/// Where a plugin is in a commit, or how far the search for it came.
enum Place {
    At(FoundTree),
    InRegistry(PluginLookup),
    InIndex(IndexLookup),
    InSubdir(SubdirLookup),
}

impl Search {
    pub(super) fn begin(
        remote: &Remote<'_>,
        indexes: &Indexes,
        sought: PluginSearch<'_>,
    ) -> Result<Self> {
        let installed = sought.wanted.installed();
        let at = |root| Place::begin(remote, indexes, root, &installed);
        Ok(Search {
            place: Place::begin(remote, indexes, sought.root, sought.wanted)?,
            before: match sought.before {
                Before::Nothing => None,
                Before::Tree(tree) => Some(Place::at(tree)),
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
        let before = self.before.as_ref().map_or(&[][..], Place::trees);
        let now = self.place.trees().iter();
        let new = now.filter(|id| !before.contains(id)).copied();
        new.chain(self.places().filter_map(Place::index)).collect()
    }

    /// The files that lie there and are to be listed.
    pub(super) fn wants_before(&self) -> Vec<ObjectId> {
        let now = self.place.trees();
        let unlisted = self.unlisted.as_ref().map_or(&[][..], Place::trees);
        let others = unlisted.iter().filter(|id| !now.contains(id));
        others.copied().collect()
    }

    /// The directories without which it does not go on.
    pub(super) fn on_the_way(&self) -> impl Iterator<Item = ObjectId> {
        self.places().filter_map(Place::on_the_way)
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        let before = [self.before.as_ref(), self.unlisted.as_ref()];
        [&self.place]
            .into_iter()
            .chain(before.into_iter().flatten())
    }

    /// Gives up the files that lie there: nothing is known of them.
    pub(super) fn forget_before(&mut self) {
        self.unlisted = None;
    }

    pub(super) fn go_on(&mut self, remote: &Remote<'_>, indexes: &Indexes) -> Result<()> {
        self.place.go_on(remote, indexes)?;
        for place in [&mut self.before, &mut self.unlisted] {
            if place
                .as_mut()
                .is_some_and(|at| at.go_on(remote, indexes).is_err())
            {
                *place = None;
            }
        }
        Ok(())
    }

    pub(super) fn found(self) -> Result<PluginLocation> {
        let Place::At(found) = self.place else {
            return Err(not_sent());
        };
        let tree = |place| match place {
            Some(Place::At(found)) => Some(found.id),
            Some(Place::InRegistry(_) | Place::InIndex(_) | Place::InSubdir(_)) | None => None,
        };
        Ok(PluginLocation {
            pin: self.pin,
            tree: found.id,
            directory: found.directory,
            subdir: found.subdir,
            before: tree(self.before),
            unlisted: tree(self.unlisted),
        })
    }
}

/// Returns the tree of each plugin in the commit with this root tree. What all of them lack on the way
/// is asked for at once, level by level; no file of a plugin is. If the index of a registry is not in
/// the cache, the directory of the plugin's name is used; if there is not exactly one, the index is
/// asked for.
pub(super) fn trees_of(
    remote: &mut Remote<'_>,
    sought: &[(ObjectId, &WantedPlugin)],
) -> Vec<Result<ObjectId>> {
    let read = Indexes::default();
    let begin =
        |(root, wanted): &(ObjectId, &WantedPlugin)| Place::begin(remote, &read, *root, wanted);
    let mut places: Vec<Result<Place>> = sought.iter().map(begin).collect();
    let mut asked = HashSet::new();
    loop {
        let going = || {
            places
                .iter()
                .flatten()
                .filter(|place| place.known().is_none())
        };
        let mut trees: Vec<ObjectId> = going().filter_map(Place::on_the_way).collect();
        let without_way = going().filter(|place| place.on_the_way().is_none());
        let mut indexes: Vec<ObjectId> = without_way.filter_map(Place::index).collect();
        trees.retain(|id| asked.insert(*id));
        indexes.retain(|id| asked.insert(*id));
        if trees.is_empty() && indexes.is_empty() {
            break;
        }
        let brought = remote.trees(&trees).and_then(|()| remote.objects(&indexes));
        for result in &mut places {
            if let Ok(place) = result
                && place.known().is_none()
                && let Err(error) = match &brought {
                    Ok(()) => place.go_on(remote, &read),
                    Err(error) => Err(SharedError::of(error)),
                }
            {
                *result = Err(error);
            }
        }
    }
    places
        .into_iter()
        .map(|place| place?.known().ok_or_else(not_sent))
        .collect()
}

/// Returns the tree of a plugin, if the object cache has everything that says which one it is.
pub(super) fn tree_in_cache(
    remote: &Remote<'_>,
    root: ObjectId,
    wanted: &WantedPlugin,
) -> Option<ObjectId> {
    let indexes = Indexes::default();
    let mut place = Place::begin(remote, &indexes, root, wanted).ok()?;
    loop {
        if let Place::At(found) = &place {
            return Some(found.id);
        }
        let stuck_at = place.on_the_way();
        place.go_on(remote, &indexes).ok()?;
        let is_found = matches!(place, Place::At(_));
        if !is_found && place.on_the_way() == stuck_at {
            return None;
        }
    }
}

pub(super) fn not_sent() -> Error {
    Error::new(
        ErrorKind::GitFailed,
        "the server did not send the requested objects",
    )
}

impl Place {
    fn begin(
        remote: &Remote<'_>,
        indexes: &Indexes,
        root: ObjectId,
        wanted: &WantedPlugin,
    ) -> Result<Self> {
        Ok(match wanted {
            WantedPlugin::Git { subdir: None, .. } => Place::At(atk_directory(remote, root)?),
            WantedPlugin::Git {
                subdir: Some(subdir),
                ..
            } => {
                let mut place = Place::InSubdir(SubdirLookup::new(root, subdir));
                place.go_on(remote, indexes)?;
                place
            }
            WantedPlugin::Registry { name, .. } => {
                Place::InRegistry(PluginLookup::begin(remote, indexes, root, name)?)
            }
            WantedPlugin::Indexed { name, .. } => {
                let mut place = Place::InIndex(IndexLookup::begin(remote, indexes, root, name)?);
                if place.index().is_none() {
                    place.go_on(remote, indexes)?;
                }
                place
            }
        })
    }

    /// A tree that is known.
    fn at(id: ObjectId) -> Self {
        Place::At(FoundTree {
            id,
            directory: String::new(),
            subdir: None,
        })
    }

    /// The plugin's tree, as far as it can be told without asking for more.
    fn known(&self) -> Option<ObjectId> {
        if let Place::InIndex(lookup) = self
            && !lookup.is_guess()
        {
            return None;
        }
        match self.trees() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The trees that are the plugin's, or could be.
    fn trees(&self) -> &[ObjectId] {
        match self {
            Place::At(found) => std::slice::from_ref(&found.id),
            Place::InRegistry(lookup) => lookup.candidates(),
            Place::InIndex(lookup) => lookup.candidates(),
            Place::InSubdir(_) => &[],
        }
    }

    /// The index of the registry in which it is looked for.
    fn index(&self) -> Option<ObjectId> {
        match self {
            Place::InRegistry(lookup) => Some(lookup.index()),
            Place::InIndex(lookup) => lookup.index(),
            Place::At(_) | Place::InSubdir(_) => None,
        }
    }

    /// The directory without which the search does not go on.
    fn on_the_way(&self) -> Option<ObjectId> {
        match self {
            Place::At(_) => None,
            Place::InRegistry(lookup) => lookup.on_the_way(),
            Place::InIndex(lookup) => lookup.on_the_way(),
            Place::InSubdir(lookup) => lookup.on_the_way(),
        }
    }

    fn go_on(&mut self, remote: &Remote<'_>, indexes: &Indexes) -> Result<()> {
        match self {
            Place::At(_) => {}
            Place::InRegistry(lookup) => {
                if let Some(tree) = lookup.go_on(remote, indexes)? {
                    *self = Place::at(tree);
                }
            }
            Place::InIndex(lookup) => {
                if let Some(found) = lookup.go_on(remote, indexes)? {
                    *self = Place::At(found);
                }
            }
            Place::InSubdir(lookup) => {
                if let Some(found) = lookup.go_on(remote)? {
                    *self = Place::At(found);
                }
            }
        }
        Ok(())
    }
}
