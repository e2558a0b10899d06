//! Handles plugins one after the other, and sends an event when each starts and ends.

use super::context::Context;
use crate::error::Result;
use crate::host::{Event, PluginResult};
use crate::model::manifest::Entry;
use crate::outcome::{LineResult, Report, Select};

/// Handles one plugin after the other, each with what was prepared for it, and makes the report.
///
/// # Errors
/// Those of [`Report::of_each`].
pub(crate) fn report<'e, T, P>(
    context: &Context<'_>,
    which: &Select,
    plugins: impl ExactSizeIterator<Item = (&'e Entry, P)>,
    mut handle: impl FnMut(&'e Entry, P) -> Result<LineResult<T>>,
) -> Result<Report<T>> {
    let total = plugins.len();
    let mut position = 0;
    Report::of_each(which, plugins, |entry, prepared| {
        position += 1;
        announced(context, entry, (position, total), || {
            handle(entry, prepared)
        })
    })
}

/// Handles a plugin, which is number `position` of `total`.
pub(crate) fn announced<T>(
    context: &Context<'_>,
    entry: &Entry,
    (position, total): (usize, usize),
    handle: impl FnOnce() -> Result<LineResult<T>>,
) -> Result<LineResult<T>> {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    context.host.event(Event::PluginStarted {
        plugin: entry.directory.to_string(),
        name: entry.name.clone(),
        position: number(position),
        total: number(total),
    });
    let result = handle();
    let (kind, reason) = match &result {
        Ok(LineResult::Done { .. }) => (PluginResult::Done, None),
        Ok(LineResult::Skipped { reason }) => (PluginResult::Skipped, Some(reason.to_string())),
        Ok(LineResult::Failed { error }) | Err(error) => {
            (PluginResult::Failed, Some(error.to_string()))
        }
    };
    context.host.event(Event::PluginFinished {
        plugin: entry.directory.to_string(),
        result: kind,
        reason,
    });
    result
}
