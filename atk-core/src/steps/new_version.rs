//! A newer version of an installed plugin, and how it takes the place of the old one.

use super::answers::Ask;
use super::commit_date::commit_date;
use super::context::Context;
use super::differences;
use super::documentation::Documentation;
use super::followed;
use super::placement;
use super::placement::Placement;
use super::plan_digest;
use super::plugging::replug;
use super::source_trust;
use super::source_trust::Origin;
use super::variables::{self, VariablesToAsk};
use super::{commit, definition, env_file, lifecycle_command};
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::StagedTree;
use crate::home::{Access, HomeDir, HomePath, Transaction};
use crate::host::Phase;
use crate::model::git_url::GitUrl;
use crate::model::gitignore::Gitignore;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::{Entry, EntryUrl, ManifestText};
use crate::model::pin::Pin;
use crate::model::plugin::{Definition, Port};
use crate::model::source::SourceKind;
use crate::model::versions::Followed;
use crate::outcome::select::standing;
use crate::outcome::{PlugKind, UpgradePlan, Upgraded};
use crate::text::escape;

/// A newer version of a plugin, staged and checked.
pub(crate) struct StagedUpgrade<'e> {
    entry: &'e Entry,
    tree: StagedTree,
    pin: Pin,
    definition: Definition,
    registry: GitUrl,
    /// What it followed when the upgrade began, and what it follows from then on.
    followed: (Followed, Followed),
    /// What changes of what runs, a line each.
    runs: Vec<String>,
    pub(crate) plan: UpgradePlan,
}

impl<'e> StagedUpgrade<'e> {
    /// Compares a staged version with what is there. Nothing in the home changes.
    pub(crate) fn new(
        context: &Context<'_>,
        home: &HomeDir,
        entry: &'e Entry,
        tree: StagedTree,
        followed: (Followed, Followed),
    ) -> Result<Self> {
        let directory = &entry.directory;
        let pin = tree.pin.clone().ok_or_else(|| {
            Error::new(ErrorKind::Internal, "files were fetched without a commit")
        })?;
        let overlay = definition::overlay(home, directory)?;
        let (definition, problems) = definition::of_files(&tree, overlay.as_ref())?;
        // What cannot be read any more does not keep a newer version from coming.
        let old = definition::of_installed(home, entry).ok();
        let old = old.as_ref().map(|(definition, _)| definition);
        // A name that the user gave it in the manifest stays until its source changes its own.
        let is_renamed = old.is_none_or(|old| old.name != definition.name);
        let files = Placement::plan(home, directory, &tree)?.files();
        let mut plan = UpgradePlan {
            directory: directory.clone(),
            old_name: entry.name.clone(),
            new_name: match is_renamed {
                true => definition.name.clone(),
                false => entry.name.clone(),
            },
            old_pin: entry.source.pin.clone(),
            new_pin: pin.clone(),
            older: is_older(context, entry, &pin),
            commands: differences::commands(old, &definition),
            ports_added: differences::ports(&definition, old),
            ports_removed: old.map_or(Vec::new(), |old| differences::ports(old, Some(&definition))),
            variables_added: differences::variables(&definition, old),
            variables_removed: old.map_or(Vec::new(), |old| {
                differences::variables(old, Some(&definition))
            }),
            plugs: replug::plan(context, home, entry, (&definition, &tree), &pin),
            needs_trust: false,
            digest: String::new(),
            warnings: tree.warnings.iter().cloned().chain(problems).collect(),
            files,
        };
        if let Some(url) = moved_to(entry, &tree) {
            let text = format!(
                "the plugin is at `{}` of its repository now",
                url.as_typed()
            );
            plan.warnings.push(text);
        }
        let registry = context.registry()?;
        let documentation = Documentation::of(&definition, &tree.files);
        let runs = source_trust::what_changes(&plan, &documentation);
        plan.needs_trust = !runs.is_empty() && origin(entry, &registry).is_question(&definition);
        plan.digest = plan_digest::of(&plan);
        Ok(StagedUpgrade {
            entry,
            tree,
            definition,
            registry,
            followed,
            pin,
            runs,
            plan,
        })
    }

