//! Handles plugins one after the other, and sends an event when each starts and ends.

use super::context::Context;
use crate::error::Result;
use crate::host::{Event, PluginResult};
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
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
    let place = (&entry.directory, entry.name.as_str());
    between(
        context,
        place,
        (position, total),
        handle,
        |line| match line {
            LineResult::Done { .. } => (PluginResult::Done, None),
            LineResult::Skipped { reason } => (PluginResult::Skipped, Some(reason.to_string())),
            LineResult::Failed { error } => (PluginResult::Failed, Some(error.to_string())),
        },
    )
}

/// Handles the one plugin, with its display name, that an operation is about.
pub(crate) fn alone<T>(
    context: &Context<'_>,
    plugin: (&PluginDir, &str),
    handle: impl FnOnce() -> Result<T>,
) -> Result<T> {
    between(context, plugin, (1, 1), handle, |_| {
        (PluginResult::Done, None)
    })
}

/// Handles a plugin between two events.
fn between<T>(
    context: &Context<'_>,
    (directory, name): (&PluginDir, &str),
    (position, total): (usize, usize),
    handle: impl FnOnce() -> Result<T>,
    what_became: impl FnOnce(&T) -> (PluginResult, Option<String>),
) -> Result<T> {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    context.host.event(Event::PluginStarted {
        plugin: directory.to_string(),
        name: name.to_owned(),
        position: number(position),
        total: number(total),
    });
    let handled = handle();
    let (result, reason) = match &handled {
        Ok(done) => what_became(done),
        Err(error) => (PluginResult::Failed, Some(error.to_string())),
    };
    context.host.event(Event::PluginFinished {
        plugin: directory.to_string(),
        result,
        reason,
    });
    handled
}
