//! Removes a plugin: its commands, its directory, and what is recorded of it.

use std::path::PathBuf;

use super::commit::Finished;
use super::context::Context;
use super::gitignore::gitignore;
use super::plugging::unplugging;
use super::plugin_to_remove::PluginToRemove;
use super::unsaved_files::UnsavedFiles;
use super::{commit, followed, home_trust, lifecycle_command, removal_prompt, save_before_removal};
use crate::error::Result;
use crate::home::{Access, HomeDir, HomePath, LockedHome, Transaction};
use crate::host::Phase;
use crate::model::gitignore::Gitignore;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::{Manifest, ManifestText};
use crate::model::plugin::Definition;
use crate::model::source::SourceKind;
use crate::outcome::Removed;
use crate::outcome::select::installed;

/// How a plugin is removed.
pub(crate) struct Removing<'a> {
    /// The name of the operation, for the journal.
    pub(crate) operation: &'static str,
    /// The message of the commit.
    pub(crate) message: &'a str,
    /// Without a question.
    pub(crate) force: bool,
    pub(crate) ignore_failures: bool,
}

/// Asks, saves what only the disk has, runs `stop` and `uninstall`, takes everything away and
/// commits.
pub(crate) fn remove(
    context: &Context<'_>,
    (home, manifest): (&HomeDir, &Manifest),
    leaving: &PluginToRemove,
    how: &Removing<'_>,
) -> Result<Removed> {
    let ask = context.ask();
    let definition = leaving.definition(home);

    // 2. Ask. Nothing has changed yet, and others may change the home meanwhile.
    if !how.force {
        let entry = leaving.entry.as_ref();
        let known = definition.as_ref().ok().and_then(Option::as_ref);
        removal_prompt::confirm(&ask, home, &leaving.directory, entry, known)?;
    }

    if leaving.runs(definition.as_ref().ok().and_then(Option::as_ref))
        || home_trust::pushes(manifest)
    {
        home_trust::require(context, &ask, home, manifest, &[])?;
    }

    // 3. With the home locked, agents lose its entries: none may start what is being removed.
    let locked = context.lock(home)?;
    let manifest = home.manifest_file(None)?;
    leaving.still_holds(manifest.manifest())?;
    if leaving.entry.is_none() && !home.exists(&HomePath::plugin(&leaving.directory))? {
        // It was of an addition that has failed meanwhile.
        installed(manifest.manifest(), leaving.directory.as_str())?;
    }
    let unplugged =
        unplugging::before_removal(context, &locked, &leaving.directory, how.ignore_failures)?;
    let removed = all_of_it(context, &locked, &manifest, leaving, (&definition, how));
    let unplugged = match &removed {
        Ok(_) => unplugged.finish(),
        Err(_) => unplugged.take_back(context),
    };
    removed.map(|removed| Removed {
        unplugged,
        ..removed
    })
}

