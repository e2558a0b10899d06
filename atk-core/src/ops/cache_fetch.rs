//! `cache_fetch`: everything that the home pins, in the object cache.

use crate::error::Result;
use crate::model::source::SourceKind;
use crate::outcome::{CacheFetched, LineResult, Report, Select, Skip};
use crate::steps::context::Context;
use crate::steps::fetched_entries::{self, Commit, Want, lost};

pub(crate) fn run(context: &Context<'_>, which: &Select) -> Result<Report<CacheFetched>> {
    // 1. Which commits are wanted: those that the manifest has.
    context.kept_cache()?;
    let home = context.home()?;
    let manifest = home.manifest()?;
    let entries = which.entries(&manifest)?;
    let wants: Vec<_> = entries
        .iter()
        .filter(|entry| entry.source.kind != SourceKind::Local)
        .map(|entry| Want {
            entry,
            commit: Commit::Pinned,
            have: None,
        })
        .collect();

    // 2. Bring what is missing of them.
    let mut brought = fetched_entries::bring_to_cache(context, &wants)?.into_iter();

    // 3. Say what is there now.
    let plugins = entries.into_iter().map(|entry| match entry.source.kind {
        SourceKind::Local => (entry, None),
        SourceKind::Registry | SourceKind::Git => (entry, Some(brought.next())),
    });
    let plugins: Vec<_> = plugins.collect();
    Report::of_each(which, plugins, |_, brought| {
        let Some(brought) = brought else {
            return Ok(LineResult::Skipped {
                reason: Skip::InHome,
            });
        };
        let cached = brought.unwrap_or_else(|| Err(lost()))?;
        Ok(LineResult::Done {
            outcome: CacheFetched {
                pin: cached.pin,
                files: cached.files,
                warnings: Vec::new(),
            },
        })
    })
}
