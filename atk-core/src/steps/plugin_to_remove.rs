//! A plugin, or what is left of one, that is about to be removed.

use super::definition;
use crate::error::Result;
use crate::home::{FileKind, HomeDir, HomePath, PathState};
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::{Entry, Manifest};
use crate::model::name::PluginDir;
use crate::model::plugin::Definition;
use crate::outcome::select::{changed_meanwhile, installed, standing};

/// A plugin, or what is left of one, that is about to go.
pub(crate) struct PluginToRemove {
    pub(crate) directory: PluginDir,
    /// None if the manifest does not have it.
    pub(crate) entry: Option<Entry>,
}

impl PluginToRemove {
    /// What a word stands for: a plugin of the manifest, else a directory under `plugins/` that
    /// belongs to none. Nothing else is a name of a plugin.
    pub(crate) fn named(home: &HomeDir, manifest: &Manifest, plugin: &str) -> Result<Self> {
        let unknown = match installed(manifest, plugin) {
            Ok(entry) => {
                return Ok(PluginToRemove {
                    directory: entry.directory.clone(),
                    entry: Some(entry.clone()),
                });
            }
            Err(error) => error,
        };
        let Ok(directory) = PluginDir::new(plugin) else {
            return Err(unknown);
        };
        match home.look(&HomePath::plugin(&directory))? {
            PathState::Directory | PathState::Content(FileKind::Link, _) => Ok(PluginToRemove {
                directory,
                entry: None,
            }),
            PathState::Content(..) | PathState::Other | PathState::Nothing => Err(unknown),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match &self.entry {
            Some(entry) => &entry.name,
            None => self.directory.as_str(),
        }
    }

    /// True if removing it runs commands of its own.
    pub(crate) fn runs(&self, definition: Option<&Definition>) -> bool {
        let events = [LifecycleEvent::Stop, LifecycleEvent::Uninstall];
        let declared = |definition| {
            events
                .iter()
                .any(|event| event.command(definition).is_some())
        };
        self.entry.is_some() && definition.is_some_and(declared)
    }

    /// Its definition. If it cannot be read, the plugin can still be removed.
    pub(crate) fn definition(&self, home: &HomeDir) -> Result<Option<Definition>> {
        let read = definition::of_directory(home, &self.directory)?;
        Ok(read.map(|(definition, _)| definition))
    }

    pub(crate) fn still_holds(&self, now: &Manifest) -> Result<()> {
        match (&self.entry, now.get(&self.directory)) {
            (Some(entry), _) => standing(now, entry),
            (None, Some(entry)) => Err(changed_meanwhile(entry)),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its files are seen before its entry: an addition was under way.
    #[test]
    fn what_was_added_meanwhile_has_changed() {
        let target = PluginToRemove {
            directory: PluginDir::new("echo").unwrap(),
            entry: None,
        };
        let none = Manifest::parse("schema_version: '1'\nplugins: []\n").unwrap();
        target.still_holds(&none).unwrap();
        let added = "schema_version: '1'\nplugins:\n\
                     - {name: Echo, directory: echo, source: {type: local}}\n";
        let error = target
            .still_holds(&Manifest::parse(added).unwrap())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "another operation changed `echo` meanwhile"
        );
    }
}
