//! `search`: what the registry has.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind, Result};
use crate::fetch::Fetcher;
use crate::model::limits::{FOUND_BYTES, FOUND_ENTRIES};
use crate::model::name::PluginDir;
use crate::model::source::SourceKind;
use crate::outcome::Found;
use crate::steps::context::Context;

pub(crate) fn run(context: &Context<'_>, query: Option<&str>) -> Result<Vec<Found>> {
    let installed = installed(context)?;
    let engine = context.engine()?;
    let fetcher = Fetcher::new(&engine, context.registry()?, context.session.options.limits);
    let index = fetcher.index(context.scope())?;
    let query = query.unwrap_or_default().to_lowercase();
    let matches = |text: &str| text.to_lowercase().contains(&query);
    let (mut found, mut bytes) = (Vec::new(), 0);
    for entry in index.entries() {
        context.scope().cancel.check()?;
        if !matches(entry.name) && !matches(entry.description) {
            continue;
        }
        bytes += entry.name.len() + entry.description.len();
        if found.len() == FOUND_ENTRIES || bytes > FOUND_BYTES {
            return Err(too_many());
        }
        found.push(Found {
            installed: PluginDir::from_display_name(entry.name)
                .ok()
                .filter(|directory| installed.contains(directory)),
            name: entry.name.to_owned(),
            description: entry.description.to_owned(),
        });
    }
    Ok(found)
}

/// A list that is cut off would look like all there is.
fn too_many() -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        format!(
            "the search finds more than the {FOUND_ENTRIES} plugins, or {FOUND_BYTES} bytes of text, that are allowed"
        ),
    )
    .with_help("search for a longer part of a name or description")
}

/// The directories of the plugins that came from the registry. Without a home there are none.
fn installed(context: &Context<'_>) -> Result<BTreeSet<PluginDir>> {
    let home = match context.home() {
        Ok(home) => home,
        Err(error) if error.kind() == ErrorKind::HomeNotInitialized => return Ok(BTreeSet::new()),
        Err(error) => return Err(error),
    };
    let manifest = home.manifest()?;
    let of_registry = |kind| kind == SourceKind::Registry;
    let entries = manifest.plugins.into_iter();
    Ok(entries
        .filter(|entry| of_registry(entry.source.kind))
        .map(|entry| entry.directory)
        .collect())
}
