//! Fixes what may be fixed without asking.

use std::collections::BTreeSet;

use super::super::commit::{self, Finished};
use super::super::context::Context;
use super::super::gitignore::gitignore;
use super::finding::{Finding, Remedy};
use crate::error::Result;
use crate::home::{Access, HomeDir, HomePath, LockedHome, Transaction};
use crate::model::gitignore::Gitignore;
use crate::model::name::PluginDir;

/// The name of the operation, for the journal.
const OPERATION: &str = "doctor";

const MESSAGE: &str = "atk doctor: keep secrets out of git";

/// Fixes what has a remedy, after telling the host what it is about to do.
///
/// # Errors
/// Those of the lock, the home and its repository. Then nothing is committed.
pub(crate) fn apply(context: &Context<'_>, findings: &mut [Finding]) -> Result<Finished> {
    let nothing = Finished {
        commit: None,
        push: None,
    };
    let remedies: Vec<Remedy> = findings
        .iter()
        .filter_map(|finding| finding.remedy.clone())
        .collect();
    if remedies.is_empty() {
        return Ok(nothing);
    }
    for remedy in &remedies {
        context.tell(None, &remedy.in_words());
    }
    // This completes or undoes what an interrupted operation left.
    let home = context.home()?;
    let locked = context.lock(&home)?;
    let manifest = home.manifest()?;
    let config = manifest.config;
    // Without commits of its own the home's user takes files out of git.
    let is_done = |remedy: &Remedy| config.auto_commit || !matches!(remedy, Remedy::Untrack(_));
    let remedies: Vec<Remedy> = remedies.into_iter().filter(is_done).collect();
    for remedy in &remedies {
        if let Remedy::Private(plugin) = remedy {
            protect(&locked, plugin)?;
        }
    }
    let mut transaction = Transaction::begin(&locked, OPERATION, None)?;
    let paths = match change(&home, &mut transaction, &remedies) {
        Ok(paths) => paths,
        Err(error) => return Err(commit::take_back(transaction, &[], error)),
    };
    let paths: Vec<HomePath> = paths.into_iter().collect();
    let finished = match paths.is_empty() {
        true => {
            commit::without_commit(transaction)?;
            nothing
        }
        false => commit::commit_all(context, &locked, transaction, &config, MESSAGE, &paths)
            .map_err(|failed| commit::take_back(failed.transaction, &[], failed.error))?,
    };
    let fixed = |finding: &&mut Finding| {
        let remedy = finding.remedy.as_ref();
        remedy.is_some_and(|remedy| is_fixed(&locked, remedy))
    };
    findings
        .iter_mut()
        .filter(fixed)
        .for_each(|finding| finding.check.fixed = true);
    Ok(finished)
}

/// Makes the changes, and returns the paths that are to be committed.
fn change(
    home: &HomeDir,
    transaction: &mut Transaction<'_>,
    remedies: &[Remedy],
) -> Result<BTreeSet<HomePath>> {
    let mut paths = BTreeSet::new();
    for remedy in remedies {
        match remedy {
            Remedy::Recover | Remedy::Private(_) => {}
            Remedy::Gitignore => {
                let (lines, is_new) = gitignore(home, Gitignore::put_right)?;
                if is_new {
                    transaction.write(&HomePath::gitignore(), &lines, Access::Shared)?;
                    paths.insert(HomePath::gitignore());
                }
            }
            Remedy::Untrack(path) => {
                paths.insert(path.clone());
            }
        }
    }
    Ok(paths)
}

/// Lets the owner alone read the `.env` of a plugin: a transaction of its own, as it is the plugin's.
fn protect(locked: &LockedHome<'_>, plugin: &PluginDir) -> Result<()> {
    let path = HomePath::env(plugin);
    let Some(bytes) = locked.home().read(&path)? else {
        return Ok(());
    };
    let mut transaction = Transaction::begin(locked, OPERATION, Some(plugin))?;
    match transaction.write(&path, &bytes, Access::Private) {
        Ok(()) => commit::without_commit(transaction),
        Err(error) => Err(commit::take_back(transaction, &[], error)),
    }
}

/// Looks whether it helped.
fn is_fixed(locked: &LockedHome<'_>, remedy: &Remedy) -> bool {
    let home = locked.home();
    match remedy {
        Remedy::Recover => home
            .change_in_progress(None)
            .is_ok_and(|change| change.is_none()),
        Remedy::Gitignore => {
            let bytes = home.read(&HomePath::gitignore()).ok().flatten();
            bytes.is_some_and(|bytes| !Gitignore::parse(&bytes).put_right())
        }
        Remedy::Untrack(path) => {
            let tracked = locked.repository().tracks(path.as_path());
            tracked.is_ok_and(|tracked| !tracked)
        }
        Remedy::Private(plugin) => {
            use std::os::unix::fs::PermissionsExt;
            let path = home.absolute(&HomePath::env(plugin));
            let metadata = path.symlink_metadata();
            metadata.is_ok_and(|metadata| metadata.permissions().mode() & 0o077 == 0)
        }
    }
}

impl Remedy {
    fn in_words(&self) -> String {
        match self {
            Remedy::Recover => "completing or undoing the interrupted operation".to_owned(),
            Remedy::Gitignore => {
                "moving the patterns of secrets to the end of `.gitignore`".to_owned()
            }
            Remedy::Untrack(path) => {
                format!("`{path}` is no longer tracked by git; it stays on disk")
            }
            Remedy::Private(plugin) => format!("`plugins/{plugin}/.env` can be read by you alone"),
        }
    }
}
