//! Finding a plugin in a git repository: in its `.atk` directory, or in a directory of it that the
//! source names.

use super::sought::FoundTree;
use super::tree;
use super::walk::{WalkProblem, WalkStep, walk};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::{EntryKind, ObjectId, TreeEntry};
use crate::fetching::remote::Remote;
use crate::model::owned::DEFINITIONS;
use crate::model::source::IN_REPOSITORY;
use crate::model::subdir::Subdir;

/// A directory in which a plugin is being looked for.
pub(super) struct SubdirLookup {
    root: ObjectId,
    subdir: Subdir,
    /// The directory above it, or itself, that is not in the cache.
    on_the_way: Option<ObjectId>,
    /// The directory itself, once its id is known.
    directory: Option<ObjectId>,
}

impl SubdirLookup {
    pub(super) fn new(root: ObjectId, subdir: &Subdir) -> Self {
        SubdirLookup {
            root,
            subdir: subdir.clone(),
            on_the_way: None,
            directory: None,
        }
    }

    /// The directory itself, as soon as its id is known.
    pub(super) fn directory(&self) -> Option<ObjectId> {
        self.directory
    }

    /// The directory without which the search does not go on.
    pub(super) fn on_the_way(&self) -> Option<ObjectId> {
        self.on_the_way
    }

    /// Looks in what the cache has: the plugin's tree, or none if a directory has to come first.
    pub(super) fn go_on(&mut self, remote: &Remote<'_>) -> Result<Option<FoundTree>> {
        let subdir = self.subdir.as_str();
        let step = walk(remote, self.root, subdir, |problem| {
            unusable(remote, subdir, problem)
        })?;
        let at = match step {
            WalkStep::At(at) => at,
            WalkStep::Missing(missing) => {
                self.on_the_way = Some(missing);
                return Ok(None);
            }
        };
        self.directory = Some(at);
        let Some(entries) = remote.tree(at)? else {
            self.on_the_way = Some(at);
            return Ok(None);
        };
        if let Some(found) = atk_entry(remote, &entries, &format!("{subdir}/.atk"))? {
            return Ok(Some(FoundTree {
                subdir: Some(self.subdir.clone()),
                ..found
            }));
        }
        if entries.iter().any(is_definition) {
            return Ok(Some(FoundTree {
                id: at,
                directory: subdir.to_owned(),
                subdir: Some(self.subdir.clone()),
            }));
        }
        let url = remote.url();
        Err(Error::new(
            ErrorKind::SourceNotFound,
            format!(
                "the directory `{subdir}` of {url} has neither an `.atk` directory nor a \
                 `plugin.yaml`: it is not a plugin"
            ),
        )
        .with_path(subdir)
        .with_url(url.to_string()))
    }
}

fn is_definition(entry: &TreeEntry) -> bool {
    DEFINITIONS.iter().any(|name| entry.name == name.as_bytes())
}

/// The tree of `.atk` in a repository's root.
pub(super) fn atk_directory(remote: &Remote<'_>, root: ObjectId) -> Result<FoundTree> {
    let entries = tree::entries(remote, root)?;
    atk_entry(remote, &entries, IN_REPOSITORY)?.ok_or_else(|| {
        let url = remote.url();
        let error = Error::new(
            ErrorKind::SourceNotFound,
            format!("the repository {url} has no `.atk` directory: it is not a plugin"),
        )
        .with_url(url.to_string());
        match entries.iter().any(|entry| entry.name == b"index.yaml") {
            true => error.with_help("it looks like a registry: name one of its plugins"),
            false => error.with_help("name the directory of a plugin in it: `<url>//<directory>`"),
        }
    })
}

/// The tree of `.atk` among the entries of a directory.
fn atk_entry(
    remote: &Remote<'_>,
    entries: &[TreeEntry],
    directory: &str,
) -> Result<Option<FoundTree>> {
    match entries
        .iter()
        .find(|entry| entry.name == IN_REPOSITORY.as_bytes())
    {
        Some(entry) if entry.kind == EntryKind::Tree => Ok(Some(FoundTree {
            id: entry.id,
            directory: directory.to_owned(),
            subdir: None,
        })),
        Some(_) => {
            let url = remote.url();
            Err(Error::new(
                ErrorKind::ContentRefused,
                format!("`{directory}` of {url} is not a directory"),
            )
            .with_path(directory)
            .with_url(url.to_string()))
        }
        None => Ok(None),
    }
}

fn unusable(remote: &Remote<'_>, subdir: &str, problem: WalkProblem) -> Error {
    let url = remote.url();
    Error::new(
        ErrorKind::SourceNotFound,
        format!("the directory `{subdir}` of {url} {problem}"),
    )
    .with_path(subdir)
    .with_url(url.to_string())
}