    /// Its files, with the plugin that they are for.
    pub(crate) fn staged(&self) -> (&Entry, &StagedTree) {
        (self.entry, &self.tree)
    }

    /// The plugin gets this display name, whatever the files say.
    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.plan.new_name);
        self.plan.digest = plan_digest::of(&self.plan);
        self
    }

    /// Puts the version in place: asks, then changes everything or nothing. The operation is for the
    /// journal, the message for the commit.
    pub(crate) fn put_in_place(
        self,
        context: &Context<'_>,
        ask: &Ask<'_>,
        home: &HomeDir,
        (operation, message): (&'static str, &str),
    ) -> Result<Upgraded> {
        let directory = &self.entry.directory;
        context.tell(Some(directory.as_str()), &self.in_words());

        // 5. Ask whether what has changed may run, and for what is new and required.
        if self.plan.needs_trust {
            let origin = origin(self.entry, &self.registry);
            let origin = (&origin, Some(&self.pin));
            source_trust::ask(ask, directory, &self.definition, origin, Some(&self.runs))?;
        }
        let env_path = HomePath::env(directory);
        let current = || env_file::read(context, home, directory);
        let answered = variables::ask(
            ask,
            directory,
            &self.definition.env_vars,
            (VariablesToAsk::Missing, &current()?),
            &context.session.options.env,
        )?;

        // 6. Put everything in place, in a transaction.
        let locked = context.lock(home)?;
        let manifest = home.manifest_file(None)?;
        standing(manifest.manifest(), self.entry)?;
        followed::standing(home, self.entry, &self.followed.0)?;
        let step = |phase, text| context.step(Some(directory.as_str()), phase, text);
        step(Phase::Placing, "placing files");
        let placement = Placement::plan(home, directory, &self.tree)?;
        let (env, unread) = answered.written_to(current()?)?;
        let mut warnings: Vec<String> = self.plan.warnings.iter().cloned().chain(unread).collect();
        let mut transaction = Transaction::begin(&locked, operation, Some(directory))?;
        let mut change = || {
            let kept = placement.carry_out(&mut transaction, directory, &self.tree)?;
            warnings.extend(placement::kept_warning(kept.as_deref()));
            if let Some(env) = &env {
                transaction.write(&env_path, env.to_text().as_bytes(), Access::Private)?;
            }
            for warning in self.record(&mut transaction, home, &manifest)? {
                context.warn(Some(directory.as_str()), warning);
            }
            Ok(kept)
        };
        let backup = match change() {
            Ok(backup) => backup,
            Err(error) => return Err(commit::take_back(transaction, &[], error)),
        };

        // 7. Run `install`. Where it fails the old version is back, so that the next upgrade
        // tries again; the answers stay for it.
        let keep = std::slice::from_ref(&env_path);
        let event = LifecycleEvent::Install;
        let installed =
            match lifecycle_command::run(context, &locked, directory, &self.definition, event) {
                Ok(installed) => installed,
                Err(error) => return Err(commit::take_back(transaction, keep, error)),
            };

        // 8. Commit.
        step(Phase::Committing, "committing");
        let paths = [
            HomePath::manifest(),
            HomePath::versions(),
            HomePath::gitignore(),
        ];
        let config = manifest.manifest().config;
        let done = commit::commit(context, &locked, transaction, &config, message, &paths);
        let finished = match done {
            Ok(finished) => finished,
            Err(failed) => {
                if installed && !failed.may_be_committed() {
                    let text = "the new version's `install` command had already run when the \
                                upgrade was rolled back";
                    context.warn(Some(directory.as_str()), text);
                }
                return Err(commit::take_back(failed.transaction, keep, failed.error));
            }
        };
        for warning in &warnings {
            context.warn(Some(directory.as_str()), warning);
        }

        // 9. The entries of agents follow. Nothing can fail any more, so no agent has the entry of a
        // version that was rolled back.
        let pinned = home.manifest()?;
        let entry = pinned.get(directory).unwrap_or(self.entry);
        replug::carry_out(context, &locked, entry, &self.plan.plugs);
        Ok(Upgraded {
            plan: self.plan,
            installed,
            backup,
            commit: finished.commit,
            push: finished.push,
            warnings,
        })
    }

    /// Writes pin, name and what is followed, and puts the secret patterns right. Returns
    /// warnings: comments that could not be kept.
    fn record(
        &self,
        transaction: &mut Transaction<'_>,
        home: &HomeDir,
        manifest: &ManifestText,
    ) -> Result<Vec<&'static str>> {
        let bytes = home.read(&HomePath::gitignore())?.unwrap_or_default();
        let mut gitignore = Gitignore::parse(&bytes);
        gitignore.put_right();
        let path = HomePath::gitignore();
        transaction.write(&path, &gitignore.to_bytes(), Access::Shared)?;
        let directory = &self.entry.directory;
        let mut changed = manifest.set_pin(directory, &self.pin)?;
        if self.entry.name != self.plan.new_name {
            changed = changed.set_name(directory, &self.plan.new_name)?;
        }
        if let Some(url) = moved_to(self.entry, &self.tree) {
            changed = changed.set_url(directory, &url)?;
        }
        let path = HomePath::manifest();
        transaction.write(&path, changed.text().as_bytes(), Access::Shared)?;
        let plugin = Some((directory, &self.followed.1));
        let lost = followed::record(transaction, home, changed.manifest(), plugin)?;
        Ok(changed.lost_comments().into_iter().chain(lost).collect())
    }

    /// The plan: in a line, and further ones for what a user will notice. What is asked about next
    /// is shown there.
    fn in_words(&self) -> String {
        let plan = &self.plan;
        let files = &plan.files;
        let old = plan.old_pin.as_ref().map_or("nothing", Pin::short);
        let mut lines = vec![format!(
            "upgrading `{}` from {old} to {}{}: {} added, {} changed, {} removed",
            plan.directory,
            self.pin.short(),
            if plan.older { ", which is older" } else { "" },
            files.added.len(),
            files.changed.len(),
            files.removed.len()
        )];
        let commands = plan.commands.iter().filter(|_| !plan.needs_trust);
        lines.extend(commands.map(source_trust::change));
        let port = |what: &str, port: &Port| format!("{what} port: {}", port.port);
        lines.extend(plan.ports_added.iter().map(|added| port("new", added)));
        lines.extend(plan.ports_removed.iter().map(|gone| port("removed", gone)));
        let variables = plan.variables_added.iter();
        lines.extend(variables.map(|variable| format!("new variable: {}", variable.name)));
        let variables = plan.variables_removed.iter();
        lines.extend(variables.map(|variable| format!("removed variable: {}", variable.name)));
        let plugs = plan.plugs.iter();
        lines.extend(plugs.map(|plug| match plug.kind {
            PlugKind::Server => format!("new entry for the agent: {}", plug.agent),
            PlugKind::Skill => format!("new skill for the agent: {}", plug.agent),
        }));
        let edited = files.edited.iter().map(|path| escape(path));
        lines.extend(edited.map(|path| format!("edited by you, kept in a backup: {path}")));
        lines.join("\n  ")
    }
}

