//! Where in its repository a plugin is.

use std::collections::HashSet;

use super::registry::Lookup;
use super::{Wanted, tree};
use crate::error::{Error, ErrorKind, Result};
use crate::git::object::{EntryKind, ObjectId};
use crate::git::remote::{Remote, TreeDepth};
use crate::model::pin::Pin;

/// A plugin that is looked for in a commit whose trees are in the cache.
pub(super) struct Sought<'w> {
    pub(super) wanted: &'w Wanted,
    pub(super) pin: Pin,
    /// The root tree of the commit.
    pub(super) root: ObjectId,
    pub(super) before: Before,
    /// The root tree of the commit whose files lie there and are to be listed.
    pub(super) unlisted: Option<ObjectId>,
}

/// What is known of the tree that is there already.
#[derive(Debug, Clone, Copy)]
pub(super) enum Before {
    Nothing,
    Tree(ObjectId),
    /// The root tree of its commit, in which it is to be looked up.
    Root(ObjectId),
}

/// A plugin that was found.
pub(super) struct Located {
    pub(super) pin: Pin,
    /// Its tree, with everything below it in the cache, unless it is the one from before.
    pub(super) tree: ObjectId,
    /// The tree from before, where it is known.
    pub(super) before: Option<ObjectId>,
    /// That of the files that lie there, where it was looked for and found.
    pub(super) unlisted: Option<ObjectId>,
}

/// How deep the trees have to be known before a plugin can be looked for: `.atk` is an entry of
/// the root; a registry's plugins lie in an entry of the root, mostly.
pub(super) fn depth<'w>(mut wanted: impl Iterator<Item = &'w Wanted>) -> TreeDepth {
    match wanted.any(|wanted| matches!(wanted, Wanted::Registry { .. })) {
        true => TreeDepth::Entries,
        false => TreeDepth::Root,
    }
}

/// Finds each plugin's tree. What all of them lack is asked for at once: first those of registry
/// plugins by a guess at their path, together with the index; then those where the index says
/// something else, level by level where they lie deeper than the trees that are known.
pub(super) fn locate(
    remote: &mut Remote<'_>,
    sought: Vec<Result<Sought<'_>>>,
) -> Vec<Result<Located>> {
    let mut searches: Vec<Result<Search>> = sought
        .into_iter()
        .map(|sought| Search::begin(remote, sought?))
        .collect();
    let (mut asked, mut listed) = (HashSet::new(), HashSet::new());
    loop {
        let going = || searches.iter().flatten();
        let mut trees: Vec<ObjectId> = going().flat_map(Search::on_the_way).collect();
        let mut wants: Vec<ObjectId> = going().flat_map(Search::wants).collect();
        trees.retain(|id| listed.insert(*id));
        wants.retain(|id| asked.insert(*id));
        if wants.is_empty() && trees.is_empty() {
            break;
        }
        let brought = remote.trees(&trees).and_then(|()| remote.objects(&wants));
        match brought {
            Ok(()) => {}
            Err(error) if is_of_one(&error) => bring_apart(remote, &mut searches),
            Err(error) => {
                fail(&mut searches, &error);
                break;
            }
        }
        for search in &mut searches {
            if let Ok(found) = search
                && let Err(error) = found.go_on(remote)
            {
                *search = Err(error);
            }
        }
    }
    searches.into_iter().map(|search| search?.found()).collect()
}

/// True for a failure that may be the fault of one plugin's objects (nested too deeply, too much):
/// the others are not to suffer from it.
fn is_of_one(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ContentRefused | ErrorKind::GitFailed
    )
}

/// Asks for what each plugin lacks alone, so that it fails alone. Where only the files from before
/// cannot be had, nothing is known of them.
fn bring_apart(remote: &mut Remote<'_>, searches: &mut [Result<Search>]) {
    for result in searches {
        let Ok(search) = result else {
            continue;
        };
        let trees: Vec<ObjectId> = search.on_the_way().collect();
        let brought = remote
            .trees(&trees)
            .and_then(|()| remote.objects(&search.wants_now()));
        match brought {
            Ok(()) if remote.objects(&search.wants_before()).is_err() => search.unlisted = None,
            Ok(()) => {}
            Err(error) => *result = Err(error),
        }
    }
}

