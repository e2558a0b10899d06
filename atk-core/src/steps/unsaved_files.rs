//! What git does not have of a plugin that goes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::home::{HomeDir, HomePath};
use crate::host::CancelToken;
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::model::source::SourceKind;
use crate::repository::Repository;
use crate::text::escape;

/// How many files a message names.
pub(crate) const NAMED: usize = 10;

/// What of a plugin's directory is the user's own. Anything else can be fetched again, or was made
/// by the plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnsavedScope {
    /// All of it: a local plugin, or files that came from elsewhere.
    Whole,
    /// `custom` alone.
    Custom,
}

/// Files that go with a plugin and are nowhere else. Paths are relative to the plugin's directory,
/// and an empty path is the directory itself.
#[derive(Debug, Default)]
pub(crate) struct UnsavedFiles {
    /// Each with the reason why git does not have it.
    pub(crate) paths: Vec<(PathBuf, &'static str)>,
}

impl UnsavedScope {
    pub(crate) fn of(home: &HomeDir, plugin: &PluginDir, entry: Option<&Entry>) -> Self {
        let is_fetched = match entry {
            Some(entry) => entry.source.kind != SourceKind::Local,
            None => home.receipt(plugin).is_some() || home.stamp(plugin).is_some(),
        };
        match is_fetched {
            true => UnsavedScope::Custom,
            false => UnsavedScope::Whole,
        }
    }

    /// Where the user's files are.
    fn place(self) -> &'static Path {
        Path::new(match self {
            UnsavedScope::Whole => "",
            UnsavedScope::Custom => owned::CUSTOM,
        })
    }
}

impl UnsavedFiles {
    /// What git does not have now.
    ///
    /// # Errors
    /// Those of [`Repository::left_out`].
    pub(crate) fn find(
        repository: &Repository,
        plugin: &PluginDir,
        scope: UnsavedScope,
        reason: &'static str,
        cancel: &CancelToken,
    ) -> Result<Self> {
        let plugin_path = HomePath::plugin(plugin);
        let place = match scope {
            UnsavedScope::Whole => plugin_path,
            UnsavedScope::Custom => plugin_path.join(scope.place())?,
        };
        let place = place.as_path().to_owned();
        if repository.has_unsaved(&[place], cancel)? {
            return Ok(UnsavedFiles::all(scope, reason));
        }
        UnsavedFiles::left_out(repository, plugin, scope, cancel)
    }

    /// What stays out of git even if all that can be committed is committed.
    ///
    /// # Errors
    /// Those of [`Repository::left_out`].
    pub(crate) fn left_out(
        repository: &Repository,
        plugin: &PluginDir,
        scope: UnsavedScope,
        cancel: &CancelToken,
    ) -> Result<Self> {
        let path = HomePath::plugin(plugin);
        let found = repository.left_out(&[path.as_path().to_owned()], cancel)?;
        let of = |paths: Vec<PathBuf>, reason| paths.into_iter().map(move |path| (path, reason));
        let paths = of(found.secrets, "may hold secrets")
            .chain(of(found.ignored, "ignored by a rule"))
            .chain(of(found.repositories, "a repository of its own"))
            .filter_map(|(found, reason)| {
                let inner = found.strip_prefix(path.as_path()).ok()?;
                // A directory that is ignored as a whole holds the user's files all the same.
                let place = scope.place();
                let inner = if place.starts_with(inner) {
                    place
                } else {
                    inner
                };
                let is_theirs = inner.starts_with(place) && !owned::is_noted(inner);
                is_theirs.then(|| (inner.to_owned(), reason))
            });
        Ok(UnsavedFiles {
            paths: paths.collect(),
        })
    }

    /// All that is the user's.
    pub(crate) fn all(scope: UnsavedScope, reason: &'static str) -> Self {
        UnsavedFiles {
            paths: vec![(scope.place().to_owned(), reason)],
        }
    }

    /// A line for each, up to a limit: `verb`, the path in the home, and why.
    pub(crate) fn lines(&self, home: &HomeDir, plugin: &PluginDir, verb: &str) -> Vec<String> {
        let path = HomePath::plugin(plugin);
        let there = |(inner, reason): &(PathBuf, &str)| {
            let path = path.as_path().join(inner);
            let shown = escape(&path.to_string_lossy());
            let full = home.plugin_dir(plugin).join(inner);
            let slash = if full.is_dir() { "/" } else { "" };
            let shown = shown.trim_end_matches('/');
            format!("{verb} {shown}{slash}, which git does not have ({reason})")
        };
        let mut lines: Vec<String> = self.paths.iter().take(NAMED).map(there).collect();
        let more = self.paths.len().saturating_sub(NAMED);
        if more > 0 {
            lines.push(format!("{verb} {more} more that git does not have"));
        }
        lines
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.paths.iter().map(|(path, _)| path)
    }

    /// The same, apart for each reason.
    pub(crate) fn by_reason(self) -> BTreeMap<&'static str, UnsavedFiles> {
        let mut apart: BTreeMap<_, UnsavedFiles> = BTreeMap::new();
        for (path, reason) in self.paths {
            apart.entry(reason).or_default().paths.push((path, reason));
        }
        apart
    }

    /// The names, for a sentence.
    pub(crate) fn names(&self) -> String {
        let name = |path: &PathBuf| match path.as_os_str().is_empty() {
            true => "all its files".to_owned(),
            false => format!("`{}`", escape(&path.to_string_lossy())),
        };
        let mut names: Vec<String> = self
            .paths
            .iter()
            .take(NAMED)
            .map(|(path, _)| name(path))
            .collect();
        let more = self.paths.len().saturating_sub(NAMED);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        names.join(", ")
    }
}
