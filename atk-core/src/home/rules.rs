//! Which paths a transaction may change: one set of rules for planning a change and for undoing it.
//!
//! A journal is trusted no further than this. Whoever could write one still could not make ATK
//! move, create or delete anything that an operation of ATK's never changes: the git directory,
//! a link, another plugin's files, any `custom/`.

use std::ffi::OsStr;

use super::path::HomePath;
use super::record::{Header, Record};
use super::scratch::Scratch;

/// True if a transaction may change the path at all.
pub(super) fn may_change(path: &HomePath) -> bool {
    let is_or_in = |dir: HomePath| path.as_path().starts_with(dir.as_path());
    if [
        Scratch::receipts_path(),
        Scratch::backups_path(),
        Scratch::trash_path(),
    ]
    .into_iter()
    .any(is_or_in)
    {
        return true;
    }
    let files_of_home = [
        HomePath::manifest(),
        HomePath::versions(),
        HomePath::gitignore(),
    ];
    let is_file_of_home = files_of_home.contains(path);
    let is_of_plugin = path.plugin_name().is_some() && !path.is_in_custom();
    let allowed = is_file_of_home || *path == HomePath::plugins() || is_of_plugin;
    allowed && !path.parts().any(is_git_dir)
}

/// True if the change of a record is one that the planner makes, in a transaction of that header.
pub(super) fn may_undo(record: &Record, header: &Header) -> bool {
    let concerns_its_plugin = |path: &HomePath| match path.plugin_name() {
        Some(name) => header.plugin.as_deref().map(OsStr::new) == Some(name),
        None => true,
    };
    let changes = |path: &HomePath| may_change(path) && concerns_its_plugin(path);
    match record {
        Record::MakeDir { path } => changes(path) && !path.is_env(),
        // What is the user's goes only with the whole plugin directory.
        Record::RemoveDir { path, .. } | Record::Remove { path, .. } => {
            changes(path) && !path.is_users()
        }
        // A whole plugin directory comes only by a record that spares what is the user's.
        Record::Put { path, from, .. } => changes(path) && !path.is_plugin() && is_prepared(from),
        Record::Plugin { path, from, .. } => {
            let prepared = from.as_ref().is_none_or(|(from, _)| is_prepared(from));
            path.is_plugin() && changes(path) && prepared
        }
        Record::Commit { paths, .. } => paths
            .iter()
            .all(|path| may_change(path) || path.is_in_custom()),
        Record::Git { attempt } => attempt.is_plausible(),
    }
}

/// True for what was prepared to be put in place: a new file, or something staged.
fn is_prepared(from: &HomePath) -> bool {
    let below = |dir: HomePath| {
        let inner = from.as_path().strip_prefix(dir.as_path());
        inner.is_ok_and(|inner| !inner.as_os_str().is_empty())
    };
    below(Scratch::temp_dir_path()) || below(Scratch::staging_path())
}

/// `.git` in any case, and its short name on Windows' disks.
fn is_git_dir(name: &OsStr) -> bool {
    name.eq_ignore_ascii_case(".git") || name.eq_ignore_ascii_case("git~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> HomePath {
        HomePath::new(path).unwrap()
    }

    #[test]
    fn only_what_operations_change_may_be_changed() {
        for allowed in [
            "manifest.yaml",
            ".gitignore",
            "plugins",
            "plugins/xx",
            "plugins/xx/.env",
            "plugins/xx/lib/a",
            ".git/atk/receipts/xx.json",
            ".git/atk/backups/xx/1/a",
            ".git/atk/trash/20261128T103000Z/xx/.env",
        ] {
            assert!(may_change(&path(allowed)), "{allowed}");
        }
        for refused in [
            ".git",
            ".git/config",
            ".git/hooks/pre-commit",
            ".git/atk",
            ".git/atk/lock",
            ".git/atk/transaction/1",
            ".gitmodules",
            "notes",
            "plugins/xx/custom",
            "plugins/xx/custom/run.sh",
            "plugins/xx/.git",
            "plugins/xx/.GIT/config",
            "plugins/xx/git~1/config",
            "plugins/.git",
        ] {
            assert!(!may_change(&path(refused)), "{refused}");
        }
    }
}
