//! What the next operation does after one that was interrupted.

use std::time::Duration;

use super::git_commit::{GitHalf, finish};
use super::journal::Journal;
use super::lock::LockWait;
use super::locked::LockedHome;
use super::record::Record;
use super::{rollback, rules};
use crate::error::{Error, ErrorKind, Result};
use crate::host::{CancelToken, Event, Level, Scope};
use crate::repository::{Attempt, CommitError, CommitOutcome};
use crate::text::escape;

/// How often a process that an interrupted operation left is looked at.
const LOOK: Duration = Duration::from_millis(40);

/// Completes or undoes an unfinished transaction, if there is one, and sweeps up.
pub(super) fn recover(locked: &LockedHome<'_>) -> Result<()> {
    if let Some(mut journal) = Journal::open(&locked.scratch)? {
        locked.at("recover");
        resolve(locked, &mut journal)?;
    }
    locked.at("sweep");
    locked.sweep();
    Ok(())
}

/// Completes a transaction past its commit point; undoes any other.
///
/// # Errors
/// If a transaction past its commit point can be neither completed nor undone now, its journal
/// stays as it is.
pub(super) fn resolve(locked: &LockedHome<'_>, journal: &mut Journal) -> Result<()> {
    if journal.last().is_none() && journal.set_aside()?.is_empty() {
        return journal.retire(&locked.scratch);
    }
    check(journal)?;
    let header = journal.header().clone();
    let what = match &header.plugin {
        Some(plugin) => format!("`{}` of `{}`", escape(&header.operation), escape(plugin)),
        None => format!("`{}`", escape(&header.operation)),
    };
    let committed = journal
        .records()
        .find(|record| matches!(record, Record::Commit { .. }))
        .cloned();
    if let Some(record) = committed {
        match git_half(locked, journal, &record)? {
            Half::Done => {
                finish(locked, journal)?;
                tell(locked, format!("completed the interrupted {what}"));
                warn_if_not_pushed(locked);
                return Ok(());
            }
            Half::NotNow(error) => {
                let message = format!("the interrupted {what} cannot be completed now: {error}");
                return Err(error.with_message(message));
            }
            Half::Refused(error) => locked.scope.warn(
                header.plugin.as_deref(),
                format!("the interrupted {what} could not be committed: {error}"),
            ),
        }
        journal.pop_commit()?;
    }
    let undone = rollback::roll_back(locked, journal, &[]);
    if undone.is_ok() {
        tell(locked, format!("rolled back the interrupted {what}"));
    }
    undone
}

/// Warns that the commit of a completed operation is not at the remote. Recovery does not push: it
/// is also what commands do first that only look.
fn warn_if_not_pushed(locked: &LockedHome<'_>) {
    let config = locked.home().manifest().map(|manifest| manifest.config);
    if config.is_ok_and(|config| config.auto_commit && config.auto_push) {
        let text = "the commit of the interrupted operation was not pushed; the next change pushes \
                    it, or `git push` in the home";
        locked.scope.warn(None, text);
    }
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
            "the journal in `{shown}` records {what}, which ATK never makes: ATK did not write \
             this journal"
        ),
    )
    .with_path(dir)
    .with_help(format!(
        "nothing was rolled back; check the files in `{shown}`, then delete the directory"
    )))
}

/// What became of git's half of an interrupted commit.
enum Half {
    /// HEAD has it, and the index shows it.
    Done,
    /// HEAD does not have it, and will not.
    Refused(Error),
    /// HEAD may have it, or will have it later: nothing may be undone.
    NotNow(Error),
}

/// Finds out whether git's half was made, and makes it if it was not.
fn git_half(locked: &LockedHome<'_>, journal: &mut Journal, record: &Record) -> Result<Half> {
    let Some(half) = GitHalf::of(record) else {
        return Ok(Half::Done);
    };
    // The transaction is past its commit point: a cancel comes too late.
    let never = CancelToken::new();
    let scope = Scope {
        cancel: &never,
        report: locked.scope.report,
    };
    let attempt = journal.records().rev().find_map(|record| match record {
        Record::Git { attempt } => Some(attempt.clone()),
        _ => None,
    });
    if let Some(attempt) = attempt {
        wait_for(locked, &attempt)?;
        match locked.repository.settle(&attempt) {
            Ok(None) => {}
            Ok(Some(made)) => {
                let request = half.request(locked);
                return Ok(done(locked.repository.complete(&request, &attempt, &made)));
            }
            Err(error) => return Ok(Half::NotNow(error)),
        }
    }
    Ok(match half.make(locked, journal, scope) {
        Ok(outcome) => done(outcome),
        Err(CommitError::Refused(error)) if is_head_where_it_was(locked, record) => {
            Half::Refused(error)
        }
        Err(error) => Half::NotNow(error.into_error()),
    })
}

fn done(outcome: CommitOutcome) -> Half {
    match outcome.unfinished {
        None => Half::Done,
        Some(error) => Half::NotNow(error),
    }
}

/// True if there is no commit since: what is undone then is in no commit.
fn is_head_where_it_was(locked: &LockedHome<'_>, record: &Record) -> bool {
    let Record::Commit { head: then, .. } = record else {
        return false;
    };
    let now = locked.repository.head();
    now.is_ok_and(|now| now.as_ref().map(|id| id.as_str()) == then.as_deref())
}

/// Waits for a git process that outlived its operation, a slow hook's say.
fn wait_for(locked: &LockedHome<'_>, attempt: &Attempt) -> Result<()> {
    let mut told = false;
    while let Some(pid) = locked.repository.busy(attempt) {
        let who = format!("process {pid} (`git commit`), which an interrupted operation started");
        if locked.wait == LockWait::Fail {
            return Err(Error::new(
                ErrorKind::HomeLocked,
                format!("the home is locked by {who}"),
            )
            .with_path(locked.root().path()));
        }
        if !told {
            tell(locked, format!("waiting for {who}"));
            told = true;
        }
        locked.scope.cancel.check()?;
        std::thread::sleep(LOOK);
    }
    Ok(())
}

fn tell(locked: &LockedHome<'_>, text: String) {
    (locked.scope.report)(Event::Message {
        level: Level::Info,
        plugin: None,
        text,
    });
}
