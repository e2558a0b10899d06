//! The outcomes of `cache`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use atk_core::{CacheReport, escape};
use indicatif::{BinaryBytes, HumanDuration};

use super::DIM;
use super::table::table;

/// The outcome of `cache`.
pub(crate) fn cache(report: &CacheReport, now: SystemTime) -> String {
    let path = escape(&report.path.to_string_lossy());
    if report.entries.is_empty() {
        return format!("{path} is empty\n");
    }
    let rows: Vec<_> = report
        .entries
        .iter()
        .map(|entry| {
            [
                BinaryBytes(entry.bytes).to_string(),
                ago(entry.last_used, now),
                escape(&entry.url),
            ]
        })
        .collect();
    let table = table(["SIZE", "LAST USED", "URL"], &rows);
    format!(
        "{table}{DIM}{} in {path}{DIM:#}\n",
        BinaryBytes(report.bytes)
    )
}

/// The outcome of `cache clear`.
pub(crate) fn cleared(report: &CacheReport) -> String {
    let path = escape(&report.path.to_string_lossy());
    format!("Cleared {} from {path}\n", BinaryBytes(report.bytes))
}

/// The age of a time, in words.
pub(super) fn ago(seconds: u64, now: SystemTime) -> String {
    let then = UNIX_EPOCH + Duration::from_secs(seconds);
    match now.duration_since(then) {
        Ok(age) if age >= Duration::from_secs(1) => format!("{} ago", HumanDuration(age)),
        Ok(_) | Err(_) => "now".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_shown_in_words() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        assert_eq!(ago(1_000_000, now), "now");
        assert_eq!(ago(1_000_009, now), "now");
        assert_eq!(ago(1_000_000 - 3 * 86_400, now), "3 days ago");
    }
}
