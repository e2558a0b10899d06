//! Reading a home while another operation may be changing it: what is read is the state before the
//! change, the state after it, or is marked as being changed.

use super::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::home::{HomeDir, UnderWay};
use crate::model::manifest::{Entry, Manifest};
use crate::outcome::select::installed;
use crate::text::escape;

/// How often a read is repeated that was overtaken by changes.
const TRIES: u32 = 20;

/// Reads what is wanted of a home. A read during which the manifest changed, or a change began or
/// ended, is made again.
///
/// # Errors
/// Those of the home, and of `read`.
pub(crate) fn of<T>(
    context: &Context<'_>,
    home: &HomeDir,
    mut read: impl FnMut(&Manifest, Option<&UnderWay>) -> Result<T>,
) -> Result<T> {
    let now = || Ok::<_, Error>((home.manifest_text()?, home.under_way(context.nested())?));
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

/// Reads what is wanted of one plugin.
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
        match change.filter(|change| change.is_of(entry.directory.as_str())) {
            Some(change) => Err(busy(entry, change)),
            None => read(entry),
        }
    })
}

fn busy(entry: &Entry, change: &UnderWay) -> Error {
    let (name, operation) = (escape(&entry.name), escape(change.operation()));
    let (message, help) = match change.goes_on() {
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
