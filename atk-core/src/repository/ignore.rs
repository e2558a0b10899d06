//! Which untracked files git ignores.
//!
//! The rules are those of `git add`, with one exception. The home's own `.gitignore` files say
//! what the home has; the user's other rules (`core.excludesFile`, `info/exclude`) count only for
//! what these say nothing about, and never for the paths that an operation names itself.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use gix_ignore::Search;
use gix_ignore::glob::pattern::Case;
use gix_ignore::search::Ignore;

use super::Repository;
use super::config::GitConfig;
use super::pattern_file::{self, PatternSource};
use crate::error::{Error, Result};

/// Git has no `$` patterns; a later gitoxide may read them.
const AS_GIT: Ignore = Ignore {
    support_precious: false,
};

/// The rules that are in force at a place of the work tree.
pub(super) struct IgnoreRules<'r> {
    root: &'r Path,
    /// From the `.gitignore` of each directory on the way, outermost first.
    own: Search,
    users: Search,
    case: Case,
}

impl<'r> IgnoreRules<'r> {
    /// Reads the user's rules, and those at the top of the work tree.
    ///
    /// # Errors
    /// Those of [`pattern_file::read`].
    pub(super) fn read(home: &'r Repository, config: &GitConfig) -> Result<Self> {
        let mut rules = IgnoreRules {
            root: &home.root,
            own: Search::default(),
            users: Search::default(),
            case: match config.is("core.ignorecase") {
                Some(true) => Case::Fold,
                Some(false) | None => Case::Sensitive,
            },
        };
        // The later one wins: git looks at `info/exclude` first.
        let excludes = config.user_file("core.excludesfile", "ignore");
        for file in excludes
            .into_iter()
            .chain([home.common_dir.join("info/exclude")])
        {
            if let Some(bytes) = pattern_file::read(&file, PatternSource::Outside)? {
                add(&mut rules.users, &bytes, &file, None)?;
            }
        }
        rules.enter(Path::new(""))?;
        Ok(rules)
    }

    /// Adds the rules of a directory below the last one. Returns whether it has any: they are then
    /// to be left again.
    pub(super) fn enter(&mut self, directory: &Path) -> Result<bool> {
        let file = self.root.join(directory).join(".gitignore");
        let Some(bytes) = pattern_file::read(&file, PatternSource::WorkTree)? else {
            return Ok(false);
        };
        add(&mut self.own, &bytes, &file, Some(self.root))?;
        Ok(true)
    }

    /// Drops the rules that were added last.
    pub(super) fn leave(&mut self) {
        self.own.patterns.pop();
    }

    /// Returns true if git ignores this path of the directory that was entered last. That the
    /// directories above are not ignored is known already.
    pub(super) fn ignore(&self, path: &Path, is_dir: bool, asked: PathOrigin) -> bool {
        let path = path.as_os_str().as_bytes();
        let search = |rules: &Search| {
            let found = rules.pattern_matching_relative_path(path.into(), Some(is_dir), self.case);
            found.map(|found| !found.pattern.is_negative())
        };
        let own = search(&self.own);
        match asked {
            PathOrigin::Found => own.or_else(|| search(&self.users)),
            PathOrigin::Named => own,
        }
        .unwrap_or(false)
    }
}

/// How a path came up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathOrigin {
    /// An operation named it, or something below it.
    Named,
    /// It lies in a directory that an operation named.
    Found,
}

fn add(rules: &mut Search, bytes: &[u8], file: &Path, root: Option<&Path>) -> Result<()> {
    rules
        .add_patterns_buffer(bytes, file, root, AS_GIT)
        .map_err(|error| Error::io("cannot read", file, error))
}
