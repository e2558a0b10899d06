//! Commits made in this process, by libgit2.

use std::collections::BTreeMap;
use std::path::Path;

use git2::{Oid, Signature, Time};

use super::commit_request::{CommitOutcome, CommitRequest};
use super::config::GitConfig;
use super::entry_path::as_path;
use super::head_ref::Head;
use super::index_lock::{Draft, IndexLock};
use super::journal::CommitJournal;
use super::new_objects::{self, NewObjects};
use super::selection::{self, Selection};
use super::served::InProcessResult;
use super::storing::Storing;
use super::tree::{self, NewContent, TreeLookup};
use super::{Repository, attributes, failure, signature};
use crate::error::{Error, Result};
use crate::host::{CancelToken, Scope};
use crate::model::pin::Pin;

/// Makes the commit. Neither the index nor HEAD has changed if it fails, unless an attempt was
/// written to the journal: then HEAD must be asked.
pub(super) fn commit(
    home: &Repository,
    request: &CommitRequest<'_>,
    paths: &[&Path],
    lock: IndexLock,
    journal: &mut dyn CommitJournal,
    scope: Scope<'_>,
) -> Result<InProcessResult<CommitOutcome>> {
    let cancel = scope.cancel;
    let prepared = match PreparedCommit::new(home, &lock, paths, scope)? {
        InProcessResult::Done(prepared) => prepared,
        InProcessResult::NeedsProgram(reason) => return Ok(InProcessResult::NeedsProgram(reason)),
    };
    if prepared.staged.changes.is_empty() {
        if prepared.staged.index_changed {
            prepared.objects.store()?;
            lock.finish_draft()?;
            journal.at("index");
            lock.publish()?;
        }
        return Ok(InProcessResult::Done(CommitOutcome::default()));
    }
    journal.at("objects");
    let id = prepared.write_commit(request.message, paths)?;
    lock.finish_draft()?;
    cancel.check()?;
    let unsynced = home.move_ref(&prepared.head, id, request, journal, cancel)?;
    // The commit stands: nothing fails from here on.
    journal.at("index");
    let published = lock.publish().err();
    journal.at("index-published");
    Ok(InProcessResult::Done(CommitOutcome {
        commit: Some(Pin::new(&id.to_string())?),
        unfinished: unsynced.or(published),
    }))
}

/// Brings the index up to a commit that stands already. True if the index needed it.
pub(super) fn update_index(
    home: &Repository,
    paths: &[&Path],
    lock: IndexLock,
    cancel: &CancelToken,
) -> Result<InProcessResult<()>> {
    let scope = Scope {
        cancel,
        report: &|_| {},
    };
    match PreparedCommit::new(home, &lock, paths, scope)? {
        InProcessResult::NeedsProgram(reason) => return Ok(InProcessResult::NeedsProgram(reason)),
        InProcessResult::Done(prepared) if prepared.staged.index_changed => {
            prepared.objects.store()?;
            lock.finish_draft()?;
        }
        InProcessResult::Done(_) => {}
    }
    lock.publish().map(InProcessResult::Done)
}

/// All of a commit but the commit itself: the draft of the index, and new objects.
struct PreparedCommit {
    repository: git2::Repository,
    home: Repository,
    objects: NewObjects,
    head: Head,
    selected: Selection,
    staged: StagedPaths,
}

impl PreparedCommit {
    fn new(
        home: &Repository,
        lock: &IndexLock,
        paths: &[&Path],
        scope: Scope<'_>,
    ) -> Result<InProcessResult<Self>> {
        let cancel = scope.cancel;
        let git = |error: git2::Error| failure::not_made(&home.root, &error);
        let repository = home.open_in_process()?;
        let head = match Head::read(home, &repository)? {
            InProcessResult::Done(head) => head,
            InProcessResult::NeedsProgram(reason) => {
                return Ok(InProcessResult::NeedsProgram(reason));
            }
        };
        let objects = match NewObjects::begin(home, &repository, &lock.workshop())? {
            InProcessResult::Done(objects) => objects,
            InProcessResult::NeedsProgram(reason) => {
                return Ok(InProcessResult::NeedsProgram(reason));
            }
        };
        let draft = lock.fill_draft()?;
        // A split or sparse index, or one without its checksum.
        let Ok(mut index) = git2::Index::open(&lock.draft()) else {
            return Ok(InProcessResult::NeedsProgram(
                "the repository has an index of a special format".into(),
            ));
        };
        repository.set_index(&mut index).map_err(git)?;
        let selected;
        let staged = {
            let base = base_tree(&repository, &head).map_err(git)?;
            let base = base.as_ref();
            if let (Draft::Nothing, Some(base)) = (draft, base) {
                index.read_tree(base).map_err(git)?;
            }
            let config = GitConfig::read(home)?;
            selected = match selection::select(home, &config, &repository, &index, base, paths)? {
                InProcessResult::Done(selected) => selected,
                InProcessResult::NeedsProgram(reason) => {
                    return Ok(InProcessResult::NeedsProgram(reason));
                }
            };
            let present = &selected.present;
            if let Some(reason) =
                attributes::need_program(home, &config, &repository, &index, present, cancel)?
            {
                return Ok(InProcessResult::NeedsProgram(reason));
            }
            let storing = Storing::begin(scope, paths);
            let mut staged = stage(&repository, &mut index, base, &selected, storing)
                .map_err(|error| cancelled_or(cancel, git(error)))?;
            staged.index_changed |= draft == Draft::Nothing && base.is_some();
            staged
        };
        index.write().map_err(git)?;
        Ok(InProcessResult::Done(PreparedCommit {
            repository,
            home: home.clone(),
            objects,
            head,
            selected,
            staged,
        }))
    }

