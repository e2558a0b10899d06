//! The files of an author's directory at a commit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Oid, TreeWalkMode, TreeWalkResult};

use super::failure::{failed, shown};
use crate::error::{Error, ErrorKind, Result};
use crate::model::pin::Pin;
use crate::text::escape;

/// A directory of a repository, as a commit has it.
pub(crate) struct AuthorTree {
    /// The commit.
    pub(crate) commit: Pin,
    repository: git2::Repository,
    directory: PathBuf,
    /// The directory in the work tree.
    prefix: PathBuf,
    root: Oid,
    tree: Option<Oid>,
}

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuthorFile {
    /// The id of its blob, 40 hex digits.
    pub(crate) id: String,
    /// Its mode: 0o100644, 0o100755, 0o120000 for a link, 0o160000 for a submodule.
    pub(crate) mode: i32,
}

impl AuthorTree {
    /// Reads the directory as its repository has it at a revision; without one, at HEAD. The path must
    /// have no symbolic links.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] if the directory is in no repository; [`ErrorKind::RefNotFound`] if the
    /// repository does not have the commit.
    pub(crate) fn at(directory: &Path, revision: Option<&str>) -> Result<Self> {
        let git = |error: git2::Error| failed("cannot read the repository of", directory, &error);
        let repository = git2::Repository::discover(directory).map_err(git)?;
        let top = repository.workdir().and_then(|top| top.canonicalize().ok());
        let prefix = top.and_then(|top| directory.strip_prefix(top).ok().map(Path::to_owned));
        let prefix = prefix.ok_or_else(|| {
            let message = format!(
                "`{}` is not in the work tree of its repository",
                shown(directory)
            );
            Error::new(ErrorKind::GitFailed, message).with_path(directory)
        })?;
        let named = revision.unwrap_or("HEAD");
        let found = repository.revparse_single(named);
        let found = found.and_then(|object| object.peel_to_commit());
        let commit = found.map_err(|error| match error.code() {
            ErrorCode::NotFound | ErrorCode::InvalidSpec | ErrorCode::Peel => Error::new(
                ErrorKind::RefNotFound,
                format!(
                    "the registry's repository has no commit `{}`",
                    escape(named)
                ),
            )
            .with_path(directory)
            .with_help(
                "name a branch, a tag or a commit; fetch it first if only the server has it",
            ),
            ErrorCode::Ambiguous => Error::new(
                ErrorKind::RefAmbiguous,
                format!("`{}` is the beginning of several commits", escape(named)),
            ),
            _ => git(error),
        })?;
        let pin = Pin::new(&commit.id().to_string())?;
        let root = commit.tree().map_err(git)?;
        let tree = match prefix.as_os_str().is_empty() {
            true => Some(root.id()),
            false => root.get_path(&prefix).ok().map(|entry| entry.id()),
        };
        let root_id = root.id();
        drop((root, commit));
        Ok(AuthorTree {
            commit: pin,
            repository,
            directory: directory.to_owned(),
            prefix,
            root: root_id,
            tree,
        })
    }

    /// All files below a directory, by their paths relative to it.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`].
    pub(crate) fn below(&self, path: &str) -> Result<BTreeMap<String, AuthorFile>> {
        let git =
            |error: git2::Error| failed("cannot read the repository of", &self.directory, &error);
        let mut files = BTreeMap::new();
        let Some(root) = self.tree else {
            return Ok(files);
        };
        let root = self.repository.find_tree(root).map_err(git)?;
        let Ok(entry) = root.get_path(Path::new(path)) else {
            return Ok(files);
        };
        let Ok(tree) = self.repository.find_tree(entry.id()) else {
            return Ok(files);
        };
        let walked = tree.walk(TreeWalkMode::PreOrder, |parent, entry| {
            if entry.kind() != Some(ObjectType::Tree) {
                let name = String::from_utf8_lossy(entry.name_bytes());
                let file = AuthorFile {
                    id: entry.id().to_string(),
                    mode: entry.filemode(),
                };
                files.insert(format!("{parent}{name}"), file);
            }
            TreeWalkResult::Ok
        });
        walked.map_err(git)?;
        Ok(files)
    }

    /// The files below a directory whose content is another one in the work tree, as git compares them: line
    /// ends that git converts are no difference.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`].
    pub(crate) fn edited(&self, path: &str) -> Result<BTreeSet<String>> {
        let git =
            |error: git2::Error| failed("cannot compare the files of", &self.directory, &error);
        let place = self.prefix.join(path);
        let mut options = git2::DiffOptions::new();
        options.disable_pathspec_match(true).pathspec(&place);
        let root = self.repository.find_tree(self.root).map_err(git)?;
        let diff = self
            .repository
            .diff_tree_to_workdir(Some(&root), Some(&mut options))
            .map_err(git)?;
        let paths = diff.deltas().filter_map(|delta| {
            let path = delta.new_file().path()?.strip_prefix(&place).ok()?;
            Some(path.to_string_lossy().into_owned())
        });
        Ok(paths.collect())
    }

    /// The content of a file.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`].
    pub(crate) fn content(&self, file: &AuthorFile) -> Result<Vec<u8>> {
        let git =
            |error: git2::Error| failed("cannot read the repository of", &self.directory, &error);
        let id = Oid::from_str(&file.id).map_err(git)?;
        let blob = self.repository.find_blob(id).map_err(git)?;
        Ok(blob.content().to_vec())
    }
}