/// Removes everything of it. What only the disk has is saved first: its own commands may already delete
/// it.
fn all_of_it(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    manifest: &ManifestText,
    leaving: &PluginToRemove,
    (definition, how): (&Result<Option<Definition>>, &Removing<'_>),
) -> Result<Removed> {
    let ignore = how.ignore_failures;
    let mut warn = |text: String| context.warn(Some(leaving.directory.as_str()), &text);
    let saved = save_before_removal::save(context, locked, leaving, manifest, ignore, &mut warn)?;
    let uninstalled = match definition {
        Ok(Some(definition)) => {
            leaving.run_commands(context, locked, definition, ignore, &mut warn)?
        }
        Ok(None) => {
            if leaving.entry.is_some() {
                warn("its files are missing, so none of its commands could be run".to_owned());
            }
            false
        }
        Err(error) => {
            warn(format!("its commands could not be run: {error}"));
            false
        }
    };
    let unsaved = save_before_removal::unsaved(context, locked, leaving, &saved, ignore)?;
    let (finished, backup) =
        leaving.take_away(context, locked, manifest, (&unsaved, how), &mut warn)?;
    Ok(Removed {
        name: leaving.name().to_owned(),
        was_installed: leaving.entry.is_some(),
        directory: leaving.directory.clone(),
        uninstalled,
        unplugged: Vec::new(),
        saved: saved.commit,
        backup,
        commit: finished.commit,
        push: finished.push,
        warnings: Vec::new(),
    })
}

impl PluginToRemove {
    /// Runs `stop`, whose failure is a warning, and `uninstall`, whose failure ends it all unless
    /// failures are ignored. True if `uninstall` was run and did not fail.
    pub(crate) fn run_commands(
        &self,
        context: &Context<'_>,
        locked: &LockedHome<'_>,
        definition: &Definition,
        ignore_failures: bool,
        warn: &mut dyn FnMut(String),
    ) -> Result<bool> {
        if self.entry.is_none() {
            // What was never installed has nothing to undo.
            return Ok(false);
        }
        let plugin = HomePath::plugin(&self.directory);
        let mut uninstalled = false;
        for (event, may_fail) in [
            (LifecycleEvent::Stop, true),
            (LifecycleEvent::Uninstall, ignore_failures),
        ] {
            let declared = event.command(definition).is_some();
            if declared && !locked.home().exists(&plugin)? {
                warn(format!(
                    "its `{event}` command could not be run: it deleted its own directory"
                ));
                continue;
            }
            match lifecycle_command::run(context, locked, &self.directory, definition, event) {
                Ok(ran) => uninstalled = ran && event == LifecycleEvent::Uninstall,
                Err(error) if may_fail => {
                    context.session.cancel.check()?;
                    warn(match event {
                        LifecycleEvent::Uninstall => format!(
                            "{error}; the changes that it should have undone outside the plugin's \
                             directory stay"
                        ),
                        _ => error.to_string(),
                    });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(uninstalled)
    }

    /// Removes the directory with all that is in it, and everything that is noted down of it.
    pub(crate) fn take_away(
        &self,
        context: &Context<'_>,
        locked: &LockedHome<'_>,
        manifest: &ManifestText,
        (unsaved, how): (&UnsavedFiles, &Removing<'_>),
        warn: &mut dyn FnMut(String),
    ) -> Result<(Finished, Option<PathBuf>)> {
        let home = locked.home();
        let plugin = HomePath::plugin(&self.directory);
        let mut paths = vec![plugin.clone()];
        let step = |phase, text| context.step(Some(self.directory.as_str()), phase, text);
        step(Phase::Placing, "removing files");
        let mut transaction = Transaction::begin(locked, how.operation, Some(&self.directory))?;
        let mut backup = None;
        let mut change = || -> Result<Vec<&'static str>> {
            // A command of its own may have deleted it already.
            if home.exists(&plugin)? {
                backup = save_before_removal::keep(
                    &mut transaction,
                    self,
                    unsaved,
                    how.ignore_failures,
                    warn,
                )?;
                save_before_removal::keep_env(&mut transaction, self, how.ignore_failures, warn)?;
                transaction.remove(&plugin)?;
            }
            transaction.remove_receipt(&self.directory)?;
            let (gitignore, is_new) = gitignore(home, |lines| self.leave(lines))?;
            if is_new {
                let path = HomePath::gitignore();
                transaction.write(&path, &gitignore, Access::Shared)?;
                paths.push(path);
            }
            if self.entry.is_none() {
                return Ok(Vec::new());
            }
            let changed = manifest.remove(&self.directory)?;
            let text = changed.text().as_bytes();
            transaction.write(&HomePath::manifest(), text, Access::Shared)?;
            paths.extend([HomePath::manifest(), HomePath::versions()]);
            let lost = followed::record(&mut transaction, home, changed.manifest(), None)?;
            Ok(changed.lost_comments().into_iter().chain(lost).collect())
        };
        match change() {
            Ok(lost) => lost.into_iter().for_each(|text| warn(text.to_owned())),
            Err(error) => return Err(commit::take_back(transaction, &[], error)),
        }
        step(Phase::Committing, "committing");
        let config = &manifest.manifest().config;
        let finished = commit::commit(context, locked, transaction, config, how.message, &paths)
            .map_err(|failed| commit::take_back(failed.transaction, &[], failed.error))?;
        Ok((finished, backup))
    }

    /// Takes the lines of a local plugin out. Those of another are the user's own.
    fn leave(&self, gitignore: &mut Gitignore) -> bool {
        let entry = self.entry.as_ref();
        let may_be_ours = entry.is_none_or(|entry| entry.source.kind == SourceKind::Local);
        let is_out = may_be_ours && gitignore.remove_local(&self.directory);
        gitignore.put_right() || is_out
    }
}
