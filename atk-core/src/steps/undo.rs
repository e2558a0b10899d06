//! Undoes what a commit of the home changed of its plugins.

use std::path::Path;

use super::addition;
use super::answers::Ask;
use super::change_to_undo::ChangeToUndo;
use super::context::Context;
use super::fetched_entries::{self, Commit, Want};
use super::fetched_source::FetchedSource;
use super::followed;
use super::home_files;
use super::new_plugin::NewPlugin;
use super::new_version::StagedUpgrade;
use super::past::{self, PastPlugin, PluginChange};
use super::plugin_to_remove::PluginToRemove;
use super::removal::{self, Removing};
use super::removal_prompt;
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{FetchedEntry, StagedTree};
use crate::home::HomeDir;
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::model::pin::Pin;
use crate::model::revision::Revision;
use crate::model::source::SourceKind;
use crate::outcome::{HistoryPlugin, UndonePlugin, UpgradePlan};

/// What is to be done with a plugin, with all that it needs.
pub(crate) struct Step<'u> {
    /// What happens to it.
    pub(crate) change: HistoryPlugin,
    /// The plugin as it is, or as it comes back.
    pub(crate) entry: Entry,
    way: Way<'u>,
}

enum Way<'u> {
    /// It is as it should be.
    Nothing,
    Add(Box<NewPlugin>, bool),
    Remove,
    Replace(Box<StagedUpgrade<'u>>),
    /// What it follows, or its name, and no file.
    Record(Box<(PastPlugin, PastPlugin)>),
}

/// Brings all files that are needed, those of all plugins at once. Nothing in the home changes.
///
/// # Errors
/// Those of the sources: where one fails, there is nothing to undo with.
pub(crate) fn prepare<'u>(
    context: &Context<'_>,
    home: &HomeDir,
    staging: &Path,
    undoing: &'u ChangeToUndo,
) -> Result<Vec<Step<'u>>> {
    let mut wanted = Vec::new();
    for change in &undoing.changes {
        let (now, then) = (undoing.now.get(&change.directory), change.before.as_ref());
        if let (Some(now), Some(then)) = (now, then) {
            require_same_source(&now.entry, &then.entry)?;
        }
        if let Some(entry) = files_of(now, then) {
            wanted.push(entry);
        }
    }
    let wants: Vec<Want<'_>> = wanted
        .iter()
        .map(|(entry, pin)| Want {
            entry,
            commit: Commit::At(Revision::Commit(pin.clone())),
            have: None,
        })
        .collect();
    if !wants.is_empty() {
        context.step(None, crate::host::Phase::Fetching, "fetching");
    }
    let mut brought = fetched_entries::bring(context, staging, &wants)?.into_iter();
    let mut steps = Vec::new();
    for (number, change) in undoing.changes.iter().enumerate() {
        let (now, then) = (undoing.now.get(&change.directory), change.before.as_ref());
        let staged = match files_of(now, then) {
            Some(_) => match brought.next().ok_or_else(fetched_entries::lost)?? {
                FetchedEntry::Staged(tree) => Some(tree),
                FetchedEntry::Same { .. } => return Err(fetched_entries::lost()),
            },
            None => None,
        };
        let reversed = PluginChange {
            directory: change.directory.clone(),
            before: now.cloned(),
            after: then.cloned(),
        };
        let way = match (now, then, staged) {
            _ if past::is_same(now, then) => Way::Nothing,
            (None, Some(then), staged) => {
                let dest = staging.join(format!("local-{number}"));
                restored(context, home, undoing, (then, staged), &dest)?
            }
            (Some(_), None, _) => Way::Remove,
            (Some(now), Some(then), Some(tree)) => {
                let followed = (now.followed.clone(), then.followed.clone());
                let newer = StagedUpgrade::new(context, home, &now.entry, tree, followed)?;
                Way::Replace(Box::new(newer.named(&then.entry.name)))
            }
            (Some(now), Some(then), None) => Way::Record(Box::new((now.clone(), then.clone()))),
            (None, None, _) => Way::Nothing,
        };
        let entry = now.or(then).map(|plugin| plugin.entry.clone());
        steps.push(Step {
            change: past::describe(&reversed).ok_or_else(fetched_entries::lost)?,
            entry: entry.ok_or_else(fetched_entries::lost)?,
            way,
        });
    }
    Ok(steps)
}

/// The entry and the pin whose files are needed; None if none are, or the home's history has them.
fn files_of<'p>(
    now: Option<&'p PastPlugin>,
    then: Option<&'p PastPlugin>,
) -> Option<(&'p Entry, Pin)> {
    let then = then?;
    let pin = then.entry.source.pin.clone()?;
    let is_local = then.entry.source.kind == SourceKind::Local;
    let is_there = now.is_some_and(|now| now.entry.source.pin == then.entry.source.pin);
    (!is_local && !is_there).then_some((&then.entry, pin))
}

