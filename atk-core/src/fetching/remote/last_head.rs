//! What `HEAD` was when a server was asked last: for searches without a connection.

use std::time::{Duration, SystemTime};

use super::Remote;
use crate::model::pin::Pin;

/// The side file: seconds since 1970, and the commit.
pub(in crate::fetching) const LAST_HEAD: &str = "atk-head";

impl Remote<'_> {
    /// Keeps what the server said of `HEAD`.
    pub(super) fn keep_head(&self) {
        let Some(head) = self.refs.found.get("HEAD") else {
            return;
        };
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let text = format!("{} {head}\n", since.unwrap_or_default().as_secs());
        // Without it, a search without a connection finds less.
        let _ = self.entry.put_side_file(LAST_HEAD, text.as_bytes());
    }

    /// What `HEAD` was when a server was asked last, and how long ago that was.
    pub(crate) fn last_head(&self) -> Option<(Pin, Duration)> {
        let (seconds, pin) = parse(&self.entry.side_file(LAST_HEAD)?)?;
        let then = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
        // A clock that was set back since makes no index newer than now.
        let age = SystemTime::now().duration_since(then).unwrap_or_default();
        Some((pin, age))
    }
}

/// True if a file is later than the one that is there.
pub(in crate::fetching) fn is_newer_head(text: &str, present: Option<&[u8]>) -> bool {
    let seconds = |file: &[u8]| parse(file).map(|(seconds, _)| seconds);
    seconds(text.as_bytes())
        .is_some_and(|new| present.and_then(seconds).is_none_or(|old| old < new))
}

fn parse(file: &[u8]) -> Option<(u64, Pin)> {
    let (seconds, pin) = std::str::from_utf8(file).ok()?.trim_end().split_once(' ')?;
    Some((seconds.parse().ok()?, Pin::new(pin).ok()?))
}
