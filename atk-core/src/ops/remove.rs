//! `uninstall` and `remove`: a plugin goes, whole or not at all.

use super::ask::Ask;
use super::context::Context;
use super::select::{installed, standing};
use super::{RemoveOptions, Removed, candidate, command, definition, finish, leaving};
use crate::Atk;
use crate::error::Result;
use crate::home::{Access, Home, HomePath, Locked, Transaction};
use crate::host::Host;
use crate::model::gitignore::Gitignore;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::{Entry, Manifest, ManifestText};
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::plugin::Definition;
use crate::text::escape;

pub(crate) fn run(
    atk: &Atk,
    operation: &'static str,
    plugin: &str,
    options: &RemoveOptions,
    host: &dyn Host,
) -> Result<Removed> {
    let context = Context::begin(atk, host, operation, Some(plugin));
    let ask = Ask {
        answers: &options.answers,
        host,
        cancel: &atk.cancel,
    };

    // 1. Which plugin is meant, and what would go with it.
    let home = context.home()?;
    let manifest = Manifest::parse(&home.manifest_text()?)?;
    let leaving = Leaving::named(&home, &manifest, plugin)?;
    leaving::refuse_link(&home, &leaving.directory)?;
    let definition = leaving.definition(&home);

    // 2. Ask. Nothing has changed yet, and others may change the home meanwhile.
    if !options.force {
        let is_installed = leaving.entry.is_some();
        let known = definition.as_ref().ok();
        leaving::confirm(&ask, &home, &leaving.directory, is_installed, known)?;
    }

    // 3. With the home locked: its own commands first, then everything of it.
    let locked = context.lock(&home)?;
    let manifest = candidate::manifest_now(&home, None)?;
    leaving.still_holds(manifest.manifest())?;
    let mut warnings = Vec::new();
    let uninstalled = match &definition {
        Ok(definition) => {
            leaving.run_commands(&context, &locked, definition, options.force, &mut warnings)?
        }
        Err(error) => {
            warnings.push(format!("its commands could not be run: {error}"));
            false
        }
    };
    let saved = leaving.save(&context, &locked, &manifest, options.force, &mut warnings)?;
    let commit = leaving.take_away(&context, &locked, &manifest)?;
    for warning in &warnings {
        context.warn(Some(leaving.directory.as_str()), warning);
    }
    Ok(Removed {
        name: leaving.name().to_owned(),
        was_installed: leaving.entry.is_some(),
        directory: leaving.directory,
        uninstalled,
        saved,
        commit,
        warnings,
    })
}

/// A plugin, or what is left of one, that is about to go.
struct Leaving {
    directory: PluginDir,
    /// None where the manifest does not know of it.
    entry: Option<Entry>,
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
        match PluginDir::new(plugin) {
            Ok(directory) if home.exists(&HomePath::plugin(&directory))? => Ok(Leaving {
                directory,
                entry: None,
            }),
            Ok(_) | Err(_) => Err(unknown),
        }
    }

    fn name(&self) -> &str {
        match &self.entry {
            Some(entry) => &entry.name,
            None => self.directory.as_str(),
        }
    }

    /// Its definition. One that cannot be read keeps nobody from removing the plugin.
    fn definition(&self, home: &Home) -> Result<Definition> {
        let (definition, _) = definition::of_installed(home, &self.directory)?;
        Ok(definition)
    }

    fn still_holds(&self, now: &Manifest) -> Result<()> {
        match (&self.entry, now.get(&self.directory)) {
            (Some(entry), _) => standing(now, entry),
            (None, Some(entry)) => Err(candidate::already_there(entry)),
            (None, None) => Ok(()),
        }
    }

    /// Runs `stop`, whose failure is only told, and `uninstall`, whose failure ends it all unless
    /// it is forced. True where `uninstall` was run and did not fail.
    fn run_commands(
        &self,
        context: &Context<'_>,
        locked: &Locked<'_>,
        definition: &Definition,
        force: bool,
        warnings: &mut Vec<String>,
    ) -> Result<bool> {
        if self.entry.is_none() {
            // What was never installed has nothing to undo.
            return Ok(false);
        }
        let run = |event| command::run(context, locked, &self.directory, definition, event);
        for (event, may_fail) in [
            (LifecycleEvent::Stop, true),
            (LifecycleEvent::Uninstall, force),
        ] {
            match run(event) {
                Ok(ran) if event == LifecycleEvent::Uninstall => return Ok(ran),
                Ok(_) => {}
                Err(error) if may_fail => {
                    context.atk.cancel.check()?;
                    warnings.push(error.to_string());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Commits what is not committed yet of the files that go, so that history has them.
    fn save(
        &self,
        context: &Context<'_>,
        locked: &Locked<'_>,
        manifest: &ManifestText,
        force: bool,
        warnings: &mut Vec<String>,
    ) -> Result<Option<Pin>> {
        if !manifest.manifest().config.auto_commit {
            return Ok(None);
        }
        let message = format!("Save '{}' before removal", escape(self.name()));
        let path = HomePath::plugin(&self.directory);
        match finish::save(context, locked, &message, &path) {
            Err(error) if force => {
                context.atk.cancel.check()?;
                warnings.push(format!("uncommitted changes were not saved: {error}"));
                Ok(None)
            }
            saved => saved,
        }
    }

    /// Removes the directory with all that is in it, and everything that is noted down of it.
    fn take_away(
        &self,
        context: &Context<'_>,
        locked: &Locked<'_>,
        manifest: &ManifestText,
    ) -> Result<Option<Pin>> {
        let home = locked.home();
        let plugin = HomePath::plugin(&self.directory);
        let mut transaction = Transaction::begin(locked, "remove", Some(&self.directory))?;
        let mut change = || -> Result<bool> {
            // A command of its own may have deleted it already.
            if home.exists(&plugin)? {
                transaction.remove(&plugin)?;
            }
            transaction.remove_receipt(&self.directory)?;
            let path = HomePath::gitignore();
            let bytes = home.read(&path)?.unwrap_or_default();
            let mut gitignore = Gitignore::parse(&bytes);
            gitignore.remove_local(&self.directory);
            gitignore.put_right();
            transaction.write(&path, &gitignore.to_bytes(), Access::Shared)?;
            if self.entry.is_none() {
                return Ok(true);
            }
            let changed = manifest.remove(&self.directory)?;
            let text = changed.text().as_bytes();
            transaction.write(&HomePath::manifest(), text, Access::Shared)?;
            Ok(!changed.comments_lost())
        };
        match change() {
            Ok(true) => {}
            Ok(false) => context.warn(None, "the comments in `manifest.yaml` could not be kept"),
            Err(error) => return Err(finish::take_back(transaction, &[], error)),
        }
        let message = format!("Remove plugin '{}'", escape(self.name()));
        let paths = [HomePath::manifest(), HomePath::gitignore(), plugin];
        let config = manifest.manifest().config;
        finish::commit(context, locked, transaction, &config, &message, &paths)
            .map_err(|failed| finish::take_back(failed.transaction, &[], failed.error))
    }
}
