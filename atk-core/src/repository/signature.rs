//! Who makes the commits of ATK, when, and with which form of a message.

use std::time::{SystemTime, UNIX_EPOCH};

/// Author and committer.
pub(super) const NAME: &str = "ATK";
pub(super) const EMAIL: &str = "atk@localhost";

/// The message as git would store it: no trailing spaces, one line end at the end.
pub(super) fn tidy(message: &str) -> String {
    let lines: Vec<&str> = message.trim().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