/// A removed plugin as it was: its files from its source or from history, `custom/` from history,
/// `.env` from the trash.
fn restored(
    context: &Context<'_>,
    home: &HomeDir,
    undoing: &ChangeToUndo,
    (then, staged): (&PastPlugin, Option<StagedTree>),
    dest: &Path,
) -> Result<Way<'static>> {
    let (entry, directory) = (&then.entry, &then.entry.directory);
    let parent = undoing.commit.parent.as_ref();
    let parent = parent.ok_or_else(fetched_entries::lost)?;
    let tree = match staged {
        Some(tree) => {
            restore_custom(home, parent, directory, &tree.dir)?;
            tree
        }
        None => home_files::stage(home, parent, directory, |_| true, dest)?,
    };
    let url = entry.source.url.as_ref();
    let obtained = FetchedSource {
        tree,
        kind: entry.source.kind,
        url: match entry.source.kind {
            SourceKind::Registry => Some(context.registry()?),
            SourceKind::Git => url.map(|url| url.url().clone()),
            SourceKind::Local => None,
        },
        subdir: url.and_then(|url| url.subdir().cloned()),
        revision: None,
        in_place: None,
        registry_name: None,
    };
    let past = undoing.past(context, home, directory)?;
    let restores_env = past.env.is_some();
    let followed = &then.followed;
    let plugin = NewPlugin::restored(context, home, obtained, (entry, followed), past)?;
    plugin.refuse_taken(home, &home.manifest()?)?;
    Ok(Way::Add(Box::new(plugin), restores_env))
}

/// Writes the `custom/` that a commit of the home has into the staged files of a plugin.
fn restore_custom(home: &HomeDir, commit: &Pin, plugin: &PluginDir, staged: &Path) -> Result<()> {
    let custom = crate::home::HomePath::plugin(plugin).join(owned::CUSTOM)?;
    let dest = staged.join(owned::CUSTOM);
    let repository = home.open_repository()?;
    if repository.version_at(commit, custom.as_path())?.is_none() {
        return Ok(());
    }
    // The user's own takes the place of one that the plugin ships.
    match std::fs::remove_dir_all(&dest) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::io("cannot delete", &dest, error)),
    }
    repository.restore(commit, custom.as_path(), |_| true, &dest)?;
    Ok(())
}

fn require_same_source(now: &Entry, then: &Entry) -> Result<()> {
    let same_url = match (&now.source.url, &then.source.url) {
        // The directory of the repository changes if its registry moves the plugin.
        (Some(now), Some(then)) => {
            now.url().as_typed() == then.url().as_typed()
                && now.subdir().is_some() == then.subdir().is_some()
        }
        (None, None) => true,
        _ => false,
    };
    if now.source.kind == then.source.kind && same_url {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidArgument,
        format!("the change gave `{}` another source", now.directory),
    )
    .with_plugin(now.directory.as_str())
    .with_help("remove the plugin, and add it from the source that it should have"))
}

/// The staged files of plugins that are there, and the plugins that they are for.
pub(crate) fn staged<'s>(steps: &'s [Step<'_>]) -> Vec<(&'s Entry, &'s StagedTree)> {
    let staged = steps.iter().filter_map(|step| match &step.way {
        Way::Replace(newer) => Some(newer.staged()),
        _ => None,
    });
    staged.collect()
}

impl Step<'_> {
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.way, Way::Nothing)
    }

    pub(crate) fn upgrade(&self) -> Option<&UpgradePlan> {
        match &self.way {
            Way::Replace(newer) => Some(&newer.plan),
            _ => None,
        }
    }

    pub(crate) fn restores_env(&self) -> bool {
        matches!(self.way, Way::Add(_, true))
    }

    /// Asks, and changes the plugin: everything or nothing of it.
    pub(crate) fn carry_out(
        self,
        context: &Context<'_>,
        ask: &Ask<'_>,
        home: &HomeDir,
        message: &str,
    ) -> Result<UndonePlugin> {
        let restored_env = self.restores_env();
        let mut done = UndonePlugin {
            change: self.change,
            installed: false,
            uninstalled: false,
            restored_env,
            backup: None,
            commit: None,
            push: None,
            warnings: Vec::new(),
        };
        match self.way {
            Way::Nothing => {}
            Way::Add(plugin, _) => {
                let manifest = home.manifest_file(None)?;
                let added =
                    addition::add(context, ask, (home, manifest), &plugin, ("undo", message))?;
                (done.installed, done.commit, done.push) =
                    (added.installed, added.commit, added.push);
            }
            Way::Remove => {
                let leaving = PluginToRemove {
                    directory: self.entry.directory.clone(),
                    entry: Some(self.entry),
                };
                removal_prompt::refuse_link(home, &leaving.directory)?;
                let how = Removing {
                    operation: "undo",
                    message,
                    force: false,
                    ignore_failures: false,
                };
                let removed = removal::remove(context, (home, &home.manifest()?), &leaving, &how)?;
                (done.uninstalled, done.backup) = (removed.uninstalled, removed.backup);
                (done.commit, done.push) = (removed.commit, removed.push);
            }
            Way::Replace(newer) => {
                let upgraded = newer.put_in_place(context, ask, home, ("undo", message))?;
                (done.installed, done.backup) = (upgraded.installed, upgraded.backup);
                (done.commit, done.push) = (upgraded.commit, upgraded.push);
            }
            Way::Record(change) => {
                let (now, then) = *change;
                let name = (now.entry.name != then.entry.name).then_some(then.entry.name.as_str());
                let finished = followed::change_named(
                    context,
                    home,
                    (&now.entry, name),
                    (&now.followed, &then.followed),
                    ("undo", message),
                )?;
                (done.commit, done.push) = (finished.commit, finished.push);
            }
        }
        Ok(done)
    }
}
