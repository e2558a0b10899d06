//! Commits made by the git program, where hooks, filters or formats ask for it.
//!
//! It works on two copies of the index, while the lock keeps others from the index itself: from
//! one, with HEAD's files and the changed paths, the commit is made; the other, with the user's
//! staged files and the changed paths, becomes the index once the commit stands.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::commit_request::{CommitOutcome, CommitRequest};
use super::entry_path::as_path;
use super::failure::shown;
use super::index_lock::{Draft, IndexLock};
use super::journal::{Attempt, CommitJournal};
use super::process::ProcessId;
use super::program::{MESSAGE, Run};
use super::program_selection::{GitQuery, Names, parts};
use super::selection::Selection;
use super::{Repository, new_objects, signature};
use crate::error::{Error, ErrorKind, Result};
use crate::host::{CancelToken, Scope};
use crate::model::owned;
use crate::model::pin::Pin;

impl Repository {
    /// Makes the commit with the git program; `reason` says why ("commit hooks must run").
    pub(super) fn commit_by_program(
        &self,
        request: &CommitRequest<'_>,
        paths: &[&Path],
        reason: &str,
        journal: &mut dyn CommitJournal,
        scope: Scope<'_>,
    ) -> Result<CommitOutcome> {
        let git = self.as_program(reason);
        git.access.command(&git.root, reason)?;
        let lock = IndexLock::acquire(&git, request.patience, scope.cancel)?;
        let making = CommitInProgress {
            git: &git,
            lock: &lock,
            cancel: scope.cancel,
            head: git.head()?,
        };
        let staged = making.stage_all(paths)?;
        let tree = as_id(&making.run(Run::new(&["write-tree"]).index(&lock.scratch()))?)?;
        if making.is_at_head(&tree)? {
            if staged.index_changed {
                lock.finish_draft()?;
                git.sync_written()?;
                lock.publish()?;
            }
            return Ok(CommitOutcome::default());
        }
        lock.finish_draft()?;
        // All but the commit itself.
        git.sync_written()?;
        let commit = making.commit(request.message, &tree, journal)?;
        making.check_complete(&commit, &staged.selected, paths)?;
        // The commit stands: nothing fails from here on.
        journal.at("index");
        let published = git
            .follow_hooks(&tree, &commit, &lock.ready())
            .and_then(|()| git.sync_written())
            .and_then(|()| lock.publish());
        journal.at("index-published");
        Ok(CommitOutcome {
            commit: Some(commit),
            unfinished: published.err(),
        })
    }

    /// Brings the index up to HEAD for these paths.
    pub(super) fn update_index_by_program(
        &self,
        paths: &[&Path],
        reason: &str,
        patience: Duration,
    ) -> Result<()> {
        let git = self.as_program(reason);
        // The commit stands: a cancel comes too late.
        let never = CancelToken::new();
        let lock = IndexLock::acquire(&git, patience, &never)?;
        let making = CommitInProgress {
            git: &git,
            lock: &lock,
            cancel: &never,
            head: git.head()?,
        };
        if making.stage_all(paths)?.index_changed {
            lock.finish_draft()?;
        }
        git.sync_written()?;
        lock.publish()
    }

    /// Waits until all that git wrote is on the disk: it syncs bytes, and never a directory.
    pub(super) fn sync_written(&self) -> Result<()> {
        new_objects::sync_all(&self.common_dir)
            .map_err(|error| Error::io("cannot sync what git wrote in", &self.common_dir, error))
    }