    /// Writes the commit with all its objects, and checks that they are there.
    fn write_commit(&self, message: &str, paths: &[&Path]) -> Result<Oid> {
        let git = |error| failure::not_made(&self.home.root, &error);
        let (id, tree) = self.write_objects(message).map_err(git)?;
        let committed = self
            .repository
            .find_tree(tree)
            .and_then(|tree| selection::files_of(&self.repository, &tree, paths))
            .map_err(git)?;
        self.selected.check_complete(&committed)?;
        self.objects.store()?;
        new_objects::check(&self.home, id, tree, &self.staged.changes)?;
        Ok(id)
    }

    fn write_objects(&self, message: &str) -> Result<(Oid, Oid), git2::Error> {
        let repository = &self.repository;
        let base = base_tree(repository, &self.head)?;
        let tree = match tree::write(repository, base.as_ref(), &self.staged.changes)? {
            Some(tree) => tree,
            None => repository.treebuilder(None)?.write()?,
        };
        let author = Signature::new(
            signature::NAME,
            signature::EMAIL,
            &Time::new(signature::now(), 0),
        )?;
        let parent = self
            .head
            .old
            .map(|id| repository.find_commit(id))
            .transpose()?;
        let parents: Vec<_> = parent.iter().collect();
        let text = repository.commit_create_buffer(
            &author,
            &author,
            &signature::tidy(message),
            &repository.find_tree(tree)?,
            &parents,
        )?;
        let id = repository.odb()?.write(git2::ObjectType::Commit, &text)?;
        Ok((id, tree))
    }
}

fn base_tree<'r>(
    repository: &'r git2::Repository,
    head: &Head,
) -> Result<Option<git2::Tree<'r>>, git2::Error> {
    head.old
        .map(|id| repository.find_commit(id)?.tree())
        .transpose()
}

fn cancelled_or(cancel: &CancelToken, error: Error) -> Error {
    cancel.check().err().unwrap_or(error)
}

/// What staging found.
#[derive(Default)]
struct StagedPaths {
    /// What differs from the commit at HEAD.
    changes: BTreeMap<Vec<u8>, NewContent>,
    /// True if the index has other content than before.
    index_changed: bool,
}

/// Puts the selected files into the index.
fn stage<'r>(
    repository: &'r git2::Repository,
    index: &mut git2::Index,
    base: Option<&'r git2::Tree<'r>>,
    selected: &Selection,
    mut storing: Storing<'_>,
) -> Result<StagedPaths, git2::Error> {
    let root = repository
        .workdir()
        .ok_or_else(|| git2::Error::from_str("the repository has no work tree"))?;
    let modes_count = repository
        .config()?
        .get_bool("core.fileMode")
        .unwrap_or(true);
    let mut recorded_at = TreeLookup::new(repository, base);
    let mut staged = StagedPaths::default();
    let changes = &mut staged.changes;
    for name in &selected.gone {
        let path = as_path(name);
        if index.get_path(path, 0).is_some() {
            index.remove(path, 0)?;
            staged.index_changed = true;
        }
        if recorded_at.get(name).is_some() {
            changes.insert(name.clone(), None);
        }
    }
    for name in &selected.present {
        let path = as_path(name);
        let before = index.get_path(path, 0);
        let was = before.as_ref().map(|entry| (entry.id, entry.mode));
        storing.add(repository, index, root, path)?;
        let missing = || git2::Error::from_str("an added file is not in the index");
        let mut entry = index.get_path(path, 0).ok_or_else(missing)?;
        let recorded = recorded_at.get(name);
        // On a file system without modes the recorded one stays.
        let known = before
            .map(|entry| entry.mode)
            .or_else(|| u32::try_from(recorded?.0).ok())
            // Of a new file too: every file of such a file system may look executable.
            .or(Some(0o100_644));
        if let Some(mode) =
            known.filter(|mode| !modes_count && is_file(*mode) && is_file(entry.mode))
        {
            entry.mode = mode;
            index.add(&entry)?;
        }
        staged.index_changed |= was != Some((entry.id, entry.mode));
        let mode = i32::try_from(entry.mode)
            .map_err(|_| git2::Error::from_str("an entry has no valid mode"))?;
        if recorded.is_none_or(|(was, old, _)| (old, was) != (entry.id, mode)) {
            changes.insert(name.clone(), Some((mode, entry.id)));
        }
    }
    Ok(staged)
}

fn is_file(mode: u32) -> bool {
    mode & 0o170_000 == 0o100_000
}
