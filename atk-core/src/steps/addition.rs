//! Puts a plugin that was fetched and checked into the home, whole or not at all.

use super::answers::Ask;
use super::context::Context;
use super::new_plugin::NewPlugin;
use super::{
    commit, committed_secrets, env_file, home_trust, lifecycle_command, source_trust,
    untracked_files, variables,
};
use crate::error::Result;
use crate::home::{HomeDir, HomePath, Transaction};
use crate::host::Phase;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::ManifestText;
use crate::model::source::SourceKind;
use crate::outcome::{Added, SourceInfo};

/// Asks, puts everything in place, runs `install` and commits. The manifest is as it was when the
/// plugin was checked.
pub(crate) fn add(
    context: &Context<'_>,
    ask: &Ask<'_>,
    (home, manifest): (&HomeDir, ManifestText),
    candidate: &NewPlugin,
    (operation, message): (&'static str, &str),
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
    let current = || match home.exists(&env_path)? {
        true => env_file::read(context, home, directory),
        false => candidate.env(),
    };
    let answered = variables::ask(
        ask,
        directory,
        &candidate.definition.env_vars,
        (candidate.to_ask(), &current()?),
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
    let mut transaction = Transaction::begin(&locked, operation, Some(directory))?;
    let mut place = || {
        let lost = candidate.place(&mut transaction, home, &manifest, env.as_ref())?;
        for warning in lost {
            context.warn(Some(directory.as_str()), warning);
        }
        match candidate.obtained.kind {
            SourceKind::Local => {
                untracked_files::warn(context, &locked, directory, config.auto_commit)?;
                match config.auto_commit {
                    true => committed_secrets::warn(context, &locked, directory),
                    false => Ok(()),
                }
            }
            SourceKind::Registry | SourceKind::Git => Ok(()),
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
    let paths = candidate.committed_paths()?;
    let finished = match commit::commit(context, &locked, transaction, &config, message, &paths) {
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
        name: candidate.name.clone(),
        directory: directory.clone(),
        path: home.plugin_dir(directory),
        source: SourceInfo::of(&candidate.obtained.entry_source()?, &candidate.followed),
        files: candidate.obtained.tree.file_count,
        installed,
        commit: finished.commit,
        push: finished.push,
        warnings: Vec::new(),
    })
}
