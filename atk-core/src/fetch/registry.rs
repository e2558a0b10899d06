//! Finding a plugin in a registry.
//!
//! Its path stands in the index, which is a file of the same commit. To save a round trip, index
//! and plugin are asked for together: the plugin by the path that a known index gives, or else by
//! a guess, a directory of the plugin's name among the entries of the root's directories.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use super::indexes::{Indexes, not_a_registry, read_index};
use super::shared_error::SharedError;
use super::walk::{WalkStep, walk};
use super::{Fetcher, IndexName, Request, WantedCommit, WantedPlugin, tree};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::{EntryKind, ObjectId, TreeEntry};
use crate::fetching::remote::{Remote, TreeDepth};
use crate::host::Scope;
use crate::model::git_url::GitUrl;
use crate::model::index::{Index, IndexEntry};
use crate::text::escape;

impl Fetcher<'_> {
    /// Shows `look` the index of each registry's newest commit. Only the index is fetched, and only
    /// where the cache does not have it; all registries are asked at once. Results are in order, and
    /// one that fails stops no other.
    ///
    /// If connections are not allowed, it is the index of the commit that was the newest when the registry
    /// was asked last; its age comes with the result.
    pub(crate) fn each_index<T: Send>(
        &self,
        registries: &[GitUrl],
        scope: Scope<'_>,
        look: impl Fn(&Index) -> Result<T> + Sync,
    ) -> Vec<Result<(T, Option<Duration>)>> {
        let request = |url: &GitUrl| Request {
            wanted: WantedPlugin::Registry {
                url: url.clone(),
                name: IndexName::Exact(String::new()),
            },
            commit: WantedCommit::Newest,
            have: None,
            dest: PathBuf::new(),
        };
        let requests = registries.iter().map(request).collect();
        // A large index takes much memory: one is read and looked at after the other.
        let turn = Mutex::new(());
        self.each_repository(requests, scope, |remote, requests, done| {
            let fetched = fetch_index(remote);
            let _turn = turn.lock();
            let read = fetched.and_then(|(index, age)| Ok((read_index(remote, index)?, age)));
            for (place, _) in requests {
                done(
                    place,
                    match &read {
                        Ok((index, age)) => look(index).map(|looked| (looked, *age)),
                        Err(error) => Err(SharedError::of(error)),
                    },
                );
            }
        })
    }
}

/// Brings the index of the newest commit to the cache. Without a connection it is the newest that is known,
/// with its age.
fn fetch_index(remote: &mut Remote<'_>) -> Result<(ObjectId, Option<Duration>)> {
    let (head, age) = match (remote.head(), remote.last_head()) {
        (Ok(head), _) => (head, None),
        (Err(error), Some((head, age))) if error.kind() == ErrorKind::Offline => (head, Some(age)),
        (Err(error), _) => return Err(error),
    };
    let roots = remote.commits(&[head], TreeDepth::Root)?;
    let lost = || not_a_registry(remote.url(), "it has no files");
    let root = roots.first().copied().ok_or_else(lost)?;
    let index = index_of(remote, &tree::entries(remote, root)?)?;
    remote.objects(&[index])?;
    Ok((index, age))
}

/// A plugin that is being looked for.
pub(super) struct PluginLookup {
    name: IndexName,
    root: ObjectId,
    index: ObjectId,
    /// The directories that could be the plugin's.
    candidates: Vec<ObjectId>,
    /// A directory above it that is not in the cache.
    on_the_way: Option<ObjectId>,
}

impl IndexName {
    /// The plugin's entry of the index.
    pub(super) fn find<'i>(&self, index: &'i Index) -> Option<IndexEntry<'i>> {
        match self {
            IndexName::Exact(name) => index.find(name),
            IndexName::Directory(directory) => index.find_directory(directory),
            IndexName::Path(subdir, directory) => index
                .find_path(subdir.as_str())
                .or_else(|| index.find_directory(directory)),
        }
    }

    /// The name, as far as it is known without the index.
    pub(super) fn as_str(&self) -> &str {
        match self {
            IndexName::Exact(name) => name,
            IndexName::Directory(directory) | IndexName::Path(_, directory) => directory.as_str(),
        }
    }
}

