//! `uninstall` and `remove`: a plugin goes, whole or not at all.

use crate::error::Result;
use crate::home::{HomeDir, LockedHome};
use crate::model::manifest::{Manifest, ManifestText};
use crate::model::plugin::Definition;
use crate::outcome::Removed;
use crate::steps::context::Context;
use crate::steps::plugging::unplugging;
use crate::steps::plugin_to_remove::PluginToRemove;
use crate::steps::{each_plugin, home_trust, removal_prompt, save_before_removal};

pub(crate) fn run(
    context: &Context<'_>,
    plugin: &str,
    force: bool,
    ignore_failures: bool,
) -> Result<Removed> {
    // 1. Which plugin is meant, and what would go with it.
    let home = context.home()?;
    let manifest = home.manifest()?;
    let leaving = PluginToRemove::named(&home, &manifest, plugin)?;
    removal_prompt::refuse_link(&home, &leaving.directory)?;
    let plugin = (&leaving.directory, leaving.name());
    each_plugin::alone(context, plugin, || {
        removed(
            context,
            &home,
            &manifest,
            &leaving,
            (force, ignore_failures),
        )
    })
}

/// Removes what was found.
fn removed(
    context: &Context<'_>,
    home: &HomeDir,
    manifest: &Manifest,
    leaving: &PluginToRemove,
    (force, ignore_failures): (bool, bool),
) -> Result<Removed> {
    let ask = context.ask();
    let definition = leaving.definition(home);

    // 2. Ask. Nothing has changed yet, and others may change the home meanwhile.
    if !force {
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
    let unplugged =
        unplugging::before_removal(context, &locked, &leaving.directory, ignore_failures)?;
    let removed = take_away(
        context,
        &locked,
        &manifest,
        leaving,
        (&definition, ignore_failures),
    );
    let unplugged = match &removed {
        Ok(_) => unplugged.entries,
        Err(_) => unplugged.take_back(context),
    };
    removed.map(|removed| Removed {
        unplugged,
        ..removed
    })
}

/// Removes everything of it. What only the disk has is saved first: its own commands may already delete
/// it.
fn take_away(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    manifest: &ManifestText,
    leaving: &PluginToRemove,
    (definition, ignore): (&Result<Option<Definition>>, bool),
) -> Result<Removed> {
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
        leaving.take_away(context, locked, manifest, (&unsaved, ignore), &mut warn)?;
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