/// One failure for all that are still looked for.
fn fail(searches: &mut [Result<Search>], error: &Error) {
    for search in searches.iter_mut().filter(|search| search.is_ok()) {
        let same = Error::new(error.kind(), error.to_string());
        *search = Err(same.with_details(error.details().clone()));
    }
}

/// A search for a plugin in a commit, and in the commits from before. Where it cannot be found in
/// those, nothing is known of its files.
struct Search {
    pin: Pin,
    place: Place,
    before: Option<Place>,
    unlisted: Option<Place>,
}

enum Place {
    At(ObjectId),
    Lookup(Lookup),
}

impl Search {
    fn begin(remote: &Remote<'_>, sought: Sought<'_>) -> Result<Self> {
        let at = |root| Place::begin(remote, root, sought.wanted);
        Ok(Search {
            place: at(sought.root)?,
            before: match sought.before {
                Before::Nothing => None,
                Before::Tree(tree) => Some(Place::At(tree)),
                Before::Root(root) => at(root).ok(),
            },
            unlisted: sought.unlisted.and_then(|root| at(root).ok()),
            pin: sought.pin,
        })
    }

    /// What has to be in the cache to go on.
    fn wants(&self) -> Vec<ObjectId> {
        [self.wants_now(), self.wants_before()].concat()
    }

    /// The indexes, and the plugin's files; of a tree that is the same then and now, nothing.
    fn wants_now(&self) -> Vec<ObjectId> {
        let before = self.before.as_ref().map_or(&[][..], Place::trees);
        let now = self.place.trees().iter();
        let new = now.filter(|id| !before.contains(id)).copied();
        new.chain(self.lookups().map(Lookup::index)).collect()
    }

    /// The files that lie there and are to be listed.
    fn wants_before(&self) -> Vec<ObjectId> {
        let now = self.place.trees();
        let unlisted = self.unlisted.as_ref().map_or(&[][..], Place::trees);
        let others = unlisted.iter().filter(|id| !now.contains(id));
        others.copied().collect()
    }

    /// The directories without which it does not go on.
    fn on_the_way(&self) -> impl Iterator<Item = ObjectId> {
        self.lookups().filter_map(Lookup::on_the_way)
    }

    fn lookups(&self) -> impl Iterator<Item = &Lookup> {
        let before = [self.before.as_ref(), self.unlisted.as_ref()];
        let places = before.into_iter().flatten();
        [&self.place]
            .into_iter()
            .chain(places)
            .filter_map(Place::lookup)
    }

    fn go_on(&mut self, remote: &Remote<'_>) -> Result<()> {
        self.place.go_on(remote)?;
        for place in [&mut self.before, &mut self.unlisted] {
            if place.as_mut().is_some_and(|at| at.go_on(remote).is_err()) {
                *place = None;
            }
        }
        Ok(())
    }

    fn found(self) -> Result<Located> {
        let Place::At(tree) = self.place else {
            return Err(Error::new(
                ErrorKind::GitFailed,
                "the server left out what was asked for",
            ));
        };
        let found = |place| match place {
            Some(Place::At(tree)) => Some(tree),
            Some(Place::Lookup(_)) | None => None,
        };
        Ok(Located {
            pin: self.pin,
            tree,
            before: found(self.before),
            unlisted: found(self.unlisted),
        })
    }
}

impl Place {
    fn begin(remote: &Remote<'_>, root: ObjectId, wanted: &Wanted) -> Result<Self> {
        Ok(match wanted {
            Wanted::Git { .. } => Place::At(atk_directory(remote, root)?),
            Wanted::Registry { name } => Place::Lookup(Lookup::begin(remote, root, name)?),
        })
    }

    /// The trees that are the plugin's, or could be.
    fn trees(&self) -> &[ObjectId] {
        match self {
            Place::At(tree) => std::slice::from_ref(tree),
            Place::Lookup(lookup) => lookup.candidates(),
        }
    }

    fn lookup(&self) -> Option<&Lookup> {
        match self {
            Place::At(_) => None,
            Place::Lookup(lookup) => Some(lookup),
        }
    }

    fn go_on(&mut self, remote: &Remote<'_>) -> Result<()> {
        if let Place::Lookup(lookup) = self
            && let Some(tree) = lookup.go_on(remote)?
        {
            *self = Place::At(tree);
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
            format!("the repository {url} has no `.atk` directory: it is no plugin"),
        )
        .with_url(url.to_string())),
    }
}