impl PluginLookup {
    /// Looks at what the cache has: the trees of the commit, and perhaps its index.
    pub(super) fn begin(
        remote: &Remote<'_>,
        indexes: &Indexes,
        root: ObjectId,
        name: &IndexName,
    ) -> Result<Self> {
        let entries = tree::entries(remote, root)?;
        let index = index_of(remote, &entries)?;
        let known = remote
            .has(index)
            .then(|| indexes.get(remote, index).ok())
            .flatten();
        let (candidates, on_the_way) = match known.as_ref().and_then(|index| name.find(index)) {
            Some(entry) => match walk_index(remote, root, &entry.path()?) {
                Ok(WalkStep::At(id)) => (vec![id], None),
                Ok(WalkStep::Missing(id)) => (Vec::new(), Some(id)),
                Err(_) => (Vec::new(), None),
            },
            None if known.is_some() => (Vec::new(), None),
            None => (guess(remote, &entries, name.as_str()), None),
        };
        Ok(PluginLookup {
            name: name.clone(),
            root,
            index,
            candidates,
            on_the_way,
        })
    }

    /// The directories that could be the plugin's. Each is wanted with all that is in it.
    pub(super) fn candidates(&self) -> &[ObjectId] {
        &self.candidates
    }

    /// The index, which is wanted too.
    pub(super) fn index(&self) -> ObjectId {
        self.index
    }

    /// The directory above it without which the search does not go on; nothing else in it is
    /// wanted.
    pub(super) fn on_the_way(&self) -> Option<ObjectId> {
        self.on_the_way
    }

    /// Looks in the index, which is in the cache by now: the plugin's tree, or none if a
    /// directory above it has to come first.
    pub(super) fn go_on(
        &mut self,
        remote: &Remote<'_>,
        indexes: &Indexes,
    ) -> Result<Option<ObjectId>> {
        let index = indexes.get(remote, self.index)?;
        let name = self.name.as_str();
        let Some(entry) = self.name.find(&index) else {
            return Err(not_listed(remote, &index, name));
        };
        match walk_index(remote, self.root, &entry.path()?)? {
            WalkStep::At(tree) => Ok(Some(tree)),
            WalkStep::Missing(tree) => {
                self.candidates.clear();
                self.on_the_way = Some(tree);
                Ok(None)
            }
        }
    }
}

/// The error for a name that the index does not have.
pub(super) fn not_listed(remote: &Remote<'_>, index: &Index, name: &str) -> Error {
    let error = Error::new(
        ErrorKind::NotInRegistry,
        format!("the registry has no plugin `{}`", escape(name)),
    )
    .with_plugin(name)
    .with_url(remote.url().to_string());
    match index.suggest(name) {
        Some(near) => error.with_help(format!("did you mean `{}`?", escape(near))),
        None => error,
    }
}

fn walk_index(remote: &Remote<'_>, root: ObjectId, path: &str) -> Result<WalkStep> {
    walk(remote, root, path, |problem| {
        Error::new(
            ErrorKind::RegistryInvalid,
            format!("the registry's path `{}` {problem}", escape(path)),
        )
        .with_path(path)
        .with_url(remote.url().to_string())
    })
}

/// Directories that bear the plugin's name, in the root or in a directory of the root.
pub(super) fn guess(remote: &Remote<'_>, root: &[TreeEntry], name: &str) -> Vec<ObjectId> {
    let below = root
        .iter()
        .filter(|entry| entry.kind == EntryKind::Tree)
        .filter_map(|entry| remote.tree(entry.id).ok().flatten());
    let below: Vec<_> = below.collect();
    let mut found: Vec<ObjectId> = root
        .iter()
        .chain(below.iter().flat_map(|entries| entries.iter()))
        .filter(|entry| entry.kind == EntryKind::Tree && entry.name == name.as_bytes())
        .map(|entry| entry.id)
        .collect();
    // Two directories of that name cost more than the round trip that a right guess saves.
    if found.len() > 1 {
        found.clear();
    }
    found
}

pub(super) fn index_of(remote: &Remote<'_>, root: &[TreeEntry]) -> Result<ObjectId> {
    let url = remote.url();
    match root.iter().find(|entry| entry.name == b"index.yaml") {
        Some(entry) if matches!(entry.kind, EntryKind::File | EntryKind::Executable) => {
            Ok(entry.id)
        }
        Some(_) => Err(not_a_registry(url, "its `index.yaml` is not a file")),
        None => Err(not_a_registry(url, "it has no `index.yaml`")),
    }
}
