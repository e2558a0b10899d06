//! Keeps what only the disk has of a plugin that goes: in a commit, else in the backups.

use std::path::PathBuf;

use super::commit;
use super::context::Context;
use super::gitignore::gitignore;
use super::plugin_to_remove::PluginToRemove;
use super::unsaved_files::{UnsavedFiles, UnsavedScope};
use crate::error::{Error, ErrorKind, Result};
use crate::home::{Access, HomePath, LockedHome, Transaction};
use crate::host::CancelToken;
use crate::model::gitignore::Gitignore;
use crate::model::manifest::{Config, ManifestText};
use crate::model::owned;
use crate::model::pin::Pin;
use crate::text::escape;

/// What became of the commit.
pub(crate) struct Saved {
    /// None if there was nothing to commit, or it was not made.
    pub(crate) commit: Option<Pin>,
    /// Why what is not committed stays so.
    reason: &'static str,
}

/// Commits what is not committed yet of the files that go, so that history has them.
///
/// # Errors
/// It could not be committed, and failures are not ignored.
pub(crate) fn save(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    leaving: &PluginToRemove,
    manifest: &ManifestText,
    ignore_failures: bool,
    warn: &mut dyn FnMut(String),
) -> Result<Saved> {
    let not = |reason| {
        Ok(Saved {
            commit: None,
            reason,
        })
    };
    let config = &manifest.manifest().config;
    if !config.auto_commit {
        return not("the home does not commit by itself");
    }
    if !locked
        .home()
        .exists(&HomePath::plugin(&leaving.directory))?
    {
        return not("it had no files");
    }
    match try_to_save(locked, leaving, config, &context.session.cancel) {
        Ok(commit) => Ok(Saved {
            commit,
            reason: "changed by the plugin's own commands",
        }),
        Err(error) => {
            context.session.cancel.check()?;
            let message = format!("its uncommitted files could not be saved: {error}");
            if !ignore_failures {
                return Err(not_removed(leaving, error, &message));
            }
            warn(format!("{message}; it will be in no commit"));
            not("it could not be committed")
        }
    }
}

fn try_to_save(
    locked: &LockedHome<'_>,
    leaving: &PluginToRemove,
    config: &Config,
    cancel: &CancelToken,
) -> Result<Option<Pin>> {
    let plugin = HomePath::plugin(&leaving.directory);
    let message = format!("Save '{}' before removal", escape(leaving.name()));
    let (gitignore, is_new) = gitignore(locked.home(), Gitignore::put_right)?;
    if !is_new {
        // Cheaper than a commit that turns out to be empty. One that cannot tell tries it.
        let path = plugin.as_path().to_owned();
        let repository = locked.repository();
        if matches!(repository.has_unsaved(&[path], cancel), Ok(false)) {
            return Ok(None);
        }
        return commit::save(locked, &leaving.directory, &message);
    }
    // An older home: by its lines the plugin's `.env` would be among what is saved.
    let path = HomePath::gitignore();
    let mut transaction = Transaction::begin(locked, "remove", Some(&leaving.directory))?;
    match transaction.write(&path, &gitignore, Access::Shared) {
        Ok(()) => {
            let paths = [plugin, path];
            commit::commit_only(transaction, config, &message, &paths)
                .map_err(|failed| commit::take_back(failed.transaction, &[], failed.error))
        }
        Err(error) => Err(commit::take_back(transaction, &[], error)),
    }
}

/// Lists what git still does not have.
///
/// # Errors
/// Git could not be asked, and failures are not ignored.
pub(crate) fn unsaved(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    leaving: &PluginToRemove,
    saved: &Saved,
    ignore_failures: bool,
) -> Result<UnsavedFiles> {
    let (home, plugin) = (locked.home(), &leaving.directory);
    let scope = UnsavedScope::of(home, plugin, leaving.entry.as_ref());
    if !home.exists(&HomePath::plugin(plugin))? {
        return Ok(UnsavedFiles::default());
    }
    let cancel = &context.session.cancel;
    match UnsavedFiles::find(locked.repository(), plugin, scope, saved.reason, cancel) {
        Err(_) if ignore_failures && !cancel.is_cancelled() => {
            Ok(UnsavedFiles::all(scope, saved.reason))
        }
        found => found,
    }
}

/// Keeps it in the backups, as a part of the transaction that removes the plugin.
///
/// # Errors
/// It could not be kept, and failures are not ignored.
pub(crate) fn keep(
    transaction: &mut Transaction<'_>,
    leaving: &PluginToRemove,
    unsaved: &UnsavedFiles,
    ignore_failures: bool,
    warn: &mut dyn FnMut(String),
) -> Result<Option<PathBuf>> {
    let paths: Vec<_> = unsaved.paths.iter().map(|(path, _)| path.clone()).collect();
    if paths.is_empty() {
        return Ok(None);
    }
    match transaction.keep(&leaving.directory, &paths, &owned::NOTED) {
        Ok(None) => Ok(None),
        Ok(Some(kept)) => {
            warn(format!(
                "files that git does not have are kept in `{}`: {}",
                escape(&kept.to_string_lossy()),
                unsaved.names()
            ));
            Ok(Some(kept))
        }
        Err(error) if ignore_failures && error.kind() != ErrorKind::Cancelled => {
            warn(format!(
                "{} could not be kept and will be lost: {error}",
                unsaved.names()
            ));
            Ok(None)
        }
        Err(error) => {
            let message = format!("files that git does not have could not be kept: {error}");
            Err(not_removed(leaving, error, &message))
        }
    }
}

/// Keeps its `.env` in the trash, as a part of the transaction that removes the plugin.
///
/// # Errors
/// It could not be kept, and failures are not ignored.
pub(crate) fn keep_env(
    transaction: &mut Transaction<'_>,
    leaving: &PluginToRemove,
    ignore_failures: bool,
    warn: &mut dyn FnMut(String),
) -> Result<()> {
    match transaction.keep_env(&leaving.directory) {
        Err(error) if ignore_failures && error.kind() != ErrorKind::Cancelled => {
            warn(format!(
                "`.env` could not be kept and will be lost: {error}"
            ));
            Ok(())
        }
        Err(error) => {
            let message = format!("`.env` could not be kept: {error}");
            Err(not_removed(leaving, error, &message))
        }
        Ok(()) => Ok(()),
    }
}

fn not_removed(leaving: &PluginToRemove, error: Error, message: &str) -> Error {
    let name = escape(leaving.name());
    error
        .with_message(format!("`{name}` was not removed: {message}"))
        .with_plugin(leaving.directory.as_str())
        .with_help(
            "move the files away, or ignore failures: files that cannot be kept are then lost",
        )
}
