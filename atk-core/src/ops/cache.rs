//! `cache`: what the object cache holds.

use std::time::SystemTime;

use super::{CacheEntry, CacheReport};
use crate::Atk;
use crate::error::Result;
use crate::git::cache;

pub(crate) fn report(atk: &Atk) -> Result<CacheReport> {
    let entries: Vec<CacheEntry> = cache::report(&atk.options.cache_dir)?
        .into_iter()
        .map(|entry| CacheEntry {
            url: entry.url,
            bytes: entry.bytes,
            last_used: entry
                .last_used
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
        })
        .collect();
    Ok(CacheReport {
        path: atk.options.cache_dir.clone(),
        bytes: entries.iter().map(|entry| entry.bytes).sum(),
        entries,
    })
}

pub(crate) fn clear(atk: &Atk) -> Result<CacheReport> {
    let held = report(atk)?;
    cache::clear(&atk.options.cache_dir)?;
    Ok(held)
}
