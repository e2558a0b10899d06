//! Removes a plugin: its commands, its directory, and what is recorded of it.

use std::path::PathBuf;

use super::commit::Finished;
use super::context::Context;
use super::gitignore::gitignore;
use super::plugin_to_remove::PluginToRemove;
use super::unsaved_files::UnsavedFiles;
use super::{commit, followed, lifecycle_command, save_before_removal};
use crate::error::Result;
use crate::home::{Access, HomePath, LockedHome, Transaction};
use crate::host::Phase;
use crate::model::gitignore::Gitignore;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::ManifestText;
use crate::model::plugin::Definition;
use crate::model::source::SourceKind;
use crate::text::escape;

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
        (unsaved, ignore_failures): (&UnsavedFiles, bool),
        warn: &mut dyn FnMut(String),
    ) -> Result<(Finished, Option<PathBuf>)> {
        let home = locked.home();
        let plugin = HomePath::plugin(&self.directory);
        let mut paths = vec![plugin.clone()];
        let step = |phase, text| context.step(Some(self.directory.as_str()), phase, text);
        step(Phase::Placing, "removing files");
        let mut transaction = Transaction::begin(locked, "remove", Some(&self.directory))?;
        let mut backup = None;
        let mut change = || -> Result<Vec<&'static str>> {
            // A command of its own may have deleted it already.
            if home.exists(&plugin)? {
                backup = save_before_removal::keep(
                    &mut transaction,
                    self,
                    unsaved,
                    ignore_failures,
                    warn,
                )?;
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
        let message = format!("Remove plugin '{}'", escape(self.name()));
        let config = &manifest.manifest().config;
        let finished = commit::commit(context, locked, transaction, config, &message, &paths)
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
