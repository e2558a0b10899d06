//! The ledger of a home while entries and skills are written and removed.
//!
//! Each change is recorded before it is made, and once more when it has been made.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::agents::file::{self, ConfigFile, Writer};
use crate::agents::known;
use crate::agents::ledger::{Ledger, LedgerEntry, LedgerFile};
use crate::agents::skills;
use crate::agents::target::Target;
use crate::error::{Error, ErrorKind, Result};
use crate::home::{HomeDir, LockedHome};

const FILE: &str = "plugs.json";

/// The ledger of a home, settled.
pub(crate) struct Book<'a> {
    /// None while it is only read.
    pub(super) locked: Option<&'a LockedHome<'a>>,
    pub(super) ledger: Ledger,
    pub(super) writer: Rc<Writer>,
    /// The home, without links.
    pub(super) root: PathBuf,
    /// The directory of the clean copies of skills.
    pub(super) skills: PathBuf,
}

impl<'a> Book<'a> {
    /// Reads the ledger. What a killed process left pending in it is settled by the files.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`] if it cannot be read.
    pub(crate) fn read(home: &HomeDir) -> Result<Book<'static>> {
        let mut ledger = recorded(home)?;
        let skills = home.skills_dir();
        settle_all(&mut ledger, &skills, |_| {});
        Ok(Book {
            locked: None,
            ledger,
            writer: Rc::new(Writer::of(home.root())),
            root: home.root().to_owned(),
            skills,
        })
    }

    /// Reads the ledger, to change it. Removes what a killed process left beside what it wrote.
    ///
    /// # Errors
    /// As [`Book::read`].
    pub(crate) fn open(locked: &'a LockedHome<'a>) -> Result<Book<'a>> {
        let home = locked.home();
        let recorded = recorded(home)?;
        let mut ledger = recorded.clone();
        let (skills, writer) = (home.skills_dir(), Writer::of(home.root()));
        for directory in pending_directories(&ledger) {
            writer.remove_leftovers(&directory);
        }
        settle_all(&mut ledger, &skills, file::remove_directories);
        let book = Book {
            locked: Some(locked),
            ledger,
            writer: Rc::new(writer),
            root: home.root().to_owned(),
            skills,
        };
        if book.ledger != recorded {
            book.save()?;
        }
        Ok(book)
    }

    /// True if a process was killed while it changed something.
    ///
    /// # Errors
    /// As [`Book::read`].
    pub(crate) fn is_pending(home: &HomeDir) -> Result<bool> {
        Ok(!pending_directories(&recorded(home)?).is_empty())
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The lock of the home.
    pub(crate) fn locked(&self) -> Result<&'a LockedHome<'a>> {
        self.locked
            .ok_or_else(|| Error::new(ErrorKind::Internal, "the ledger was opened to be read"))
    }

    pub(super) fn save(&self) -> Result<()> {
        let bytes = self.ledger.to_bytes()?;
        self.locked()?.write_note(FILE, &bytes)
    }
}

fn recorded(home: &HomeDir) -> Result<Ledger> {
    match home.note(FILE)? {
        Some(bytes) => Ledger::parse(&bytes),
        None => Ok(Ledger::default()),
    }
}

/// The directories in which a change was made when the ledger was written.
fn pending_directories(ledger: &Ledger) -> Vec<PathBuf> {
    let files = ledger.files.iter();
    let files = files.filter(|file| file.entries.iter().any(|entry| entry.pending.is_some()));
    let files = files.map(|file| match ConfigFile::read(&file.path) {
        Ok(config) => config.target().to_owned(),
        Err(_) => file.path.clone(),
    });
    let skills = ledger.skills.iter();
    let skills = skills.filter(|skill| skill.pending.is_some());
    let paths = files.chain(skills.map(|skill| skill.path.clone()));
    paths
        .filter_map(|path| path.parent().map(Path::to_owned))
        .collect()
}

/// Settles what is pending by what is there now. `is_void` gets the directories that were created for
/// something that is not there.
fn settle_all(ledger: &mut Ledger, skills: &Path, is_void: impl Fn(&[PathBuf])) {
    for file in &mut ledger.files {
        settle(file);
        if file.entries.is_empty() {
            is_void(&file.directories);
        }
    }
    ledger.files.retain(|file| !file.entries.is_empty());
    ledger.skills.retain_mut(|skill| {
        // What cannot be read stays pending.
        let Ok(found) = skills::find(&skill.path, &skills.join(&skill.plugin)) else {
            return true;
        };
        let stays = skill.settle(&found);
        if !stays {
            is_void(&skill.directories);
        }
        stays
    });
}

/// Settles what is pending of a file by what is in it. If it cannot be read, it stays pending.
pub(super) fn settle(file: &mut LedgerFile) {
    if file.entries.iter().all(|entry| entry.pending.is_none()) {
        return;
    }
    let Ok(config) = ConfigFile::read(&file.path) else {
        return;
    };
    let path = file.path.clone();
    let digest = |entry: &LedgerEntry| target(&path, entry)?.digest(config.bytes()).ok();
    if file.entries.iter().all(|entry| digest(entry).is_some()) {
        file.settle(|entry| digest(entry).flatten());
    }
}

/// The entry of a record. `None` if its agent is not known, as to an older ATK.
pub(crate) fn target(path: &Path, entry: &LedgerEntry) -> Option<Target> {
    Some(Target {
        agent: known::find(&entry.agent)?,
        path: path.to_owned(),
        project: entry.project.clone(),
        name: entry.name.clone(),
    })
}

pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
