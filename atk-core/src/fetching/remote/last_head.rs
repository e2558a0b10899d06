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
        let kept = self.entry.side_file(LAST_HEAD)?;
        let kept = String::from_utf8(kept).ok()?;
        let (seconds, pin) = kept.trim_end().split_once(' ')?;
        let then =
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds.parse().ok()?))?;
        // A clock that was set back since makes no index newer than now.
        let age = SystemTime::now().duration_since(then).unwrap_or_default();
        Some((Pin::new(pin).ok()?, age))
    }
}
