//! What git tracks: what came, or could come, with a clone.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::entry_path::as_path;
use super::failure::failed;
use super::program::Run;
use super::{Backend, Repository};
use crate::error::Result;

impl Repository {
    /// True if the index has the path, or anything below it.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed).
    pub(crate) fn tracks(&self, path: &Path) -> Result<bool> {
        match &self.engine {
            Backend::InProcess => {
                let index = self
                    .open_in_process()?
                    .index()
                    .map_err(|error| failed("cannot read the index of", &self.root, &error))?;
                let prefix = path.as_os_str().as_bytes();
                Ok(index.iter().any(|entry| {
                    let rest = entry.path.strip_prefix(prefix);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
                }))
            }
            Backend::Program(_) => {
                let said = self.git(&["ls-files".as_ref(), "--".as_ref(), path.as_os_str()])?;
                Ok(!said.stdout.is_empty())
            }
        }
    }

    /// Every path that the index or HEAD has: files, links, and submodules, each as one path.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed).
    pub(crate) fn tracked(&self) -> Result<Vec<PathBuf>> {
        match self.engine {
            Backend::InProcess => self
                .tracked_in_process()
                .map_err(|error| failed("cannot list the files of", &self.root, &error)),
            Backend::Program(_) => self.tracked_by_program(),
        }
    }

    fn tracked_in_process(&self) -> std::result::Result<Vec<PathBuf>, git2::Error> {
        let repository = git2::Repository::open(&self.root)?;
        let index = repository.index()?;
        let mut paths: Vec<PathBuf> = index
            .iter()
            .map(|entry| as_path(&entry.path).to_owned())
            .collect();
        let head = match repository.head() {
            Ok(head) => head.peel_to_tree()?,
            // No commit yet.
            Err(_) => return Ok(paths),
        };
        head.walk(git2::TreeWalkMode::PreOrder, |above, entry| {
            if entry.kind() != Some(git2::ObjectType::Tree) {
                let path = [above.as_bytes(), entry.name_bytes()].concat();
                paths.push(as_path(&path).to_owned());
            }
            git2::TreeWalkResult::Ok
        })?;
        Ok(paths)
    }

    fn tracked_by_program(&self) -> Result<Vec<PathBuf>> {
        let mut names = self.run(Run::new(&["ls-files", "-z"]))?.succeeded()?.stdout;
        if self.head()?.is_some() {
            let args = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD"];
            names.extend(self.run(Run::new(&args))?.succeeded()?.stdout);
        }
        let names = names.split(|byte| *byte == 0);
        let names = names.filter(|name| !name.is_empty());
        Ok(names.map(|name| as_path(name).to_owned()).collect())
    }
}
