//! What the next operation does after one that was interrupted.

use super::commit;
use super::journal::Journal;
use super::locked::Locked;
use super::record::Record;
use super::{rollback, rules};
use crate::error::{Error, ErrorKind, Result};
use crate::host::{Event, Level};
use crate::text::escape;

/// Completes or undoes an unfinished transaction, if there is one, and sweeps up.
pub(super) fn recover(locked: &Locked<'_>) -> Result<()> {
    if let Some(mut journal) = Journal::open(&locked.scratch)? {
        locked.at("recover");
        resolve(locked, &mut journal)?;
    }
    locked.at("sweep");
    locked.scratch.sweep();
    Ok(())
}

/// Completes a transaction past its commit point; undoes any other.
pub(super) fn resolve(locked: &Locked<'_>, journal: &mut Journal) -> Result<()> {
    if journal.last().is_none() && journal.set_aside()?.is_empty() {
        return journal.retire(&locked.scratch);
    }
    check(journal)?;
    let header = journal.header();
    let what = match &header.plugin {
        Some(plugin) => format!("`{}` of `{}`", escape(&header.operation), escape(plugin)),
        None => format!("`{}`", escape(&header.operation)),
    };
    if let Some(record @ Record::Commit { .. }) = journal.last().cloned() {
        match commit::make(locked, &record) {
            Ok(_) => {
                commit::finish(locked, journal)?;
                tell(locked, format!("completed the interrupted {what}"));
                return Ok(());
            }
            Err(error) => locked.scope.warn(
                header.plugin.as_deref(),
                format!("the interrupted {what} could not be committed: {error}"),
            ),
        }
    }
    let undone = rollback::roll_back(locked, journal, &[]);
    if undone.is_ok() {
        tell(locked, format!("undid the interrupted {what}"));
    }
    undone
}

/// Checks that every record is one that ATK could have written.
fn check(journal: &Journal) -> Result<()> {
    let header = journal.header();
    let Some(foreign) = journal
        .records()
        .find(|record| !rules::may_undo(record, header))
    else {
        return Ok(());
    };
    let dir = journal.aside().path();
    let shown = escape(&dir.to_string_lossy());
    let what = match foreign.path() {
        Some(path) => format!("a change of `{path}`"),
        None => "a commit".to_owned(),
    };
    Err(Error::new(
        ErrorKind::RecoveryFailed,
        format!(
            "the journal in `{shown}` records {what}, which ATK never makes: it is not ATK's own"
        ),
    )
    .with_path(dir)
    .with_help(format!(
        "nothing was undone; look at what lies in `{shown}`, then delete the directory"
    )))
}

fn tell(locked: &Locked<'_>, text: String) {
    (locked.scope.report)(Event::Message {
        level: Level::Info,
        plugin: None,
        text,
    });
}
