//! The shared tail of the operations that change a home: commit and push, or take back.

use super::context::Context;
use super::push;
use crate::error::{Error, Result};
use crate::home::{CommitFailed, CommitPlan, HomePath, LockedHome, Transaction};
use crate::model::manifest::Config;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::outcome::Push;

/// What became of a transaction.
pub(crate) struct Finished {
    /// The commit in the home's repository; None if the home does not commit by itself.
    pub(crate) commit: Option<Pin>,
    /// None if the home does not push by itself.
    pub(crate) push: Option<Push>,
}

/// Commits what a transaction changed, as the home's configuration says, and pushes.
///
/// # Errors
/// The transaction is handed back with the error, for what must happen before it is taken back.
pub(crate) fn commit<'l>(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    transaction: Transaction<'l>,
    config: &Config,
    message: &str,
    paths: &[HomePath],
) -> Result<Finished, Box<CommitFailed<'l>>> {
    let due = due(&transaction, paths);
    commit_all(context, locked, transaction, config, message, &due)
}

/// Commits these paths, whether the transaction changed them or not, and pushes.
///
/// # Errors
/// As [`commit`].
pub(crate) fn commit_all<'l>(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    transaction: Transaction<'l>,
    config: &Config,
    message: &str,
    paths: &[HomePath],
) -> Result<Finished, Box<CommitFailed<'l>>> {
    let plugin = transaction.plugin().map(str::to_owned);
    let plan = CommitPlan {
        message,
        paths,
        auto_commit: config.auto_commit,
    };
    let commit = transaction.commit(&plan)?.commit;
    let mut finished = Finished { commit, push: None };
    if let Some(commit) = &finished.commit {
        let warn = |text: String| context.warn(plugin.as_deref(), &text);
        detached(context, locked, commit).into_iter().for_each(warn);
        if config.auto_push {
            let pushed = push::push(context, locked);
            push::warning(&pushed).into_iter().for_each(warn);
            finished.push = Some(pushed);
        }
    }
    Ok(finished)
}

/// Commits what a transaction changed, as the home's configuration says. Another commit of the same
/// operation follows, which pushes both.
///
/// # Errors
/// As [`commit`].
pub(crate) fn commit_only<'l>(
    transaction: Transaction<'l>,
    config: &Config,
    message: &str,
    paths: &[HomePath],
) -> Result<Option<Pin>, Box<CommitFailed<'l>>> {
    let paths = due(&transaction, paths);
    let plan = CommitPlan {
        message,
        paths: &paths,
        auto_commit: config.auto_commit,
    };
    Ok(transaction.commit(&plan)?.commit)
}

/// The paths without the files of the home that the transaction did not change: the user may be at
/// work on them.
fn due(transaction: &Transaction<'_>, paths: &[HomePath]) -> Vec<HomePath> {
    let files = [
        HomePath::manifest(),
        HomePath::versions(),
        HomePath::gitignore(),
    ];
    let is_due = |path: &&HomePath| !files.contains(path) || transaction.changed(path);
    paths.iter().filter(is_due).cloned().collect()
}

/// The warning about a commit that no branch leads to: git forgets it once HEAD moves on.
fn detached(context: &Context<'_>, locked: &LockedHome<'_>, commit: &Pin) -> Option<String> {
    // A repository that cannot say it has just taken the commit: no reason to fail now.
    let branch = locked.repository().current_branch().ok()?;
    (branch.is_none() && context.is_first_detached()).then(|| {
        format!(
            "HEAD of the home is detached: no branch has the commit {} yet; run `git switch -c \
             <branch>` in the home to create one",
            commit.short()
        )
    })
}

/// Takes a transaction back but for what it wrote to `keep`; gives the error that led to it.
pub(crate) fn take_back(transaction: Transaction<'_>, keep: &[HomePath], error: Error) -> Error {
    match transaction.rollback_keeping(keep) {
        Ok(()) => error,
        Err(failed) => {
            let message = format!("{failed}; this came after another failure: {error}");
            failed.with_message(message).with_cause(error)
        }
    }
}

/// Makes the changes of a transaction final that no commit of the home's repository shows.
///
/// # Errors
/// Those of the disk. Everything is then as it was before.
pub(crate) fn without_commit(transaction: Transaction<'_>) -> Result<()> {
    let plan = CommitPlan {
        message: "",
        paths: &[],
        auto_commit: false,
    };
    match transaction.commit(&plan) {
        Ok(_) => Ok(()),
        Err(failed) => Err(take_back(failed.transaction, &[], failed.error)),
    }
}

/// Commits what is not committed yet at a plugin's path, before it goes. None if that is
/// nothing. It has a journal like any other commit, so that an interruption leaves no index that
/// is behind HEAD.
///
/// # Errors
/// Those of git's commit.
pub(crate) fn save(
    locked: &LockedHome<'_>,
    plugin: &PluginDir,
    message: &str,
) -> Result<Option<Pin>> {
    let transaction = Transaction::begin(locked, "save before removal", Some(plugin))?;
    let plan = CommitPlan {
        message,
        paths: &[HomePath::plugin(plugin)],
        auto_commit: true,
    };
    match transaction.commit(&plan) {
        Ok(saved) => Ok(saved.commit),
        Err(failed) => Err(take_back(failed.transaction, &[], failed.error)),
    }
}
