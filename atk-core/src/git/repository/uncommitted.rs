//! Whether something would be lost.

use std::path::{Path, PathBuf};

use super::in_process::{as_path, blob_id, filtered, head_commit};
use super::selection::{self, Selection, Served};
use super::{Engine, Repository, failed};
use crate::error::Result;
use crate::git::repository::program::Run;

impl Repository {
    /// True where files at or below these paths are not as the commit at HEAD has them: changed,
    /// removed, or untracked and not ignored.
    ///
    /// # Errors
    /// Those of [`Repository::commit`] that come from looking at the files.
    pub(crate) fn uncommitted(&self, paths: &[PathBuf]) -> Result<bool> {
        let paths = selection::checked(paths)?;
        if paths.is_empty() {
            return Ok(false);
        }
        let reason = match &self.engine {
            Engine::Program(reason) => reason.clone(),
            Engine::InProcess => match self.uncommitted_in_process(&paths)? {
                Served::Done(answer) => return Ok(answer),
                Served::NeedsProgram(reason) => reason,
            },
        };
        let git = Repository {
            engine: Engine::Program(reason),
            ..self.clone()
        };
        let mut run = Run::new(&[
            "--literal-pathspecs",
            "--no-optional-locks",
            "status",
            "--porcelain",
            "-z",
            "--",
        ]);
        run.args.extend(paths.iter().map(|path| path.as_os_str()));
        Ok(!git.run(run)?.succeeded()?.stdout.is_empty())
    }

    fn uncommitted_in_process(&self, paths: &[&Path]) -> Result<Served<bool>> {
        let git = |error: git2::Error| failed("cannot compare the files of", &self.root, &error);
        let repository = self.open_in_process()?;
        let Ok(index) = repository.index() else {
            return Ok(Served::NeedsProgram(
                "the repository has an index of a special format".into(),
            ));
        };
        let head = head_commit(&repository).map_err(git)?;
        let base = head
            .as_ref()
            .map(git2::Commit::tree)
            .transpose()
            .map_err(git)?;
        let selected =
            match selection::select(&repository, &self.root, &index, base.as_ref(), paths)? {
                Served::Done(selected) => selected,
                Served::NeedsProgram(reason) => return Ok(Served::NeedsProgram(reason)),
            };
        if let Some(reason) = filtered(&repository, &selected).map_err(git)? {
            return Ok(Served::NeedsProgram(reason));
        }
        Ok(Served::Done(self.differs(base.as_ref(), &selected)))
    }

    fn differs(&self, base: Option<&git2::Tree<'_>>, selected: &Selection) -> bool {
        let recorded = |name: &[u8]| base.and_then(|tree| tree.get_path(as_path(name)).ok());
        let changed = |name: &Vec<u8>| {
            recorded(name)
                .is_none_or(|entry| blob_id(&self.root.join(as_path(name))) != Some(entry.id()))
        };
        selected.gone.iter().any(|name| recorded(name).is_some())
            || selected.present.iter().any(changed)
    }
}
