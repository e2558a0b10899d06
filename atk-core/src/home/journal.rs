//! The undo log: a stack of records in a file.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;

use rustix::fs::OFlags;
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::dir::Dir;
use super::path::journal_dir;
use super::record::{Header, Record, VERSION};
use super::scratch::{Scratch, unique_name};
use crate::error::{Error, ErrorKind, Result};

/// The journal of one transaction.
///
/// A directory with the file `journal`, and beside it, by the numbers of their records, the
/// entries that were set aside: one rename retires it all. The file is a line of JSON each: the
/// header, then the records. Records are written in batches, each with one sync, and cut off one
/// by one from the end.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    dir: Dir,
    scratch: Dir,
    header: Header,
    entries: Vec<JournalEntry>,
    end: u64,
    batch: u64,
    /// True once the file's name is on the disk.
    named: bool,
    /// True if a failed write may have left bytes behind `end`.
    torn: bool,
}

#[derive(Debug)]
struct JournalEntry {
    offset: u64,
    line: JournalLine,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct JournalLine {
    /// The number of the batch, from 1.
    batch: u64,
    /// How many records of the batch follow.
    left: u64,
    #[serde(flatten)]
    record: Record,
}

fn name() -> &'static OsStr {
    OsStr::new("journal")
}

impl Journal {
    /// Begins a journal. Nothing is on the disk for sure before the first [`Journal::append`].
    ///
    /// # Errors
    /// [`ErrorKind::RecoveryFailed`] if there is one already.
    pub(super) fn create(scratch: &Scratch, header: Header) -> Result<Journal> {
        if scratch.dir.exists(journal_dir())? {
            return Err(Error::new(
                ErrorKind::RecoveryFailed,
                "an interrupted operation has not been rolled back yet",
            )
            .with_path(scratch.dir.path().join(journal_dir())));
        }
        let dir = scratch.dir.child_or_new(journal_dir())?;
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL;
        let file = dir
            .open_file(name(), flags)?
            .ok_or_else(|| dir.refusal("cannot create", name(), Errno::NOENT))?;
        let place = inode(&dir)?;
        let mut journal = Journal {
            file,
            dir,
            scratch: scratch.dir.duplicate()?,
            header: Header {
                place: Some(place),
                ..header
            },
            entries: Vec::new(),
            end: 0,
            batch: 0,
            named: false,
            torn: false,
        };
        let line = to_line(&journal.header)?;
        if let Err(error) = journal.write(&line) {
            // No record was written, so no change was made: the journal says nothing.
            let _ = journal.retire(scratch);
            return Err(error);
        }
        Ok(journal)
    }

    /// Reads the journal of an unfinished transaction, if there is one.
    ///
    /// # Errors
    /// [`ErrorKind::RecoveryFailed`] if it holds what cannot be a torn end.
    pub(super) fn open(scratch: &Scratch) -> Result<Option<Journal>> {
        let Some(dir) = scratch.dir.child(journal_dir())? else {
            return Ok(None);
        };
        let bytes = dir.read(name())?.unwrap_or_default();
        // Killed between making the directory and the file, or the file was deleted by hand.
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE;
        let file = dir
            .open_file(name(), flags)?
            .ok_or_else(|| dir.refusal("cannot open", name(), Errno::NOENT))?;
        let mut journal = Journal {
            file,
            dir,
            scratch: scratch.dir.duplicate()?,
            header: Header::default(),
            entries: Vec::new(),
            end: 0,
            batch: 0,
            named: true,
            torn: false,
        };
        if !journal.parse(&bytes) {
            let path = journal.dir.path().join(name());
            return Err(Error::new(
                ErrorKind::RecoveryFailed,
                format!(
                    "the journal of an interrupted operation, `{}`, is damaged, or was written by \
                     a newer version",
                    path.display()
                ),
            )
            .with_help(format!(
                "the files that the operation set aside are in the same directory; copy back what \
                 is missing, then delete the directory `{}`",
                journal.dir.path().display()
            ))
            .with_path(path));
        }
        // Cut a torn end off, so that what is written next starts on a line of its own.
        journal.set_end(journal.end)?;
        Ok(Some(journal))
    }

