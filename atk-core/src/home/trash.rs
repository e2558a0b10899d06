//! The trash: the answers of removed plugins, so that a removal can be undone.

use std::ffi::{OsStr, OsString};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::HomeDir;
use super::change::{Access, Change};
use super::dir::Dir;
use super::locked::LockedHome;
use super::path::HomePath;
use super::preserve;
use super::scratch::Scratch;
use super::transaction::Transaction;
use crate::error::Result;
use crate::model::name::PluginDir;
use crate::model::owned;

/// How long the trash keeps a file.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// A `.env` in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrashedEnv {
    pub(crate) plugin: PluginDir,
    /// When the plugin was removed, in seconds since 1970.
    pub(crate) time: i64,
    pub(crate) bytes: u64,
    /// Where it is.
    pub(crate) path: HomePath,
}

impl Transaction<'_> {
    /// Keeps the `.env` of a plugin in the trash, with mode 0600. It is part of the transaction. A
    /// link is not kept: what it leads to stays where it is.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn keep_env(&mut self, plugin: &PluginDir) -> Result<()> {
        let locked = self.locked;
        let env = HomePath::env(plugin);
        let Some(parent) = locked.root().parent_of(&env)? else {
            return Ok(());
        };
        let is_link = |stat: rustix::fs::Stat| {
            rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::Symlink
        };
        if parent.stat(env.name())?.is_none_or(is_link) {
            return Ok(());
        }
        let Some(bytes) = parent.read(env.name())? else {
            return Ok(());
        };
        let directory = preserve::free_time(locked, &Scratch::trash_path())?;
        let kept = directory.join(plugin.as_str())?.join(owned::ANSWERS)?;
        self.plan(|planner| {
            planner.make_parents(&kept)?;
            planner.add(Change::Write {
                path: &kept,
                bytes: &bytes,
                access: Access::Private,
            })
        })
    }
}

impl HomeDir {
    /// What the trash holds, the newest first.
    ///
    /// # Errors
    /// Those of [`HomeDir::names`].
    pub(crate) fn trash(&self) -> Result<Vec<TrashedEnv>> {
        let trash = Scratch::trash_path();
        let mut found = Vec::new();
        for name in self.names(&trash)?.unwrap_or_default() {
            let Some(time) = time_of(&name) else {
                continue;
            };
            let at = trash.child(&name);
            for plugin in self.names(&at)?.unwrap_or_default() {
                let Some(plugin) = plugin.to_str().and_then(|name| PluginDir::new(name).ok())
                else {
                    continue;
                };
                let path = at.join(plugin.as_str())?.join(owned::ANSWERS)?;
                let Some(bytes) = self.read(&path)? else {
                    continue;
                };
                let bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                found.push(TrashedEnv {
                    plugin,
                    time,
                    bytes,
                    path,
                });
            }
        }
        found.sort_by(|a, b| (b.time, &b.path).cmp(&(a.time, &a.path)));
        Ok(found)
    }
}

impl LockedHome<'_> {
    /// Deletes all that the trash holds.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn empty_trash(&self) -> Result<()> {
        match self.root().below(&Scratch::trash_path())? {
            Some(trash) => delete(&trash, |_| true),
            None => Ok(()),
        }
    }

    /// Deletes what the trash has held for 30 days. What cannot be deleted is tried again by the next
    /// change of the home.
    pub(super) fn expire_trash(&self) {
        let Ok(Some(trash)) = self.root().below(&Scratch::trash_path()) else {
            return;
        };
        let limit = SystemTime::now()
            .checked_sub(KEPT)
            .and_then(|limit| limit.duration_since(UNIX_EPOCH).ok())
            .map_or(0, |limit| limit.as_secs());
        let is_over = |name: &OsStr| {
            time_of(name).is_none_or(|time| u64::try_from(time).unwrap_or(0) < limit)
        };
        let _ = delete(&trash, is_over);
    }
}

/// Deletes entries of the trash; an entry that cannot be deleted keeps no other.
fn delete(trash: &Dir, due: impl Fn(&OsStr) -> bool) -> Result<()> {
    let names: Vec<OsString> = trash.names()?;
    let mut result = Ok(());
    for name in names.iter().filter(|name| due(name)) {
        result = result.and(trash.remove_tree(name));
    }
    result
}

/// The time that the name of a directory stands for, in seconds since 1970. None for another name.
fn time_of(name: &OsStr) -> Option<i64> {
    let name = name.to_str()?;
    let (time, number) = name.split_at_checked("20261124T135501Z".len())?;
    let is_number = number.is_empty() || number.strip_prefix('-')?.parse::<u32>().is_ok();
    let seconds = preserve::seconds(time)?;
    (is_number).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_times_with_a_number_where_that_is_taken() {
        for (name, time) in [
            ("19700101T000000Z", Some(0)),
            ("20000229T000000Z", Some(951_782_400)),
            ("20261231T235959Z", Some(1_798_761_599)),
            ("20261231T235959Z-2", Some(1_798_761_599)),
            ("20261231T235959Z2", None),
            ("20261331T235959Z", None),
            ("20260229T000000Z", None),
            ("2026-12-31T23:59", None),
            ("20261231T235959", None),
            ("0123456789abcdef0123456789abcdef", None),
            ("", None),
        ] {
            assert_eq!(time_of(OsStr::new(name)), time, "{name}");
        }
    }
}
