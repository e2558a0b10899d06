//! The date of a commit that is in the object cache. No server is asked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use git2::ObjectType;

use super::entry::{Entry, entries_dir};
use super::object::ObjectId;
use super::store::open_odb;
use crate::model::git_url::GitUrl;
use crate::model::pin::Pin;

/// The largest commit that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// The dates that were read: the plugins of one source are often at one commit.
#[derive(Debug, Default)]
pub(crate) struct CommitDates {
    known: RefCell<HashMap<(String, Pin), i64>>,
}

impl CommitDates {
    /// When a commit was made, in seconds since 1970. None if the cache does not have it.
    pub(crate) fn of(&self, cache_dir: &Path, url: &GitUrl, pin: &Pin) -> Option<i64> {
        let key = (url.canonical(), pin.clone());
        if let Some(date) = self.known.borrow().get(&key) {
            return Some(*date);
        }
        let date = read(cache_dir, url, pin)?;
        self.known.borrow_mut().insert(key, date);
        Some(date)
    }
}

fn read(cache_dir: &Path, url: &GitUrl, pin: &Pin) -> Option<i64> {
    let entry = Entry::name(&url.canonical()).ok()?;
    let objects = entries_dir(cache_dir).join(entry).join("objects");
    if !objects.is_dir() {
        return None;
    }
    let odb = open_odb(&objects).ok()?;
    let id = ObjectId::parse(pin.as_str())?;
    let (size, kind) = odb.read_header(id.0).ok()?;
    if kind != ObjectType::Commit || size > LARGEST {
        return None;
    }
    date(odb.read(id.0).ok()?.data())
}

/// The date of the committer: `committer <name> <<address>> <seconds> <time zone>`.
fn date(commit: &[u8]) -> Option<i64> {
    let lines = commit.split(|byte| *byte == b'\n');
    let mut head = lines.take_while(|line| !line.is_empty());
    let line = head.find_map(|line| line.strip_prefix(b"committer "))?;
    let line = std::str::from_utf8(line.rsplit(|byte| *byte == b'>').next()?).ok()?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_the_committer() {
        let commit = b"tree 0\nauthor A <a@b> 5 +0000\ncommitter B > <c@d> 1700000000 +0100\n\n\
                       committer C <e@f> 6 +0000\n";
        assert_eq!(date(commit), Some(1_700_000_000));
        assert_eq!(date(b"tree 0\n\ncommitter B <c> 7 +0000\n"), None);
        assert_eq!(date(b"committer B <c> soon\n"), None);
    }
}
