//! Commits made in this process, by libgit2.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use git2::{Oid, Signature, Time};

use super::index_lock::IndexLock;
use super::secret::is_secret;
use super::selection::{self, Selection, Served};
use super::tree::{self, Change};
use super::{Repository, commit, failed};
use crate::error::{Error, Result};
use crate::host::CancelToken;

/// A repository, opened for one commit, that syncs to disk what it writes.
///
/// The journal of a transaction is deleted once the commit is made, so the commit must survive a
/// power cut. libgit2 syncs only where `core.fsyncObjectFiles` says so. Written to the
/// repository's configuration it would make git print a warning each time, so it comes from a
/// file of ours that only this handle reads.
struct Durable {
    repository: git2::Repository,
    _settings: Settings,
}

struct Settings(PathBuf);

impl Drop for Settings {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Durable {
    fn open(home: &Repository) -> Result<Self> {
        let settings = Settings(home.git_dir.join("atk-settings"));
        fs::write(&settings.0, "[core]\n\tfsyncObjectFiles = true\n")
            .map_err(|error| Error::io("cannot write", &settings.0, error))?;
        let repository = home.open_in_process()?;
        repository
            .config()
            .and_then(|mut config| config.add_file(&settings.0, git2::ConfigLevel::App, true))
            .map_err(|error| failed("cannot read the configuration of", &home.root, &error))?;
        Ok(Durable {
            repository,
            _settings: settings,
        })
    }
}

/// Makes the commit. Neither the index nor HEAD has changed where it fails.
pub(super) fn commit(
    home: &Repository,
    message: &str,
    paths: &[&Path],
    lock: IndexLock,
    cancel: &CancelToken,
) -> Result<Served<Option<Oid>>> {
    let git = |error: git2::Error| commit::not_made(&home.root, &error);
    let durable = Durable::open(home)?;
    let repository = &durable.repository;
    lock.fill_draft()?;
    // A split or sparse index, or one without its checksum.
    let Ok(mut index) = git2::Index::open(&lock.draft()) else {
        return Ok(Served::NeedsProgram(
            "the repository has an index of a special format".into(),
        ));
    };
    repository.set_index(&mut index).map_err(git)?;
    let parent = head_commit(repository).map_err(git)?;
    let base = parent
        .as_ref()
        .map(git2::Commit::tree)
        .transpose()
        .map_err(git)?;
    let selected = match selection::select(repository, &home.root, &index, base.as_ref(), paths)? {
        Served::Done(selected) => selected,
        Served::NeedsProgram(reason) => return Ok(Served::NeedsProgram(reason)),
    };
    if let Some(reason) = filtered(repository, &selected).map_err(git)? {
        return Ok(Served::NeedsProgram(reason));
    }
    check_secrets(home, base.as_ref(), &selected)?;
    let changes = stage(repository, &mut index, base.as_ref(), &selected).map_err(git)?;
    if changes.is_empty() {
        return Ok(Served::Done(None));
    }
    let tree = match tree::write(repository, base.as_ref(), &changes).map_err(git)? {
        Some(tree) => tree,
        None => repository
            .treebuilder(None)
            .and_then(|empty| empty.write())
            .map_err(git)?,
    };
    let tree = repository.find_tree(tree).map_err(git)?;
    index.write().map_err(git)?;
    cancel.check()?;

    let author =
        Signature::new(commit::NAME, commit::EMAIL, &Time::new(commit::now(), 0)).map_err(git)?;
    let parents: Vec<_> = parent.iter().collect();
    let id = repository
        .commit(
            Some("HEAD"),
            &author,
            &author,
            &commit::tidy(message),
            &tree,
            &parents,
        )
        .map_err(git)?;
    if let Err(error) = lock.publish() {
        take_back(repository, id, parent.as_ref().map(git2::Commit::id)).map_err(git)?;
        return Err(error);
    }
    Ok(Served::Done(Some(id)))
}

/// The commit at HEAD; none on a branch without one.
pub(super) fn head_commit(
    repository: &git2::Repository,
) -> Result<Option<git2::Commit<'_>>, git2::Error> {
    match repository.head() {
        Ok(head) => head.peel_to_commit().map(Some),
        Err(error) if error.code() == git2::ErrorCode::UnbornBranch => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts the selected files into the index, and says what differs from the commit at HEAD.
fn stage(
    repository: &git2::Repository,
    index: &mut git2::Index,
    base: Option<&git2::Tree<'_>>,
    selected: &Selection,
) -> Result<BTreeMap<Vec<u8>, Change>, git2::Error> {
    let modes_count = repository
        .config()?
        .get_bool("core.fileMode")
        .unwrap_or(true);
    let mut changes = BTreeMap::new();
    for name in &selected.gone {
        let path = as_path(name);
        if index.get_path(path, 0).is_some() {
            index.remove(path, 0)?;
        }
        if base.is_some_and(|tree| tree.get_path(path).is_ok()) {
            changes.insert(name.clone(), None);
        }
    }
    for name in &selected.present {
        let path = as_path(name);
        let before = index.get_path(path, 0);
        index.add_path(path)?;
        let missing = || git2::Error::from_str("an added file is not in the index");
        let mut entry = index.get_path(path, 0).ok_or_else(missing)?;
        let recorded = base.and_then(|tree| tree.get_path(path).ok());
        // On a file system without modes the recorded one stays.
        let known = before
            .map(|entry| entry.mode)
            .or_else(|| u32::try_from(recorded.as_ref()?.filemode()).ok());
        if let Some(mode) =
            known.filter(|mode| !modes_count && is_file(*mode) && is_file(entry.mode))
        {
            entry.mode = mode;
            index.add(&entry)?;
        }
        let mode = i32::try_from(entry.mode)
            .map_err(|_| git2::Error::from_str("an entry has no valid mode"))?;
        if recorded.is_none_or(|old| (old.id(), old.filemode()) != (entry.id, mode)) {
            changes.insert(name.clone(), Some((mode, entry.id)));
        }
    }
    Ok(changes)
}

fn is_file(mode: u32) -> bool {
    mode & 0o170_000 == 0o100_000
}

/// Refuses what the secret patterns match, before its bytes get into the object database. A file
/// that somebody committed in spite of them, and that has not changed since, is no news.
fn check_secrets(
    home: &Repository,
    base: Option<&git2::Tree<'_>>,
    selected: &Selection,
) -> Result<()> {
    for name in selected.present.iter().filter(|name| is_secret(name)) {
        let path = as_path(name);
        let recorded = base.and_then(|tree| tree.get_path(path).ok());
        let unchanged = recorded
            .is_some_and(|entry| blob_id(&home.root.join(path)).is_some_and(|id| id == entry.id()));
        if !unchanged {
            return Err(commit::secret(path));
        }
    }
    Ok(())
}

/// The id that a file or a link would have as a blob. Writes nothing.
pub(super) fn blob_id(path: &Path) -> Option<Oid> {
    if path.is_symlink() {
        let target = fs::read_link(path).ok()?;
        return Oid::hash_object(git2::ObjectType::Blob, target.as_os_str().as_bytes()).ok();
    }
    Oid::hash_file(git2::ObjectType::Blob, path).ok()
}

/// Attributes that libgit2 does not follow: programs that change the content (Git LFS is one),
/// and encodings.
pub(super) fn filtered(
    repository: &git2::Repository,
    selected: &Selection,
) -> Result<Option<String>, git2::Error> {
    let config = repository.config()?;
    let flags = git2::AttrCheckFlags::FILE_THEN_INDEX;
    for name in &selected.present {
        let path = as_path(name);
        if let Some(driver) = repository.get_attr_bytes(path, "filter", flags)? {
            let driver = String::from_utf8_lossy(driver).into_owned();
            let configured =
                |key: &str| config.get_bytes(&format!("filter.{driver}.{key}")).is_ok();
            if ["clean", "process", "required"].into_iter().any(configured) {
                return Ok(Some(format!(
                    "`{}` has the filter `{}`",
                    super::shown(path),
                    crate::text::escape(&driver)
                )));
            }
        }
        if repository
            .get_attr_bytes(path, "working-tree-encoding", flags)?
            .is_some()
        {
            return Ok(Some(format!(
                "`{}` has an encoding of its own",
                super::shown(path)
            )));
        }
    }
    Ok(None)
}

/// Moves HEAD's branch back, unless it has moved on.
fn take_back(
    repository: &git2::Repository,
    made: Oid,
    before: Option<Oid>,
) -> Result<(), git2::Error> {
    let mut head = repository.head()?;
    let name = String::from_utf8_lossy(head.name_bytes()).into_owned();
    match before {
        Some(before) => repository
            .reference_matching(&name, before, true, made, "taken back")
            .map(drop),
        None => head.delete(),
    }
}

pub(super) fn as_path(name: &[u8]) -> &Path {
    Path::new(std::ffi::OsStr::from_bytes(name))
}
