//! A repository of the object cache, for the caller.

use std::time::SystemTime;

use crate::fetching::cache::CachedRepository;
use crate::outcome::CacheEntry;

/// What the caller is told of it.
pub(crate) fn entry(cached: CachedRepository) -> CacheEntry {
    let since = cached.last_used.duration_since(SystemTime::UNIX_EPOCH);
    CacheEntry {
        url: cached.url,
        bytes: cached.bytes,
        last_used: since.map_or(0, |since| since.as_secs()),
    }
}
