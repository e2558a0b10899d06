//! `uninstall` and `remove`: a plugin goes, whole or not at all.

use std::path::PathBuf;

use super::context::Context;
use super::finish::Finished;
use super::select::{installed, standing};
use super::unsaved::Unsaved;
use super::{Removed, candidate, command, definition, finish, home_trust, leaving, saving};
use crate::error::Result;
use crate::home::{Access, FileKind, Home, HomePath, Locked, Seen, Transaction};
use crate::model::gitignore::Gitignore;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::{Entry, Manifest, ManifestText};
use crate::model::name::PluginDir;
use crate::model::plugin::Definition;
use crate::model::source::SourceKind;
use crate::text::escape;

pub(crate) fn run(
    context: &Context<'_>,
    plugin: &str,
    force: bool,
    ignore_failures: bool,
) -> Result<Removed> {
    let ask = context.ask();

    // 1. Which plugin is meant, and what would go with it.
    let home = context.home()?;
    let manifest = home.manifest()?;
    let leaving = Leaving::named(&home, &manifest, plugin)?;
    leaving::refuse_link(&home, &leaving.directory)?;
    let definition = leaving.definition(&home);

    // 2. Ask. Nothing has changed yet, and others may change the home meanwhile.
    if !force {
        let entry = leaving.entry.as_ref();
        let known = definition.as_ref().ok().and_then(Option::as_ref);
        leaving::confirm(&ask, &home, &leaving.directory, entry, known)?;
    }

    if leaving.runs(definition.as_ref().ok().and_then(Option::as_ref))
        || home_trust::pushes(&manifest)
    {
        home_trust::require(context, &ask, &home, &manifest, &[])?;
    }

    // 3. With the home locked, everything of it goes. What only the disk has is saved first: its
    //    own commands may already delete it.
    let locked = context.lock(&home)?;
    let manifest = home.manifest_file(None)?;
    leaving.still_holds(manifest.manifest())?;
    let mut warn = |text: String| context.warn(Some(leaving.directory.as_str()), &text);
    let ignore = ignore_failures;
    let saved = saving::save(context, &locked, &leaving, &manifest, ignore, &mut warn)?;
    let uninstalled = match &definition {
        Ok(Some(definition)) => {
            leaving.run_commands(context, &locked, definition, ignore, &mut warn)?
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
    let unsaved = saving::unsaved(context, &locked, &leaving, &saved, ignore)?;
    let (finished, backup) =
        leaving.take_away(context, &locked, &manifest, (&unsaved, ignore), &mut warn)?;
    Ok(Removed {
        name: leaving.name().to_owned(),
        was_installed: leaving.entry.is_some(),
        directory: leaving.directory.clone(),
        uninstalled,
        saved: saved.commit,
        backup,
        commit: finished.commit,
        push: finished.push,
        warnings: Vec::new(),
    })
}

/// A plugin, or what is left of one, that is about to go.
pub(super) struct Leaving {
    pub(super) directory: PluginDir,
    /// None if the manifest does not have it.
    pub(super) entry: Option<Entry>,
}

impl Leaving {
    /// What a word stands for: a plugin of the manifest, else a directory under `plugins/` that
    /// belongs to none. Nothing else is a name of a plugin.
    fn named(home: &Home, manifest: &Manifest, plugin: &str) -> Result<Self> {
        let unknown = match installed(manifest, plugin) {
            Ok(entry) => {
                return Ok(Leaving {
                    directory: entry.directory.clone(),
                    entry: Some(entry.clone()),
                });
            }
            Err(error) => error,
        };
        let Ok(directory) = PluginDir::new(plugin) else {
            return Err(unknown);
        };
        match home.look(&HomePath::plugin(&directory))? {
            Seen::Directory | Seen::Content(FileKind::Link, _) => Ok(Leaving {
                directory,
                entry: None,
            }),
            Seen::Content(..) | Seen::Other | Seen::Nothing => Err(unknown),
        }
    }

    pub(super) fn name(&self) -> &str {
        match &self.entry {
            Some(entry) => &entry.name,
            None => self.directory.as_str(),
        }
    }

    /// True if removing it runs commands of its own.
    fn runs(&self, definition: Option<&Definition>) -> bool {
        let events = [LifecycleEvent::Stop, LifecycleEvent::Uninstall];
        let declared = |definition| {
            events
                .iter()
                .any(|event| event.command(definition).is_some())
        };
        self.entry.is_some() && definition.is_some_and(declared)
    }

    /// Its definition. One that cannot be read keeps nobody from removing the plugin.
    fn definition(&self, home: &Home) -> Result<Option<Definition>> {
        let read = definition::of_directory(home, &self.directory)?;
        Ok(read.map(|(definition, _)| definition))
    }

    fn still_holds(&self, now: &Manifest) -> Result<()> {
        match (&self.entry, now.get(&self.directory)) {
            (Some(entry), _) => standing(now, entry),
            (None, Some(entry)) => Err(candidate::already_there(entry)),
            (None, None) => Ok(()),
        }
    }

    /// Runs `stop`, whose failure is a warning, and `uninstall`, whose failure ends it all unless
    /// failures are ignored. True if `uninstall` was run and did not fail.
    fn run_commands(
        &self,
        context: &Context<'_>,
        locked: &Locked<'_>,
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
            match command::run(context, locked, &self.directory, definition, event) {
                Ok(ran) => uninstalled = ran && event == LifecycleEvent::Uninstall,
                Err(error) if may_fail => {
                    context.session.cancel.check()?;
                    warn(match event {
                        LifecycleEvent::Uninstall => format!(
                            "{error}; what it did not undo outside the plugin's directory stays, \
                             and nothing will know how to undo it"
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
    fn take_away(
        &self,
        context: &Context<'_>,
        locked: &Locked<'_>,
        manifest: &ManifestText,
        (unsaved, ignore_failures): (&Unsaved, bool),
        warn: &mut dyn FnMut(String),
    ) -> Result<(Finished, Option<PathBuf>)> {
        let home = locked.home();
        let plugin = HomePath::plugin(&self.directory);
        let mut paths = vec![plugin.clone()];
        let mut transaction = Transaction::begin(locked, "remove", Some(&self.directory))?;
        let mut backup = None;
        let mut change = || -> Result<bool> {
            // A command of its own may have deleted it already.
            if home.exists(&plugin)? {
                backup = saving::keep(&mut transaction, self, unsaved, ignore_failures, warn)?;
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
                return Ok(true);
            }
            let changed = manifest.remove(&self.directory)?;
            let text = changed.text().as_bytes();
            transaction.write(&HomePath::manifest(), text, Access::Shared)?;
            paths.push(HomePath::manifest());
            Ok(!changed.comments_lost())
        };
        match change() {
            Ok(true) => {}
            Ok(false) => warn("the comments in `manifest.yaml` could not be kept".to_owned()),
            Err(error) => return Err(finish::take_back(transaction, &[], error)),
        }
        let message = format!("Remove plugin '{}'", escape(self.name()));
        let config = &manifest.manifest().config;
        let finished = finish::commit(context, locked, transaction, config, &message, &paths)
            .map_err(|failed| finish::take_back(failed.transaction, &[], failed.error))?;
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

/// The `.gitignore` after a change of it, and whether that is another than before.
pub(super) fn gitignore(
    home: &Home,
    change: impl FnOnce(&mut Gitignore) -> bool,
) -> Result<(Vec<u8>, bool)> {
    let bytes = home.read(&HomePath::gitignore())?.unwrap_or_default();
    let mut gitignore = Gitignore::parse(&bytes);
    let is_new = change(&mut gitignore);
    Ok((gitignore.to_bytes(), is_new))
}
