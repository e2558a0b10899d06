//! Brings a source's files at a commit into staging: finds the plugin in its repository, has
//! exactly its objects fetched, checks every path, and writes the files.
//!
//! ```text
//! requests ─▶ batch    by repository, eight at once, each with one connection
//!             locate   where in the repository each plugin is, by a search for each: `.atk`, or as
//!                      the index says
//!             tree     its files, as git recorded them
//!             check    what may not be is refused, what is not for us is left out
//!             write    to a directory that is not there yet
//! ```
//!
//! Nothing is synced: what is staged is made durable by the transaction that places it.

mod batch;
pub(crate) mod bundled;
mod check;
mod commits;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod index_lookup;
mod indexes;
mod lfs;
mod links;
mod list;
pub(crate) mod local;
mod locate;
mod newest;
mod refusal;
mod registry;
mod repositories;
mod search;
mod shared_error;
mod sought;
mod subdir;
mod tree;
mod walk;
mod write;

use std::path::PathBuf;

pub(crate) use newest::NewestCommit;
pub(crate) use refusal::TreeFinding;

use crate::fetching::engine::Engine;
use crate::fetching::object::{EntryKind, ObjectId};
use crate::model::git_url::GitUrl;
use crate::model::limits::Limits;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::revision::RefName;
use crate::model::subdir::Subdir;
use crate::model::tree_path::TreePath;
use crate::text::escape;

/// Fetches plugins from their repositories.
pub(crate) struct Fetcher<'a> {
    engine: &'a Engine,
    limits: Limits,
    /// True if files that are refused are listed, and do not end the fetch.
    collects: bool,
}

/// A plugin that is wanted.
#[derive(Debug, Clone)]
pub(crate) enum WantedPlugin {
    /// One of the default registry: the directory that its index names.
    Registry { url: GitUrl, name: IndexName },
    /// One of a registry with a name: that of the directory that its index names.
    Indexed { url: GitUrl, name: IndexName },
    /// That of a repository, or of a directory in it.
    Git { url: GitUrl, subdir: Option<Subdir> },
}

/// How a plugin of a registry is found in its index.
#[derive(Debug, Clone)]
pub(crate) enum IndexName {
    /// By the name that it has there.
    Exact(String),
    /// As the entry whose name becomes this directory: the one that was installed.
    Directory(PluginDir),
    /// As the entry of this path. If the index no longer has that entry, as the entry whose name becomes
    /// the directory. A plugin that the index does not list is at the path.
    Path(Subdir, PluginDir),
}

/// A plugin that is wanted, at a commit, in a directory.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) wanted: WantedPlugin,
    pub(crate) commit: WantedCommit,
    /// What is there already, so that the same is not brought again.
    pub(crate) have: Option<Have>,
    /// Where its files go; it must not exist.
    pub(crate) dest: PathBuf,
}

/// The commit at which a plugin is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WantedCommit {
    /// The newest one of the default branch.
    Newest,
    /// This one.
    Pin(Pin),
    /// The one that a branch or tag points to.
    Ref(RefName),
    /// The newest one of the branch that is followed. A tag must still point to the commit.
    Follow(RefName, Option<Pin>),
}

/// The files of a plugin that are there already.
#[derive(Debug, Clone)]
pub(crate) struct Have {
    /// The commit that they should be from: where the wanted one has the same tree, nothing is
    /// brought.
    pub(crate) pin: Pin,
    /// Its tree; `None` if it is not known. It is then looked up at the commit.
    pub(crate) tree: Option<ObjectId>,
    /// The commit whose files lie there, where no receipt lists them.
    pub(crate) unlisted: Option<Pin>,
}

/// What came of a request.
#[derive(Debug, Clone)]
pub(crate) enum FetchedEntry {
    /// The commit has the very tree that is there already. Nothing was written.
    Same { pin: Pin },
    /// The files were written.
    Staged(StagedTree),
}

/// A plugin whose files are in the object cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CachedPlugin {
    pub(crate) pin: Pin,
    /// How many files it has.
    pub(crate) files: usize,
}

/// A plugin's files, checked and written.
#[derive(Debug, Clone)]
pub(crate) struct StagedTree {
    /// Where they are.
    pub(crate) dir: PathBuf,
    /// The commit they are from; none for a directory of the user's.
    pub(crate) pin: Option<Pin>,
    /// The tree they are from, before anything was left out.
    pub(crate) tree: Option<ObjectId>,
    /// The files and links, in the order of their paths. None are listed of a plugin that was
    /// not copied file by file.
    pub(crate) files: Vec<StagedFile>,
    /// The files of [`Have::unlisted`], where they could be looked up.
    pub(crate) before: Option<Vec<StagedFile>>,
    /// How many files and links there are.
    pub(crate) file_count: usize,
    /// What was left out, or is not what it seems.
    pub(crate) warnings: Vec<String>,
    /// The same, file by file; with all that is refused, if the fetcher collects that.
    pub(crate) findings: Vec<TreeFinding>,
    /// Where its author finds the definition.
    pub(crate) label: Label,
    /// The directory of the repository that it was found in; none for its root, and for the default
    /// registry. Boxed, as most have none.
    pub(crate) subdir: Option<Box<Subdir>>,
}

/// Where the author of a plugin finds its definition, for messages: a copy in staging would mean
/// nothing to other users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Label {
    /// In this directory, under the name that was found there; empty for the root.
    Directory(String),
    /// In a file of another name.
    File(String),
}

impl Label {
    /// The directory or file at a path of the user's.
    pub(crate) fn of_path(path: &std::path::Path) -> Self {
        let text = escape(&path.to_string_lossy());
        match path.is_dir() {
            true => Label::Directory(text),
            false => Label::File(text),
        }
    }

    /// What a file of the plugin is called. `definition` says that it is the definition itself.
    pub(crate) fn file(&self, name: &str, definition: bool) -> String {
        match self {
            Label::File(file) if definition => file.clone(),
            Label::Directory(directory) if !directory.is_empty() => format!("{directory}/{name}"),
            Label::Directory(_) | Label::File(_) => name.to_owned(),
        }
    }
}

/// A file or link of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StagedFile {
    pub(crate) path: TreePath,
    /// File, executable or link.
    pub(crate) kind: EntryKind,
    /// The id of its content (of a link: of its target) as a git blob.
    pub(crate) id: ObjectId,
}

impl<'a> Fetcher<'a> {
    pub(crate) fn new(engine: &'a Engine, limits: Limits) -> Self {
        Fetcher {
            engine,
            limits,
            collects: false,
        }
    }

    /// The same, but files that are refused are listed, and the others are written.
    pub(crate) fn collecting(self) -> Self {
        Fetcher {
            collects: true,
            ..self
        }
    }
}

impl WantedPlugin {
    /// The repository.
    fn url(&self) -> &GitUrl {
        match self {
            WantedPlugin::Registry { url, .. }
            | WantedPlugin::Indexed { url, .. }
            | WantedPlugin::Git { url, .. } => url,
        }
    }

    /// Returns how the plugin is found at the installed commit: at its path, whatever the index says.
    fn installed(&self) -> WantedPlugin {
        match self {
            WantedPlugin::Indexed {
                url,
                name: IndexName::Path(subdir, _),
            } => WantedPlugin::Git {
                url: url.clone(),
                subdir: Some(subdir.clone()),
            },
            other => other.clone(),
        }
    }
}