    /// True if all of it makes sense.
    fn parse(&mut self, bytes: &[u8]) -> bool {
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let Some(first) = lines.next() else {
            return true;
        };
        match parse_line::<Header>(first) {
            Parsed::Whole(header) if header.version == VERSION => self.header = header,
            // Torn: the first batch was not synced, so nothing was changed.
            Parsed::Torn => {
                return lines.all(|line| {
                    matches!(
                        parse_line(line),
                        Parsed::Torn | Parsed::Whole(JournalLine { batch: 1, .. })
                    )
                });
            }
            Parsed::Whole(_) | Parsed::Foreign => return false,
        }
        self.end = first.len() as u64;
        let mut torn = false;
        for line in lines {
            match parse_line::<JournalLine>(line) {
                Parsed::Whole(read) if !torn => {
                    let length = line.len() as u64;
                    self.batch = read.batch;
                    self.entries.push(JournalEntry {
                        offset: self.end,
                        line: read,
                    });
                    self.end += length;
                }
                // Pages of an unsynced batch may reach the disk in any order; a later batch was
                // begun only after the sync of this one, and so proves damage.
                Parsed::Whole(read) => {
                    if read.batch > self.torn_batch() {
                        return false;
                    }
                }
                Parsed::Torn => torn = true,
                Parsed::Foreign => return false,
            }
        }
        true
    }

    /// The batch that the record after the last one belongs to.
    fn torn_batch(&self) -> u64 {
        match self.entries.last() {
            Some(last) if last.line.left > 0 => last.line.batch,
            Some(last) => last.line.batch + 1,
            None => 1,
        }
    }

    /// True if the home was copied or restored since the journal was begun: all its inodes have
    /// other numbers.
    pub(super) fn was_copied(&self) -> Result<bool> {
        let now = inode(&self.dir)?;
        Ok(self.header.place.is_some_and(|then| then != now))
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Writes records and waits until they are on the disk. After an error none of them counts.
    pub(super) fn append(&mut self, records: &[Record]) -> Result<()> {
        if self.torn {
            self.set_end(self.end)?;
            self.torn = false;
        }
        let batch = self.batch + 1;
        let mut text = Vec::new();
        let mut entries = Vec::with_capacity(records.len());
        for (index, record) in records.iter().enumerate() {
            let line = JournalLine {
                batch,
                left: (records.len() - index - 1) as u64,
                record: record.clone(),
            };
            entries.push(JournalEntry {
                offset: self.end + text.len() as u64,
                line,
            });
            let Some(last) = entries.last() else { continue };
            text.extend(to_line(&last.line)?);
        }
        let end = self.end;
        let written = self.write(&text).and_then(|()| self.sync());
        if let Err(error) = written {
            // Where this fails too: a torn end does no harm to a reader, and a whole record of a
            // change that was not made does none either.
            self.end = end;
            self.torn = self.set_end(end).is_err();
            return Err(error);
        }
        self.batch = batch;
        self.entries.extend(entries);
        Ok(())
    }

    /// The records, the oldest first.
    pub(super) fn records(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.entries.iter().map(|entry| &entry.line.record)
    }

    pub(super) fn last(&self) -> Option<&Record> {
        self.records().next_back()
    }

    /// Cuts the last record off. Not synced: a record that comes back is undone once more.
    pub(super) fn pop(&mut self) -> Result<()> {
        if let Some(last) = self.entries.last() {
            self.set_end(last.offset)?;
            self.entries.pop();
        }
        Ok(())
    }

    /// Cuts the records of the commit off, and waits for that: the transaction must not be
    /// completed any more.
    pub(super) fn pop_commit(&mut self) -> Result<()> {
        while matches!(
            self.last(),
            Some(Record::Commit { .. } | Record::Git { .. })
        ) {
            self.pop()?;
        }
        self.sync()
    }

    /// Waits until what was appended and cut off is on the disk.
    pub(super) fn sync(&mut self) -> Result<()> {
        let fail = |error| Error::io("cannot sync", &self.dir.path().join(name()), error);
        self.file.sync_all().map_err(fail)?;
        if !self.named {
            self.dir.sync()?;
            self.scratch.sync()?;
            self.named = true;
        }
        Ok(())
    }

    /// Where entries are set aside.
    pub(super) fn aside(&self) -> &Dir {
        &self.dir
    }

    /// The names of the entries that are set aside.
    pub(super) fn set_aside(&self) -> Result<Vec<OsString>> {
        let mut names = self.dir.names()?;
        names.retain(|entry| entry != name());
        Ok(names)
    }

    /// Ends the transaction: in one step the journal is gone, and all that was set aside.
    pub(super) fn retire(&mut self, scratch: &Scratch) -> Result<()> {
        scratch
            .dir
            .rename_new(journal_dir(), &scratch.discarded, &unique_name())?;
        scratch.dir.sync()?;
        // What resists is named by `LockedHome::sweep`, which comes after.
        let _ = scratch.sweep();
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .map_err(|error| Error::io("cannot write", &self.dir.path().join(name()), error))?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn set_end(&mut self, end: u64) -> Result<()> {
        self.file
            .set_len(end)
            .map_err(|error| Error::io("cannot shorten", &self.dir.path().join(name()), error))?;
        self.end = end;
        Ok(())
    }
}

#[allow(
    clippy::unnecessary_cast,
    reason = "an inode has 32 bits on some systems"
)]
fn inode(dir: &Dir) -> Result<u64> {
    Ok(dir.stat_self()?.st_ino as u64)
}

