//! `cache`: what the object cache holds.

use crate::error::{ErrorKind, Result};
use crate::fetching::cache;
use crate::home::HomeDir;
use crate::outcome::{CacheEntry, CacheReport, TrashEntry};
use crate::steps::cached_repository;
use crate::steps::context::Context;

pub(crate) fn report(context: &Context<'_>) -> Result<CacheReport> {
    let mut entries: Vec<CacheEntry> = cache::report(&context.session.options.cache_dir)?
        .into_iter()
        .map(cached_repository::entry)
        .collect();
    // What one operation used at once is in the order of the URLs, not in that of its threads.
    entries.sort_by(|a, b| {
        b.last_used
            .cmp(&a.last_used)
            .then_with(|| a.url.cmp(&b.url))
    });
    Ok(CacheReport {
        path: context.session.options.cache_dir.clone(),
        bytes: entries.iter().map(|entry| entry.bytes).sum(),
        entries,
        trash: match context.home() {
            Ok(home) => trash(&home)?,
            Err(error) if error.kind() == ErrorKind::HomeNotInitialized => Vec::new(),
            Err(error) => return Err(error),
        },
    })
}

/// What the trash of a home holds.
fn trash(home: &HomeDir) -> Result<Vec<TrashEntry>> {
    let trashed = home.trash()?.into_iter();
    let entries = trashed.map(|trashed| TrashEntry {
        path: home.absolute(&trashed.path),
        directory: trashed.plugin,
        time: trashed.time,
        bytes: trashed.bytes,
    });
    Ok(entries.collect())
}

pub(crate) fn clear(context: &Context<'_>, with_trash: bool) -> Result<CacheReport> {
    // 1. What there is.
    let held = report(context)?;

    // 2. Nothing of it is left. A home without a trash needs no lock.
    if with_trash && !held.trash.is_empty() {
        let home = context.home()?;
        context.lock(&home)?.empty_trash()?;
    }
    cache::clear(&context.session.options.cache_dir)?;
    Ok(held)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::fetching::entry::entries_dir;
    use crate::host::{CancelToken, Silent};
    use crate::options::Options;
    use crate::session::Session;

    #[test]
    fn what_was_used_in_one_second_is_in_the_order_of_the_urls() {
        let dir = tempfile::tempdir().unwrap();
        let cache = dir.path().join("cache");
        let root = entries_dir(&cache);
        for (url, millis) in [
            ("c", 5_000),
            ("b", 7_001),
            ("a", 7_900),
            ("d", 7_500),
            ("e", 8_000),
        ] {
            let entry = root.join(url);
            std::fs::create_dir_all(&entry).unwrap();
            std::fs::write(entry.join("atk-url"), url).unwrap();
            let used = std::fs::File::create(entry.join("atk-used")).unwrap();
            let at = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
            used.set_modified(at).unwrap();
        }
        let session = Session {
            home: dir.path().join("home").into(),
            options: Options::new(cache).into(),
            cancel: CancelToken::new(),
        };
        let context = Context::begin(&session, &Silent, "cache", None);
        let entries = report(&context).unwrap().entries;
        let urls: Vec<&str> = entries.iter().map(|entry| entry.url.as_str()).collect();
        assert_eq!(urls, ["e", "a", "b", "d", "c"]);
    }
}
