//! `add`: a plugin comes into the home, whole or not at all.

use crate::error::Result;
use crate::home::{HomeDir, HomePath, Transaction};
use crate::host::Phase;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::ManifestText;
use crate::model::name::PluginDir;
use crate::model::source::Source;
use crate::outcome::{Added, At, SourceInfo};
use crate::steps::answers::Ask;
use crate::steps::context::Context;
use crate::steps::new_plugin::{NewPlugin, refuse_known, refuse_same_repository};
use crate::steps::source::announced;
use crate::steps::variables::VariablesToAsk;
use crate::steps::{
    commit, each_plugin, env_file, fetched_source, home_trust, lifecycle_command, source_trust,
    untracked_files, variables,
};
use crate::text::escape;

pub(crate) fn run(context: &Context<'_>, typed: &str, at: &At) -> Result<Added> {
    let ask = context.ask();

    // 1. Resolve what was typed, and bring its files to staging, checked on their way.
    let source = announced(context, typed)?;
    let home = context.home()?;
    let manifest = home.manifest_file(None)?;
    match &source {
        Source::Registry { name, .. } => {
            refuse_known(manifest.manifest(), &PluginDir::from_display_name(name)?)?;
        }
        Source::Git { url, subdir, .. } => {
            refuse_same_repository(manifest.manifest(), url, subdir.as_ref())?;
        }
        Source::Local { .. } => {}
    }
    let staging = home.staging()?;
    let dest = staging.path().join("plugin");
    context.step(None, Phase::Fetching, "fetching");
    let obtained = fetched_source::obtain(context, Some(&home), &source, at, &dest)?;

    // 2. Check the definition, and 3. that its place is free.
    context.step(None, Phase::Checking, "checking");
    let candidate = NewPlugin::new(context, &home, obtained)?;
    candidate.refuse_taken(&home, manifest.manifest())?;
    let plugin = (&candidate.directory, candidate.definition.name.as_str());
    each_plugin::alone(context, plugin, || {
        added(context, &ask, &source, &candidate, &home, manifest)
    })
}

/// Adds the plugin that was fetched and checked.
fn added(
    context: &Context<'_>,
    ask: &Ask<'_>,
    source: &Source,
    candidate: &NewPlugin,
    home: &HomeDir,
    manifest: ManifestText,
) -> Result<Added> {
    let directory = &candidate.directory;
    let step = |phase, description| context.step(Some(directory.as_str()), phase, description);

    // 4. Ask. Nothing has changed yet, and others may change the home meanwhile.
    let marks_home = home_trust::before_adding(context, ask, home, manifest.manifest())?;
    source_trust::ask(
        ask,
        directory,
        &candidate.definition,
        (
            &candidate.obtained.origin(),
            candidate.obtained.tree.pin.as_ref(),
        ),
        None,
    )?;
    let env_path = HomePath::env(directory);
    let current = || env_file::read(context, home, directory);
    let answered = variables::ask(
        ask,
        directory,
        &candidate.definition.env_vars,
        (VariablesToAsk::All, &current()?),
        &context.session.options.env,
    )?;
    for name in answered.undeclared(ask.answers) {
        context.warn(
            Some(directory.as_str()),
            &format!("the plugin has no variable `{name}`"),
        );
    }

    // 5. Put everything in place, in a transaction.
    let locked = context.lock(home)?;
    let manifest = home.manifest_file(Some(manifest))?;
    candidate.refuse_taken(home, manifest.manifest())?;
    let config = manifest.manifest().config;
    let (env, warnings) = answered.written_to(current()?)?;
    for warning in &warnings {
        context.warn(Some(directory.as_str()), warning);
    }
    home_trust::before_placing(home)?;
    step(Phase::Placing, "placing files");
    let mut transaction = Transaction::begin(&locked, "add", Some(directory))?;
    let mut place = || {
        let lost = candidate.place(&mut transaction, home, &manifest, env.as_ref())?;
        for warning in lost {
            context.warn(Some(directory.as_str()), warning);
        }
        match source {
            Source::Local { .. } => {
                untracked_files::warn(context, &locked, directory, config.auto_commit)
            }
            Source::Registry { .. } | Source::Git { .. } => Ok(()),
        }
    };
    if let Err(error) = place() {
        return Err(commit::take_back(transaction, &[], error));
    }

    // 6. Run `install`. Where it fails, the answers stay for the next try.
    let run =
        |event| lifecycle_command::run(context, &locked, directory, &candidate.definition, event);
    let installed = match run(LifecycleEvent::Install) {
        Ok(installed) => installed,
        Err(error) => {
            return Err(commit::take_back(
                transaction,
                std::slice::from_ref(&env_path),
                error,
            ));
        }
    };

    // 7. Commit. Where that fails, `uninstall` runs before the files go.
    step(Phase::Committing, "committing");
    let message = format!("Add plugin '{}'", escape(&candidate.definition.name));
    let paths = candidate.committed_paths()?;
    let finished = match commit::commit(context, &locked, transaction, &config, &message, &paths) {
        Ok(finished) => finished,
        Err(failed) => {
            let undoes = installed && !failed.may_be_committed();
            if undoes && let Err(error) = run(LifecycleEvent::Uninstall) {
                context.warn(Some(directory.as_str()), &error.to_string());
            }
            return Err(commit::take_back(
                failed.transaction,
                std::slice::from_ref(&env_path),
                failed.error,
            ));
        }
    };
    if marks_home {
        home_trust::mark(context, home);
    }
    Ok(Added {
        name: candidate.definition.name.clone(),
        directory: directory.clone(),
        path: home.plugin_dir(directory),
        source: SourceInfo::of(&candidate.obtained.entry_source()?, &candidate.followed()),
        files: candidate.obtained.tree.file_count,
        installed,
        commit: finished.commit,
        push: finished.push,
        warnings: Vec::new(),
    })
}
