//! Reads a home that another operation may be changing. The result is the state before the change or
//! the state after it; a plugin that is being changed is marked as busy.

use super::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::home::{ChangeInProgress, HomeDir};
use crate::model::manifest::{Entry, Manifest};
use crate::outcome::select::installed;
use crate::text::escape;

/// How many times a read is repeated if the home changes during it.
const TRIES: u32 = 20;

/// Calls `read` with the manifest and the change in progress. If the manifest changes during the call,
/// or a change starts or ends, `read` is called again.
///
/// # Errors
/// Those of the home, and of `read`.
pub(crate) fn of<T>(
    context: &Context<'_>,
    home: &HomeDir,
    mut read: impl FnMut(&Manifest, Option<&ChangeInProgress>) -> Result<T>,
) -> Result<T> {
    let now = || {
        Ok::<_, Error>((
            home.manifest_text()?,
            home.change_in_progress(context.nested())?,
        ))
    };
    let mut before = now()?;
    for _ in 1..TRIES {
        let found = home
            .manifest_of(&before.0)
            .and_then(|manifest| read(&manifest, before.1.as_ref()));
        let after = now()?;
        if after == before {
            return found;
        }
        before = after;
        context.session.cancel.check()?;
    }
    read(&home.manifest_of(&before.0)?, before.1.as_ref())
}

/// Calls `read` with the entry of one plugin, under the same guarantee.
///
/// # Errors
/// As [`of`]; [`ErrorKind::PluginNotInstalled`]; [`ErrorKind::HomeLocked`] if an operation is
/// changing the plugin.
pub(crate) fn of_plugin<T>(
    context: &Context<'_>,
    home: &HomeDir,
    plugin: &str,
    mut read: impl FnMut(&Entry) -> Result<T>,
) -> Result<T> {
    of(context, home, |manifest, change| {
        let entry = installed(manifest, plugin)?;
        match change.filter(|change| change.is_about(entry.directory.as_str())) {
            Some(change) => Err(busy(entry, change)),
            None => read(entry),
        }
    })
}

fn busy(entry: &Entry, change: &ChangeInProgress) -> Error {
    let (name, operation) = (escape(&entry.name), escape(change.operation()));
    let (message, help) = match change.is_running() {
        true => (
            format!(
                "`{name}` is being changed by process {} (`{operation}`)",
                change.pid()
            ),
            "try again when that operation has ended",
        ),
        false => (
            format!(
                "`{operation}` of `{name}` was interrupted, and is not completed or undone yet"
            ),
            "a warning says what prevents it; `atk status` tries again",
        ),
    };
    Error::new(ErrorKind::HomeLocked, message)
        .with_plugin(entry.directory.as_str())
        .with_help(help)
}