    pub(super) fn head_by_program(&self) -> Result<Option<Pin>> {
        let said = self.run(Run::new(&[
            "rev-parse",
            "--quiet",
            "--verify",
            "HEAD^{commit}",
        ]))?;
        if said.success {
            as_id(&said.stdout).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// A commit that is being made.
struct CommitInProgress<'a> {
    git: &'a Repository,
    lock: &'a IndexLock,
    cancel: &'a CancelToken,
    head: Option<Pin>,
}

/// What staging did.
struct StagedByGit {
    selected: Selection,
    /// True if the index that is to come is not the one that is there.
    index_changed: bool,
}

impl CommitInProgress<'_> {
    /// Fills both copies of the index.
    fn stage_all(&self, paths: &[&Path]) -> Result<StagedByGit> {
        let (draft, scratch) = (self.lock.draft(), self.lock.scratch());
        let rebuilt = self.fill_draft(&draft)?;
        let before = self.entries(&draft)?;
        let by = GitQuery {
            index: &draft,
            head: self.head.as_ref(),
            cancel: self.cancel,
        };
        let selected = self.git.select_by_program(&by, paths)?;
        self.start_from_head(&draft, &scratch)?;
        let names = selected.present.union(&selected.gone).cloned().collect();
        self.stage(&names, &selected.present, &draft)?;
        self.copy_entries(&names, paths, &draft, &scratch)?;
        Ok(StagedByGit {
            selected,
            index_changed: rebuilt || self.entries(&draft)? != before,
        })
    }

    /// Copies the index. One that git cannot read is made anew from HEAD; the answer is true then.
    fn fill_draft(&self, draft: &Path) -> Result<bool> {
        if self.lock.fill_draft()? == Draft::Copied {
            let list = Run::new(&["ls-files", "--stage", "-z"]).index(draft);
            if self.git.run(list.cancel(self.cancel))?.success {
                return Ok(false);
            }
            fs::remove_file(draft).map_err(|error| Error::io("cannot remove", draft, error))?;
        }
        let Some(head) = &self.head else {
            return Ok(false);
        };
        self.run(Run::new(&["read-tree", head.as_str()]).index(draft))?;
        Ok(true)
    }

    /// The entries of an index, without what it knows of the files on disk.
    fn entries(&self, index: &Path) -> Result<Vec<u8>> {
        self.run(Run::new(&["ls-files", "--stage", "-z"]).index(index))
    }

    fn run(&self, run: Run<'_>) -> Result<Vec<u8>> {
        Ok(self.git.run(run.cancel(self.cancel))?.succeeded()?.stdout)
    }

    /// Makes the index at `scratch` what HEAD has. It starts as a copy, so that git need not read
    /// each file again to see that it has not changed.
    fn start_from_head(&self, draft: &Path, scratch: &Path) -> Result<()> {
        let Some(head) = &self.head else {
            return Ok(());
        };
        if draft.exists() {
            let copy = || {
                fs::copy(draft, scratch)?;
                fs::File::options()
                    .write(true)
                    .open(scratch)?
                    .set_modified(fs::metadata(draft)?.modified()?)
            };
            copy().map_err(|error| Error::io("cannot copy the index to", scratch, error))?;
        }
        self.run(Run::new(&["read-tree", "--reset", head.as_str()]).index(scratch))
            .map(drop)
    }

    fn stage(&self, names: &Names, present: &Names, index: &Path) -> Result<()> {
        // A file behind a link is not part of the work tree, and git would stop at it. A secret that
        // goes from git is still on disk.
        let is_gone = |name: &&Vec<u8>| {
            let is_secret = owned::is_secret(name) && !present.contains(*name);
            is_secret || self.is_behind_link(as_path(name))
        };
        let (gone, names): (Vec<_>, Vec<_>) = names.iter().partition(is_gone);
        self.update_index(&["--force-remove"], &gone, index)?;
        self.update_index(
            &[
                "--add",
                "--remove",
                "--replace",
                "--ignore-skip-worktree-entries",
            ],
            &names,
            index,
        )
    }

    /// Makes these files in the index `to` what they are in `from`.
    ///
    /// Git is not asked to add them a second time: it may take the attributes of a file from the
    /// index, and those that the user has only staged are not in the one of HEAD.
    fn copy_entries(&self, names: &Names, paths: &[&Path], from: &Path, to: &Path) -> Result<()> {
        let options = ["ls-files", "-t", "--cached", "--stage", "-z"];
        let by = GitQuery {
            index: from,
            head: None,
            cancel: self.cancel,
        };
        let listed = self.git.list_by_program(&by, &options, paths)?;
        let mut gone = names.clone();
        let mut input = Vec::new();
        for entry in &listed {
            // `<tag> <mode> <id> <stage>\t<name>`; `S` is left out of a sparse checkout.
            let Some((fields, name)) = split_once(entry, b'\t') else {
                continue;
            };
            if gone.remove(name)
                && let Some((tag, fields)) = split_once(fields, b' ')
                && tag != b"S"
            {
                input.extend([fields, b"\t", name, b"\0"].concat());
            }
        }
        // Without a commit the other index is empty.
        for (name, head) in gone.iter().zip(self.head.iter().cycle()) {
            // Mode 0 removes.
            let id = "0".repeat(head.as_str().len());
            input.extend([b"0 ", id.as_bytes(), b"\t", name, b"\0"].concat());
        }
        let options = ["update-index", "-z", "--index-info"];
        self.run(Run::new(&options).index(to).input(input))
            .map(drop)
    }

    fn update_index(&self, options: &[&str], names: &[&Vec<u8>], index: &Path) -> Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let input = names
            .iter()
            .flat_map(|name| [name.as_slice(), b"\0"])
            .flatten()
            .copied()
            .collect();
        // Many objects are synced all at once, and get their names after that.
        let many: &[&str] = if names.len() > new_objects::FEW {
            &["-c", "core.fsyncMethod=batch"]
        } else {
            &[]
        };
        let options = [many, &["update-index"], options, &["-z", "--stdin"]].concat();
        self.run(Run::new(&options).index(index).input(input))
            .map(drop)
    }

    fn is_behind_link(&self, path: &Path) -> bool {
        let parents = path
            .ancestors()
            .skip(1)
            .filter(|parent| !parent.as_os_str().is_empty());
        parents
            .into_iter()
            .any(|parent| self.git.root.join(parent).is_symlink())
    }

