//! `search`: what the registries have.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, ErrorKind, Result};
use crate::fetch::Fetcher;
use crate::model::git_url::GitUrl;
use crate::model::index::Index;
use crate::model::limits::{FOUND_BYTES, FOUND_ENTRIES};
use crate::model::manifest::{Entry, Manifest, ManifestText};
use crate::model::name::PluginDir;
use crate::model::registry::RegistryName;
use crate::model::source::SourceKind;
use crate::outcome::{Found, SearchResult, SearchedRegistry};
use crate::steps::context::Context;

pub(crate) fn run(context: &Context<'_>, query: Option<&str>) -> Result<SearchResult> {
    // 1. Ask all registries for their newest index, all at once.
    let manifest = manifest(context)?;
    let registries = context.configured()?.each(&context.registry()?);
    let urls: Vec<GitUrl> = registries.iter().map(|(_, url)| url.clone()).collect();
    let engine = context.engine()?;
    let fetcher = Fetcher::new(&engine, context.session.options.limits);
    let query = query.unwrap_or_default().to_lowercase();
    let cancel = context.scope().cancel;
    let looked = fetcher.each_index(&urls, context.scope(), |index| {
        matching(index, &query, || cancel.check())
    });
    context.session.cancel.check()?;

    // 2. What was found, registry by registry. One that cannot be searched is a warning, unless there is no
    //    other.
    let mut result = SearchResult::default();
    let mut failed = None;
    let mut bytes = 0;
    for ((name, url), looked) in registries.into_iter().zip(looked) {
        let (mut error, mut seconds_old) = (None, None);
        match looked {
            Ok((matches, age)) => {
                seconds_old = age.map(|age| age.as_secs());
                bytes += matches.iter().map(Match::bytes).sum::<usize>();
                if result.plugins.len() + matches.len() > FOUND_ENTRIES || bytes > FOUND_BYTES {
                    return Err(too_many());
                }
                let installed = Installed::from(&manifest, &name, &url);
                let found = matches.into_iter().map(|one| Found {
                    registry: name.clone(),
                    installed: installed.of(&one),
                    name: one.name,
                    description: one.description,
                });
                result.plugins.extend(found);
            }
            Err(too_many) if too_many.kind() == ErrorKind::InvalidArgument => return Err(too_many),
            Err(why) => {
                error = Some(why.to_string());
                if urls.len() > 1 {
                    let text = format!("the registry `{name}` was not searched: {why}");
                    context.warn(None, &text);
                }
                failed.get_or_insert(why);
            }
        }
        result.registries.push(SearchedRegistry {
            name,
            url: url.as_typed().to_owned(),
            seconds_old,
            error,
        });
    }
    match failed {
        Some(error) if result.registries.iter().all(|one| one.error.is_some()) => Err(error),
        _ => Ok(result),
    }
}

/// An entry of an index that matches.
struct Match {
    name: String,
    description: String,
    path: Option<String>,
}

fn matching(index: &Index, query: &str, check: impl Fn() -> Result<()>) -> Result<Vec<Match>> {
    let matches = |text: &str| text.to_lowercase().contains(query);
    let (mut found, mut bytes) = (Vec::new(), 0);
    for entry in index.entries() {
        check()?;
        if !matches(entry.name) && !matches(entry.description) {
            continue;
        }
        bytes += entry.name.len() + entry.description.len();
        if found.len() == FOUND_ENTRIES || bytes > FOUND_BYTES {
            return Err(too_many());
        }
        found.push(Match {
            name: entry.name.to_owned(),
            description: entry.description.to_owned(),
            path: entry.path().ok(),
        });
    }
    Ok(found)
}

impl Match {
    fn bytes(&self) -> usize {
        self.name.len() + self.description.len()
    }
}

/// The plugins of the manifest that came from a registry.
enum Installed {
    /// From the default one: their directories.
    Default(BTreeSet<PluginDir>),
    /// From one with a name: their directories, by the paths in the registry.
    Named(BTreeMap<String, PluginDir>),
}

impl Installed {
    fn from(manifest: &Manifest, registry: &RegistryName, url: &GitUrl) -> Self {
        let entries = manifest.plugins.iter();
        if registry.is_default() {
            let entries = entries.filter(|entry| entry.source.kind == SourceKind::Registry);
            return Installed::Default(entries.map(|entry| entry.directory.clone()).collect());
        }
        let path = |entry: &Entry| {
            let subdir = entry.source.url.as_ref()?.dir_in_registry(url)?;
            Some((subdir.as_str().to_owned(), entry.directory.clone()))
        };
        Installed::Named(entries.filter_map(path).collect())
    }

    fn of(&self, found: &Match) -> Option<PluginDir> {
        match self {
            Installed::Default(directories) => PluginDir::from_display_name(&found.name)
                .ok()
                .filter(|directory| directories.contains(directory)),
            Installed::Named(paths) => paths.get(found.path.as_deref()?).cloned(),
        }
    }
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

/// The manifest; an empty one if there is no home.
fn manifest(context: &Context<'_>) -> Result<Manifest> {
    match context.home() {
        Ok(home) => home.manifest(),
        Err(error) if error.kind() == ErrorKind::HomeNotInitialized => {
            Ok(ManifestText::new().manifest().clone())
        }
        Err(error) => Err(error),
    }
}