/// True if a commit is known to be older than the pin.
fn is_older(context: &Context<'_>, entry: &Entry, new: &Pin) -> bool {
    let date = |pin: Option<&Pin>| commit_date(context, entry, pin?);
    match (date(entry.source.pin.as_ref()), date(Some(new))) {
        (Some(old), Some(new)) => new < old,
        _ => false,
    }
}

/// The URL that the manifest gets, if the plugin was found in another directory of its repository than the
/// one that the manifest names.
fn moved_to(entry: &Entry, tree: &StagedTree) -> Option<EntryUrl> {
    let url = entry.source.url.as_ref()?;
    let is_moved = url.subdir().is_some() && tree.subdir.is_some();
    (is_moved && url.subdir() != tree.subdir.as_deref())
        .then(|| EntryUrl::new(url.url(), tree.subdir.as_deref()))
}

/// Where the plugin comes from, as far as trust goes.
fn origin<'a>(entry: &'a Entry, registry: &'a GitUrl) -> Origin<'a> {
    match (entry.source.kind, &entry.source.url) {
        (SourceKind::Registry, _) => Origin::Registry(registry),
        (SourceKind::Git, Some(url)) => Origin::Git(url.url()),
        (SourceKind::Git, None) | (SourceKind::Local, _) => Origin::Local,
    }
}