    /// Takes the commit back unless it has every selected file. A hook may have left one out.
    fn check_complete(&self, commit: &Pin, selected: &Selection, paths: &[&Path]) -> Result<()> {
        // The commit is there: a cancel comes too late.
        let by = GitQuery {
            index: &self.lock.ready(),
            head: None,
            cancel: &CancelToken::new(),
        };
        let committed = self.git.files_by_program(&by, commit, paths)?;
        let Err(error) = selected.check_complete(&committed) else {
            return Ok(());
        };
        match &self.head {
            Some(before) => {
                let (old, new) = (before.as_str(), commit.as_str());
                self.git.git(&["update-ref", "HEAD", old, new])?;
            }
            None => {
                self.git
                    .git(&["update-ref", "-d", "HEAD", commit.as_str()])?;
            }
        }
        Err(error)
    }

    fn is_at_head(&self, tree: &Pin) -> Result<bool> {
        match &self.head {
            Some(head) => {
                let base = format!("{head}^{{tree}}");
                Ok(as_id(&self.run(Run::new(&["rev-parse", base.as_str()]))?)? == *tree)
            }
            None => Ok(self.entries(&self.lock.scratch())?.is_empty()),
        }
    }

    /// Runs `git commit`, and with it the hooks.
    ///
    /// Git takes the message from its standard input, and locks the branch only after it has it.
    /// So the journal can name the process before it leaves a trace.
    fn commit(&self, message: &str, tree: &Pin, journal: &mut dyn CommitJournal) -> Result<Pin> {
        let options = [
            "commit",
            "--quiet",
            "--no-gpg-sign",
            "--cleanup=whitespace",
            "--file=-",
        ];
        let date = signature::now();
        let mut run = Run::new(&options)
            .index(&self.lock.scratch())
            .cancel(self.cancel);
        for who in ["AUTHOR", "COMMITTER"] {
            run.env
                .push((format!("GIT_{who}_NAME"), signature::NAME.to_owned()));
            run.env
                .push((format!("GIT_{who}_EMAIL"), signature::EMAIL.to_owned()));
            run.env
                .push((format!("GIT_{who}_DATE"), format!("@{date} +0000")));
        }
        journal.at("git-start");
        let begun = SystemTime::now();
        let message = message
            .get(..message.floor_char_boundary(MESSAGE))
            .unwrap_or_default();
        let said = self
            .git
            .run_introduced(run, message.as_bytes(), &mut |pid| {
                journal.at("commit-record-git");
                journal.record(&Attempt::Program {
                    git: ProcessId::of(pid),
                    started: date,
                    old: self.head.clone(),
                    tree: tree.clone(),
                    date,
                })?;
                journal.at("git-message");
                Ok(())
            });
        journal.at("git-ended");
        // Git goes on if it cannot remove a lock of its own, and every later commit fails on it.
        if let Ok(locks) = self.git.commit_locks() {
            let _ = self.git.remove_dead_locks(locks, begun);
        }
        let said = said?;
        if said.success
            && let Some(head) = self.git.head()?
            && Some(&head) != self.head.as_ref()
        {
            return Ok(head);
        }
        if !said.success && self.git.has_hooks()? {
            return Err(Error::new(
                ErrorKind::CommitRefused,
                format!(
                    "a commit hook of the repository `{}` refused the commit",
                    shown(&self.git.root)
                ),
            )
            .with_path(&self.git.root)
            .with_command("git commit", said.code)
            .with_output(said.tail));
        }
        said.succeeded()?;
        Err(Error::new(
            ErrorKind::GitFailed,
            format!("git made no commit in `{}`", shown(&self.git.root)),
        )
        .with_path(&self.git.root))
    }
}

impl Repository {
    /// Takes over into the draft what hooks added to the commit.
    pub(super) fn follow_hooks(&self, tree: &Pin, commit: &Pin, draft: &Path) -> Result<()> {
        let diff = [
            "diff-tree",
            "-r",
            "-z",
            "--raw",
            "--no-renames",
            tree.as_str(),
            commit.as_str(),
        ];
        // The commit stands: a cancel comes too late.
        let raw = self.git(&diff)?.stdout;
        let mut input = Vec::new();
        let mut parts = parts(&raw);
        while let (Some(change), Some(name)) = (parts.next(), parts.next()) {
            // `:<mode> <mode> <id> <id> <status>`; the new mode and id are wanted.
            let fields: Vec<&[u8]> = change.split(|byte| *byte == b' ').collect();
            if let [_, mode, _, id, _] = fields.as_slice() {
                input.extend([*mode, b" ", id, b"\t", name, b"\0"].concat());
            }
        }
        if input.is_empty() {
            return Ok(());
        }
        let options = ["update-index", "-z", "--replace", "--index-info"];
        self.run(Run::new(&options).index(draft).input(input))?
            .succeeded()
            .map(drop)
    }
}

fn split_once(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let position = text.iter().position(|byte| *byte == at)?;
    Some((text.get(..position)?, text.get(position + 1..)?))
}

/// An id, as git prints it.
fn as_id(answer: &[u8]) -> Result<Pin> {
    Pin::new(String::from_utf8_lossy(answer).trim()).map_err(|error| {
        Error::new(
            ErrorKind::GitFailed,
            format!("git did not print an object id: {error}"),
        )
    })
}
