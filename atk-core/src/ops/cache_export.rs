//! `cache_export`: the object cache in a file.

use crate::error::Result;
use crate::fetching::cache_file;
use crate::outcome::CacheExported;
use crate::steps::base_dir;
use crate::steps::cached_repository;
use crate::steps::context::Context;
use crate::steps::file_beside::FileBeside;

pub(crate) fn run(context: &Context<'_>, named: &str) -> Result<CacheExported> {
    // 1. The file must not be there.
    let path = base_dir::absolute(context, Some(named))?;
    let mut file = FileBeside::of(&path)?;

    // 2. Write it beside its place: it is complete or not there.
    let cache_dir = &context.session.options.cache_dir;
    let (bounds, scope) = (context.bounds(), context.scope());
    let written = cache_file::write((file.file(), &path), cache_dir, &bounds, scope)?;

    // 3. Move it there.
    context.session.cancel.check()?;
    let bytes = file.move_to_place()?;
    Ok(CacheExported {
        path,
        bytes,
        entries: written.into_iter().map(cached_repository::entry).collect(),
        warnings: Vec::new(),
    })
}
