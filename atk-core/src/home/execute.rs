//! Carrying a batch of changes out: the journal, what is set aside, what is put in place.

use rustix::io::Errno;

use super::dir::Dir;
use super::path::HomePath;
use super::pieces;
use super::planner::Batch;
use super::record::{Record, number};
use super::scratch::unique_name;
use super::transaction::Transaction;
use crate::error::{Error, Result};

impl Transaction<'_> {
    pub(super) fn run(&mut self, batch: &Batch) -> Result<()> {
        let records = batch.records();
        if records.is_empty() {
            return Ok(());
        }
        if batch.staged {
            self.locked.at("sync-staged");
            self.sync_staged(&records)?;
        }
        self.locked.at("journal");
        self.journal.append(&records)?;
        self.locked.at("journaled");
        let mut set_aside = false;
        for record in &records {
            set_aside |= self.take_away(record)?;
        }
        if set_aside {
            self.journal.aside().sync()?;
        }
        records
            .iter()
            .try_for_each(|record| self.put_in_place(record))
    }

    /// The first half of a batch: what is in the way is set aside. True if something was.
    fn take_away(&mut self, record: &Record) -> Result<bool> {
        match record {
            Record::RemoveDir { path, .. } => {
                let parent = self.parent(path)?;
                self.locked.at("remove-dir");
                parent.remove_empty(path.name())?;
                self.touch(path);
                Ok(false)
            }
            Record::Remove { path, n } => {
                let parent = self.parent(path)?;
                self.locked.at("set-aside");
                pieces::set_aside(self.locked, &parent, path.name(), self.journal.aside(), *n)?;
                self.touch(path);
                Ok(true)
            }
            Record::Put {
                path,
                n,
                old: Some(_),
                swap,
                ..
            } => {
                let parent = self.parent(path)?;
                self.locked.at("set-aside");
                if *swap {
                    self.copy_aside(&parent, path, *n)?;
                } else {
                    pieces::set_aside(self.locked, &parent, path.name(), self.journal.aside(), *n)?;
                }
                Ok(true)
            }
            Record::Put { old: None, .. }
            | Record::MakeDir { .. }
            | Record::Plugin { .. }
            | Record::Commit { .. }
            | Record::Git { .. } => Ok(false),
        }
    }

    /// Keeps a file's bytes under a second name, while its first name stays.
    fn copy_aside(&self, parent: &Dir, path: &HomePath, n: u64) -> Result<()> {
        match parent.link(path.name(), self.journal.aside(), &number(n)) {
            Ok(()) => Ok(()),
            // No hard links here (some network file systems), or none of files of others.
            Err(
                Errno::PERM
                | Errno::NOTSUP
                | Errno::MLINK
                | Errno::NOSYS
                | Errno::ACCESS
                | Errno::XDEV,
            ) => {
                // What bears the number must be whole and on the disk.
                let temp = &self.locked.scratch.temp;
                let copy = unique_name();
                parent.copy(path.name(), temp, &copy)?;
                temp.rename_new(&copy, self.journal.aside(), &number(n))
            }
            Err(errno) => Err(parent.refusal("cannot set aside", path.name(), errno)),
        }
    }

    /// The second half of a batch: the new is put where it belongs.
    fn put_in_place(&mut self, record: &Record) -> Result<()> {
        match record {
            Record::MakeDir { path } => {
                let parent = self.parent(path)?;
                self.locked.at("make-dir");
                parent.make(path.name(), 0o777)?;
                self.touch(path);
                self.locked.at("changed");
            }
            Record::Put {
                path, from, swap, ..
            } => {
                let source = self.parent(from)?;
                let parent = self.parent(path)?;
                self.locked.at("put");
                if *swap {
                    source.rename_over(from.name(), &parent, path.name())?;
                } else {
                    source.rename_new(from.name(), &parent, path.name())?;
                }
                self.touch(path);
                self.locked.at("changed");
            }
            Record::Plugin {
                path,
                from: Some((from, _)),
                ..
            } => {
                let source = self.parent(from)?;
                let parent = self.parent(path)?;
                self.locked.at("put");
                source.rename_new(from.name(), &parent, path.name())?;
                self.touch(path);
                self.locked.at("changed");
            }
            Record::Plugin { from: None, .. }
            | Record::Remove { .. }
            | Record::RemoveDir { .. }
            | Record::Commit { .. }
            | Record::Git { .. } => {}
        }
        Ok(())
    }

    fn parent(&self, path: &HomePath) -> Result<Dir> {
        let root = self.locked.root();
        root.parent_of(path)?.ok_or_else(|| {
            let path = root.at(path);
            Error::io("cannot change", &path, Errno::NOENT.into())
        })
    }

    fn touch(&mut self, path: &HomePath) {
        self.touched.extend(path.parent());
    }

    /// Waits until what comes from staging is on the disk.
    #[cfg(target_os = "linux")]
    fn sync_staged(&self, _: &[Record]) -> Result<()> {
        self.locked.scratch.dir.sync_file_system()
    }

    #[cfg(not(target_os = "linux"))]
    fn sync_staged(&self, records: &[Record]) -> Result<()> {
        for record in records {
            let from = match record {
                Record::Put { from, .. } => from,
                Record::Plugin {
                    from: Some((from, _)),
                    ..
                } => from,
                Record::Plugin { from: None, .. }
                | Record::MakeDir { .. }
                | Record::Remove { .. }
                | Record::RemoveDir { .. }
                | Record::Commit { .. }
                | Record::Git { .. } => continue,
            };
            self.parent(from)?.sync_tree(from.name())?;
        }
        Ok(())
    }
}
