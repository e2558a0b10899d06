//! The outcomes of `cache`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use atk_core::{CacheEntry, CacheExported, CacheImported, CacheReport, escape};
use indicatif::{BinaryBytes, HumanDuration};

use super::table::table;
use super::{DIM, count};

/// The outcome of `cache`.
pub(crate) fn cache(report: &CacheReport, now: SystemTime) -> String {
    let path = escape(&report.path.to_string_lossy());
    if report.entries.is_empty() {
        return format!("{path} is empty\n{}", trash(report, now));
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
        "{table}{DIM}{} in {path}{DIM:#}\n{}",
        BinaryBytes(report.bytes),
        trash(report, now)
    )
}

/// What the trash holds; empty without anything.
fn trash(report: &CacheReport, now: SystemTime) -> String {
    let rows = report.trash.iter().map(|entry| {
        let time = u64::try_from(entry.time).unwrap_or_default();
        let path = escape(&entry.path.to_string_lossy());
        [entry.directory.to_string(), ago(time, now), path]
    });
    let rows: Vec<_> = rows.collect();
    match rows.is_empty() {
        true => String::new(),
        false => format!("\n{}", table(["REMOVED PLUGIN", "WHEN", "ITS .env"], &rows)),
    }
}

/// The outcome of `cache clear`, with the trash or without it.
pub(crate) fn cleared(report: &CacheReport, with_trash: bool) -> String {
    let path = escape(&report.path.to_string_lossy());
    let mut text = format!("Cleared {} from {path}\n", BinaryBytes(report.bytes));
    if with_trash && !report.trash.is_empty() {
        let files = count(report.trash.len(), "file");
        text.push_str(&format!("Deleted {files} from the trash\n"));
    }
    text
}

/// The outcome of `cache export`.
pub(crate) fn exported(outcome: &CacheExported) -> String {
    let path = escape(&outcome.path.to_string_lossy());
    let size = BinaryBytes(outcome.bytes);
    format!(
        "{}Wrote {} ({size}) to {path}\n",
        urls(&outcome.entries),
        repositories(&outcome.entries)
    )
}

/// The outcome of `cache import`.
pub(crate) fn imported(outcome: &CacheImported) -> String {
    let path = escape(&outcome.path.to_string_lossy());
    format!(
        "{}Imported {} from {path}\n",
        urls(&outcome.entries),
        repositories(&outcome.entries)
    )
}

fn urls(entries: &[CacheEntry]) -> String {
    let lines = entries
        .iter()
        .map(|entry| format!("{}\n", escape(&entry.url)));
    lines.collect()
}

fn repositories(entries: &[CacheEntry]) -> String {
    match entries.len() {
        1 => "1 repository".to_owned(),
        count => format!("{count} repositories"),
    }
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
