//! A snapshot of a home. Two snapshots show what changed between them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::context::Context;
use super::{disk_state, reading};
use crate::error::{ErrorKind, Result};
use crate::home::{ChangeInProgress, HomeDir, HomePath, PathState};
use crate::model::manifest::{Config, Entry, Manifest};
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::model::versions::Followed;
use crate::outcome::{SourceInfo, State};

/// A file beside the manifest that travels with a home.
const MORE: &str = "atk.yaml";

/// The state of a home.
#[derive(PartialEq)]
pub(crate) struct HomeState {
    /// The names of the plugins, in order, and the settings; the error of a manifest that cannot be
    /// read.
    manifest: std::result::Result<(Vec<PluginDir>, Config), String>,
    more: PathState,
    plugins: BTreeMap<PluginDir, PluginState>,
}

#[derive(PartialEq)]
struct PluginState {
    name: String,
    source: SourceInfo,
    state: State,
    operation: Option<String>,
    /// The definition, the user's overrides, and the variables: their contents are only compared.
    files: Vec<PathState>,
}

/// What differs between two states.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The directories of the plugins that came, went or changed.
    pub(crate) plugins: Vec<String>,
    /// True if the list of plugins or the settings of the home changed.
    pub(crate) manifest: bool,
}

impl HomeState {
    /// Looks at the home. A manifest that cannot be read is a state too.
    ///
    /// # Errors
    /// [`ErrorKind::HomeNotInitialized`], [`ErrorKind::Io`].
    pub(crate) fn of(context: &Context<'_>, home: &HomeDir) -> Result<HomeState> {
        let read = reading::of(context, home, |manifest, change| {
            let plugins = manifest.plugins.iter();
            let plugins = plugins.map(|entry| {
                let state = PluginState::of(home, entry, change)?;
                Ok((entry.directory.clone(), state))
            });
            Ok((order(manifest), plugins.collect::<Result<_>>()?))
        });
        let more = home.look(&HomePath::new(MORE)?)?;
        match read {
            Ok((manifest, plugins)) => Ok(HomeState {
                manifest: Ok(manifest),
                more,
                plugins,
            }),
            Err(error) if error.kind() == ErrorKind::HomeInvalid => Ok(HomeState {
                manifest: Err(error.to_string()),
                more,
                plugins: BTreeMap::new(),
            }),
            Err(error) => Err(error),
        }
    }

    /// Compares with a later snapshot. Returns `None` if they are equal.
    pub(crate) fn difference(&self, now: &HomeState) -> Option<Difference> {
        let names: BTreeSet<&PluginDir> = self.plugins.keys().chain(now.plugins.keys()).collect();
        let changed = |name: &&&PluginDir| self.plugins.get(**name) != now.plugins.get(**name);
        let plugins: Vec<String> = names
            .iter()
            .filter(changed)
            .map(ToString::to_string)
            .collect();
        let manifest = self.manifest != now.manifest || self.more != now.more;
        (manifest || !plugins.is_empty()).then_some(Difference { plugins, manifest })
    }

    /// Returns the directories to watch. Some of them may not exist yet.
    pub(crate) fn directories(&self, home: &HomeDir) -> BTreeSet<PathBuf> {
        let root = home.root().to_owned();
        let mut directories = BTreeSet::from([root.join("plugins"), home.scratch_dir(), root]);
        for plugin in self.plugins.keys() {
            let plugin = home.plugin_dir(plugin);
            directories.insert(plugin.join(owned::CUSTOM));
            directories.insert(plugin);
        }
        directories
    }
}

fn order(manifest: &Manifest) -> (Vec<PluginDir>, Config) {
    let names = manifest.plugins.iter();
    let names = names.map(|entry| entry.directory.clone());
    (names.collect(), manifest.config)
}

impl PluginState {
    fn of(home: &HomeDir, entry: &Entry, change: Option<&ChangeInProgress>) -> Result<PluginState> {
        let plugin = HomePath::plugin(&entry.directory);
        let change = change.filter(|change| change.is_about(entry.directory.as_str()));
        let mut files = Vec::new();
        let custom = format!("{}/overrides.yaml", owned::CUSTOM);
        let names = owned::DEFINITIONS.into_iter();
        for name in names.chain([owned::ANSWERS, custom.as_str()]) {
            // A file that cannot be read counts as missing.
            let found = home.look(&plugin.join(name)?);
            files.push(found.unwrap_or(PathState::Nothing));
        }
        Ok(PluginState {
            name: entry.name.clone(),
            source: SourceInfo::of(&entry.source, &Followed::default()),
            state: match change {
                Some(_) => State::Busy,
                None => disk_state::on_disk(home, entry),
            },
            operation: change.map(|change| change.operation().to_owned()),
            files,
        })
    }
}
