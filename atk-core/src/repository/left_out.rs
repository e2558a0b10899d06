//! Files on disk that a commit of their directory leaves out.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::config::GitConfig;
use super::entry_path::as_path;
use super::failure::failed;
use super::program_selection::{GitQuery, Names};
use super::selection::{self, Selection, UncommittedFiles};
use super::served::InProcessResult;
use super::{Backend, Repository, head_ref};
use crate::error::Result;
use crate::host::CancelToken;

/// What of some paths differs from the commit at HEAD.
pub(crate) struct UnsavedPaths {
    /// On disk, and not in the commit like that.
    pub(crate) changed: Vec<PathBuf>,
    /// In the index or in the commit, and not on disk.
    pub(crate) gone: Vec<PathBuf>,
}

impl Repository {
    /// Lists what a commit of these paths would leave out. Changes nothing.
    ///
    /// # Errors
    /// Those of [`Repository::commit`] about the files.
    pub(crate) fn left_out(
        &self,
        paths: &[PathBuf],
        cancel: &CancelToken,
    ) -> Result<UncommittedFiles> {
        let paths = selection::checked(paths)?;
        let (git, selected) = self.look(&paths, cancel)?;
        git.without_known(selected, cancel)
    }

    /// True if something is on disk, and could be committed, that the commit at HEAD does not have
    /// like that.
    ///
    /// # Errors
    /// Those of [`Repository::left_out`].
    pub(crate) fn has_unsaved(&self, paths: &[PathBuf], cancel: &CancelToken) -> Result<bool> {
        Ok(!self.unsaved(paths, cancel)?.changed.is_empty())
    }

    /// Lists what differs from the commit at HEAD, and could be committed.
    ///
    /// # Errors
    /// Those of [`Repository::left_out`].
    pub(crate) fn unsaved(&self, paths: &[PathBuf], cancel: &CancelToken) -> Result<UnsavedPaths> {
        let checked = selection::checked(paths)?;
        let (git, selected) = self.look(&checked, cancel)?;
        let mut changed: Names = selected
            .present
            .difference(&selected.tracked)
            .cloned()
            .collect();
        // Asking for what changed costs more than the walk.
        if !selected.tracked.is_empty() {
            let of_git = git.changed_of(paths, cancel)?;
            changed.extend(of_git.intersection(&selected.present).cloned());
        }
        let paths = |names: Names| names.iter().map(|name| as_path(name).to_owned()).collect();
        Ok(UnsavedPaths {
            changed: paths(changed),
            gone: paths(selected.gone),
        })
    }

    /// False if the file system of the home keeps no modes, as git found out when it made the
    /// repository.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed).
    pub(crate) fn keeps_modes(&self) -> Result<bool> {
        Ok(GitConfig::read(self)?.is("core.filemode").unwrap_or(true))
    }

    /// Looks at the files, by the program if it must be; returns the repository to ask further.
    fn look(&self, paths: &[&Path], cancel: &CancelToken) -> Result<(Repository, Selection)> {
        let git = match &self.engine {
            Backend::Program(_) => self.clone(),
            Backend::InProcess => match self.look_in_process(paths)? {
                InProcessResult::Done(selected) => return Ok((self.clone(), selected)),
                InProcessResult::NeedsProgram(reason) => self.as_program(&reason),
            },
        };
        let selected = git.look_by_program(paths, cancel)?;
        Ok((git, selected))
    }

    fn look_in_process(&self, paths: &[&Path]) -> Result<InProcessResult<Selection>> {
        let git = |error| failed("cannot examine the files of", &self.root, &error);
        let repository = self.open_in_process()?;
        let Ok(index) = repository.index() else {
            return Ok(InProcessResult::NeedsProgram(
                "the repository has an index of a special format".into(),
            ));
        };
        let head = head_ref::head_commit(&repository).map_err(git)?;
        let head = head.map(|head| head.tree()).transpose().map_err(git)?;
        let config = GitConfig::read(self)?;
        selection::select(self, &config, &repository, &index, head.as_ref(), paths)
    }

    fn look_by_program(&self, paths: &[&Path], cancel: &CancelToken) -> Result<Selection> {
        let head = self.head()?;
        let by = GitQuery {
            index: &self.git_dir.join("index"),
            head: head.as_ref(),
            cancel,
        };
        self.select_by_program(&by, paths)
    }

    /// Drops the secrets that the user committed and did not change since.
    fn without_known(&self, selected: Selection, cancel: &CancelToken) -> Result<UncommittedFiles> {
        let mut left_out = selected.left_out;
        let tracked = |path: &Path| selected.tracked.contains(path.as_os_str().as_bytes());
        let known: Vec<PathBuf> = left_out
            .secrets
            .iter()
            .filter(|path| tracked(path))
            .cloned()
            .collect();
        if !known.is_empty() {
            let changed = self.changed_of(&known, cancel)?;
            left_out
                .secrets
                .retain(|path| !tracked(path) || changed.contains(path.as_os_str().as_bytes()));
        }
        Ok(left_out)
    }

    /// What of these tracked files and directories is not at HEAD as it is on disk.
    fn changed_of(&self, paths: &[PathBuf], cancel: &CancelToken) -> Result<Names> {
        if let Backend::Program(_) = self.engine {
            let by = GitQuery {
                index: &self.git_dir.join("index"),
                head: None,
                cancel,
            };
            let options = [
                "--no-optional-locks",
                "status",
                "--porcelain",
                "--no-renames",
                "--untracked-files=no",
                "-z",
            ];
            let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
            let listed = self.list_by_program(&by, &options, &paths)?;
            // `XY <name>`
            let name = |entry: &Vec<u8>| entry.get(3..).map(<[u8]>::to_vec);
            return Ok(listed.iter().filter_map(name).collect());
        }
        let repository = self.open_in_process()?;
        let mut options = git2::StatusOptions::new();
        options
            .include_untracked(false)
            .include_ignored(false)
            .disable_pathspec_match(true);
        for path in paths {
            options.pathspec(path);
        }
        let statuses = repository
            .statuses(Some(&mut options))
            .map_err(|error| failed("cannot examine the files of", &self.root, &error))?;
        let changed = statuses
            .iter()
            .filter(|entry| entry.status() != git2::Status::CURRENT);
        Ok(changed.map(|entry| entry.path_bytes().to_vec()).collect())
    }
}
