//! Which files a commit is about, if only the git program can read the index.

use std::collections::BTreeSet;
use std::path::Path;

use super::config::GitConfig;
use super::entry_path::as_path;
use super::failure::shown;
use super::program::Run;
use super::selection::Selection;
use super::{Repository, attributes, walk};
use crate::error::{Error, ErrorKind, Result};
use crate::host::CancelToken;
use crate::model::pin::Pin;

pub(super) type Names = BTreeSet<Vec<u8>>;

/// What git is asked about.
pub(super) struct GitQuery<'a> {
    pub(super) index: &'a Path,
    /// The commit at HEAD.
    pub(super) head: Option<&'a Pin>,
    pub(super) cancel: &'a CancelToken,
}

impl Repository {
    /// The files below the paths that are tracked, or on disk and not ignored.
    ///
    /// Git must not look at the work tree before: it would wait for a pipe with a name that it
    /// reads.
    pub(super) fn select_by_program(
        &self,
        by: &GitQuery<'_>,
        paths: &[&Path],
    ) -> Result<Selection> {
        let unmerged = ["ls-files", "-z", "--unmerged"];
        if let Some(entry) = self.list_by_program(by, &unmerged, paths)?.first() {
            let name = entry.rsplit(|byte| *byte == b'\t').next();
            let path = as_path(name.unwrap_or_default());
            return Err(Error::new(
                ErrorKind::HomeInProgress,
                format!("`{}` has conflicts that are not resolved", shown(path)),
            )
            .with_path(path));
        }
        let config = GitConfig::read(self)?;
        let mut all = self.list_by_program(by, &["ls-files", "-z"], &[])?;
        // Git may read the attributes of any tracked file, to see whether it has changed.
        attributes::check_files(self, &config, &all)?;
        if let Some(head) = by.head {
            all.extend(self.files_by_program(by, head, paths)?);
        }
        let mut selection = Selection::default();
        for path in paths {
            let below = |name: &&Vec<u8>| as_path(name).starts_with(path);
            let tracked = all.iter().filter(below).cloned().collect();
            let found = walk::walk(self, &config, path, &tracked)?;
            selection.add(path, tracked, found);
        }
        attributes::check_files(self, &config, &selection.present)?;
        Ok(selection)
    }

    /// The files of a commit at and below some paths.
    pub(super) fn files_by_program(
        &self,
        by: &GitQuery<'_>,
        commit: &Pin,
        paths: &[&Path],
    ) -> Result<Names> {
        let options = ["ls-tree", "-r", "-z", "--name-only", "--full-tree"];
        let options = [&options[..], &[commit.as_str()]].concat();
        self.list_by_program(by, &options, paths)
    }

    /// What git lists at and below some paths.
    pub(super) fn list_by_program(
        &self,
        by: &GitQuery<'_>,
        options: &[&str],
        paths: &[&Path],
    ) -> Result<Names> {
        let mut run = Run::new(&["--literal-pathspecs"]);
        run.args
            .extend(options.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
        run.args.push("--".as_ref());
        run.args.extend(paths.iter().map(|path| path.as_os_str()));
        let said = self
            .run(run.index(by.index).cancel(by.cancel))?
            .succeeded()?;
        Ok(parts(&said.stdout).map(<[u8]>::to_vec).collect())
    }
}

pub(super) fn parts(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    answer
        .split(|byte| *byte == 0)
        .filter(|part| !part.is_empty())
}
