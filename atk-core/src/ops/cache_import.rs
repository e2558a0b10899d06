//! `cache_import`: what a file has, in the object cache.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::fetching::{cache, cache_file};
use crate::outcome::CacheImported;
use crate::steps::base_dir;
use crate::steps::cached_repository;
use crate::steps::context::Context;
use crate::steps::named_file;

pub(crate) fn run(context: &Context<'_>, named: &str) -> Result<CacheImported> {
    // 1. There must be a file, and a cache that keeps what is in it.
    let path = base_dir::absolute(context, Some(named))?;
    let file = named_file::open(&path)?;
    let cache_dir = context.kept_cache()?;

    // 2. Add its repositories, each checked as if a server had sent it.
    let (bounds, scope) = (context.bounds(), context.scope());
    let urls = cache_file::read((file, &path), cache_dir, &bounds, scope)?;

    // 3. Say what is there now.
    let urls: BTreeSet<String> = urls.into_iter().collect();
    let mut cached = cache::report(cache_dir)?;
    cached.retain(|repository| urls.contains(&repository.url));
    cached.sort_by(|a, b| a.url.cmp(&b.url));
    Ok(CacheImported {
        path,
        entries: cached.into_iter().map(cached_repository::entry).collect(),
        warnings: Vec::new(),
    })
}
