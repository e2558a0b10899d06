//! When a commit of a plugin's source was made.

use super::context::Context;
use crate::model::manifest::Entry;
use crate::model::pin::Pin;
use crate::model::source::SourceKind;

/// When a commit of a plugin's source was made, in seconds since 1970. None if the object cache does
/// not have it.
pub(crate) fn commit_date(context: &Context<'_>, entry: &Entry, pin: &Pin) -> Option<i64> {
    let cache = &context.session.options.cache_dir;
    let dates = &context.commit_dates;
    match entry.source.kind {
        SourceKind::Registry => dates.of(cache, &context.registry().ok()?, pin),
        SourceKind::Git => dates.of(cache, entry.source.url.as_ref()?.url(), pin),
        SourceKind::Local => None,
    }
}