enum Parsed<T> {
    Whole(T),
    /// Cut short, or never written.
    Torn,
    /// Whole, but not ours.
    Foreign,
}

fn parse_line<T: for<'de> Deserialize<'de>>(line: &[u8]) -> Parsed<T> {
    if !line.ends_with(b"\n") {
        return Parsed::Torn;
    }
    match serde_json::from_slice::<serde_json::Value>(line) {
        Ok(value) => serde_json::from_value(value).map_or(Parsed::Foreign, Parsed::Whole),
        Err(_) => Parsed::Torn,
    }
}

fn to_line(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value).map_err(|error| {
        Error::new(ErrorKind::Internal, "cannot write a record").with_cause(error)
    })?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::super::path::HomePath;
    use super::*;

    fn scratch() -> (tempfile::TempDir, Scratch) {
        let temp = tempfile::tempdir().unwrap();
        let root = Dir::open(&temp.path().canonicalize().unwrap()).unwrap();
        let scratch = Scratch::open_in(root).unwrap();
        (temp, scratch)
    }

    fn file(temp: &tempfile::TempDir) -> std::path::PathBuf {
        temp.path().join("transaction/journal")
    }

    fn header() -> Header {
        Header {
            version: VERSION,
            operation: "add".into(),
            plugin: Some("x".into()),
            pid: 1,
            place: None,
        }
    }

    fn make_dir(path: &str) -> Record {
        Record::MakeDir {
            path: HomePath::new(path).unwrap(),
        }
    }

    fn two_batches() -> (tempfile::TempDir, Scratch, Vec<u8>) {
        let (temp, dir) = scratch();
        let mut journal = Journal::create(&dir, header()).unwrap();
        journal.append(&[make_dir("a"), make_dir("b")]).unwrap();
        journal.append(&[make_dir("c"), make_dir("d")]).unwrap();
        let bytes = std::fs::read(file(&temp)).unwrap();
        (temp, dir, bytes)
    }

    fn count(dir: &Scratch) -> Option<usize> {
        let journal = Journal::open(dir).ok()?.unwrap();
        Some(journal.records().count())
    }

    #[test]
    fn records_are_read_back_and_cut_off_from_the_end() {
        let (_temp, dir, _) = two_batches();
        let mut journal = Journal::open(&dir).unwrap().unwrap();
        let read = Header {
            place: None,
            ..journal.header().clone()
        };
        assert_eq!(read, header());
        assert!(!journal.was_copied().unwrap());
        assert_eq!(journal.last(), Some(&make_dir("d")));
        journal.pop().unwrap();
        journal.append(&[make_dir("e")]).unwrap();
        let journal = Journal::open(&dir).unwrap().unwrap();
        let read: Vec<_> = journal.records().cloned().collect();
        assert_eq!(read, ["a", "b", "c", "e"].map(make_dir));
    }

    #[test]
    fn a_journal_cut_anywhere_holds_the_records_before_the_cut() {
        let (temp, dir, bytes) = two_batches();
        let ends: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
        for cut in 0..=bytes.len() {
            std::fs::write(file(&temp), &bytes[..cut]).unwrap();
            let whole = ends.iter().filter(|end| **end < cut).count();
            assert_eq!(count(&dir), Some(whole.saturating_sub(1)), "cut at {cut}");
        }
    }

    #[test]
    fn zeros_in_the_last_batch_are_a_torn_end_and_before_it_damage() {
        let (temp, dir, bytes) = two_batches();
        let lines: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
        let zeroed = |line: usize| {
            let mut bytes = bytes.clone();
            bytes[lines[line - 1] + 1..lines[line]].fill(0);
            std::fs::write(file(&temp), bytes).unwrap();
            count(&dir)
        };
        assert_eq!(zeroed(4), Some(3));
        assert_eq!(zeroed(3), Some(2));
        assert_eq!(zeroed(2), None);
        assert_eq!(zeroed(1), None);
    }

    #[test]
    fn a_newer_journal_is_not_guessed_at() {
        let (temp, dir, _) = two_batches();
        let newer = r#"{"version":2,"operation":"add","pid":1}"#;
        std::fs::write(file(&temp), format!("{newer}\n")).unwrap();
        let error = Journal::open(&dir).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RecoveryFailed);
        assert!(error.details().help.is_some());
    }

    #[test]
    fn a_second_journal_is_refused() {
        let (_temp, dir, _) = two_batches();
        let error = Journal::create(&dir, header()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RecoveryFailed);
    }
}
