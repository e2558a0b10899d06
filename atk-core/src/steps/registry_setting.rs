//! Changes of the registries that `atk.yaml` names.

use super::commit;
use super::commit::Finished;
use super::context::Context;
use super::followed;
use crate::error::Result;
use crate::home::{Access, HomeDir, HomePath, Transaction};
use crate::host::Phase;
use crate::model::git_url::GitUrl;
use crate::model::manifest::{Entry, Manifest};
use crate::model::name::PluginDir;
use crate::model::source::SourceKind;
use crate::model::versions::Versions;

/// Changes `atk.yaml` with the home locked, and commits as the home's configuration says.
///
/// # Errors
/// Those of `change`, of the lock and of the commit. Everything is then as it was before.
pub(crate) fn change(
    context: &Context<'_>,
    home: &HomeDir,
    (operation, message): (&'static str, &str),
    change: impl FnOnce(&Versions) -> Result<Versions>,
) -> Result<Finished> {
    let locked = context.lock(home)?;
    let config = home.manifest()?.config;
    let before = followed::read(home)?;
    let after = change(&before)?;
    let mut transaction = Transaction::begin(&locked, operation, None)?;
    let path = HomePath::versions();
    let written = match after.text() {
        Some(text) => transaction.write(&path, text.as_bytes(), Access::Shared),
        None => transaction.remove(&path),
    };
    if let Err(error) = written {
        return Err(commit::take_back(transaction, &[], error));
    }
    if after.comments_lost() {
        context.warn(None, followed::COMMENTS_LOST);
    }
    context.step(None, Phase::Committing, "committing");
    let paths = [path];
    commit::commit(context, &locked, transaction, &config, message, &paths)
        .map_err(|failed| commit::take_back(failed.transaction, &[], failed.error))
}

/// The plugins of the manifest that come from a registry: the default one, or the one at this URL.
pub(crate) fn plugins_of(manifest: &Manifest, registry: Option<&GitUrl>) -> Vec<PluginDir> {
    let is_from = |entry: &&Entry| match (registry, entry.source.url.as_ref()) {
        (None, _) => entry.source.kind == SourceKind::Registry,
        (Some(registry), Some(url)) => url.dir_in_registry(registry).is_some(),
        (Some(_), None) => false,
    };
    let entries = manifest.plugins.iter().filter(is_from);
    entries.map(|entry| entry.directory.clone()).collect()
}
