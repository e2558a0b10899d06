//! A plugin that is about to be added.

use super::context::Context;
use super::fetched_source::FetchedSource;
use super::past_text::PastText;
use super::variables::VariablesToAsk;
use super::{definition, followed, placement};
use crate::error::{Error, ErrorKind, Result};
use crate::home::{Access, HomeDir, HomePath, Transaction};
use crate::model::env::EnvFile;
use crate::model::git_url::GitUrl;
use crate::model::gitignore::Gitignore;
use crate::model::manifest::{Entry, Manifest, ManifestText};
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::model::plugin::Definition;
use crate::model::source::SourceKind;
use crate::model::subdir::Subdir;
use crate::model::versions::Followed;
use crate::text::escape;

/// A plugin that is about to be added: its files, and what they mean.
pub(crate) struct NewPlugin {
    pub(crate) obtained: FetchedSource,
    pub(crate) directory: PluginDir,
    pub(crate) definition: Definition,
    /// Its display name in the manifest.
    pub(crate) name: String,
    /// What of its source it follows.
    pub(crate) followed: Followed,
    /// What else comes back, if it was in the home before.
    past: Option<Past>,
}

/// What comes back with a plugin that was in the home before.
pub(crate) struct Past {
    /// The bytes of its `.env`.
    pub(crate) env: Option<Vec<u8>>,
    /// The manifest, which the removal of the plugin changed.
    pub(crate) manifest: Option<PastText>,
    /// `atk.yaml`, likewise.
    pub(crate) versions: Option<PastText>,
}

impl NewPlugin {
    /// Reads the definition, merged with the overlay that the user may have left at the place.
    pub(crate) fn new(
        context: &Context<'_>,
        home: &HomeDir,
        obtained: FetchedSource,
    ) -> Result<Self> {
        let (alone, _) = obtained.definition(None)?;
        let directory = match (&obtained.in_place, &obtained.registry_name) {
            (Some(directory), _) => directory.clone(),
            (None, Some(name)) => PluginDir::from_display_name(name)?,
            (None, None) => PluginDir::from_display_name(&alone.name)?,
        };
        let overlay = definition::overlay(home, &directory)?;
        let (definition, problems) = obtained.definition(overlay.as_ref())?;
        for warning in obtained.tree.warnings.iter().chain(&problems) {
            context.warn(Some(directory.as_str()), warning);
        }
        let name = definition.name.clone();
        let pin = obtained.tree.pin.as_ref();
        let followed = followed::of_revision(obtained.revision.as_ref(), pin);
        Ok(NewPlugin {
            obtained,
            directory,
            definition,
            name,
            followed,
            past: None,
        })
    }

    /// A plugin that comes back as it was.
    pub(crate) fn restored(
        context: &Context<'_>,
        home: &HomeDir,
        obtained: FetchedSource,
        (entry, followed): (&Entry, &Followed),
        past: Past,
    ) -> Result<Self> {
        let overlay = definition::overlay(home, &entry.directory)?;
        let (definition, problems) = obtained.definition(overlay.as_ref())?;
        for warning in obtained.tree.warnings.iter().chain(&problems) {
            context.warn(Some(entry.directory.as_str()), warning);
        }
        Ok(NewPlugin {
            obtained,
            directory: entry.directory.clone(),
            definition,
            name: entry.name.clone(),
            followed: followed.clone(),
            past: Some(past),
        })
    }

    /// The answers that come back with it; none for a plugin that is new.
    ///
    /// # Errors
    /// As [`EnvFile::parse`].
    pub(crate) fn env(&self) -> Result<EnvFile> {
        EnvFile::parse(self.past_env().unwrap_or_default())
    }

    fn past_env(&self) -> Option<&[u8]> {
        self.past.as_ref()?.env.as_deref()
    }

    /// For which variables the host is asked.
    pub(crate) fn to_ask(&self) -> VariablesToAsk {
        match self.past {
            Some(_) => VariablesToAsk::Missing,
            None => VariablesToAsk::All,
        }
    }

    /// Fails where the directory is a plugin of the manifest already, or holds files that belong
    /// to none. What the user may own there (`custom/`, `.env`) stays and is used.
    pub(crate) fn refuse_taken(&self, home: &HomeDir, manifest: &Manifest) -> Result<()> {
        refuse_known(manifest, &self.directory)?;
        if let (SourceKind::Git, Some(url)) = (self.obtained.kind, &self.obtained.url) {
            refuse_same_repository(manifest, url, self.obtained.subdir.as_ref())?;
        }
        if self.obtained.in_place.is_some() {
            return Ok(());
        }
        let path = HomePath::plugin(&self.directory);
        let names = home.names(&path)?.unwrap_or_default();
        let strangers: Vec<_> = names.iter().filter(|name| !owned::is_users(name)).collect();
        let brings_custom = self
            .obtained
            .tree
            .dir
            .join(owned::CUSTOM)
            .symlink_metadata()
            .is_ok();
        let clash = brings_custom && names.iter().any(|name| name == owned::CUSTOM);
        if strangers.is_empty() && !clash {
            return Ok(());
        }
        let shown: Vec<_> = match clash {
            true => vec!["`custom`".to_owned()],
            false => strangers
                .iter()
                .take(5)
                .map(|name| format!("`{}`", escape(&name.to_string_lossy())))
                .collect(),
        };
        Err(Error::new(
            ErrorKind::DirectoryOccupied,
            format!(
                "`{path}` holds files that belong to no plugin of the manifest: {}",
                shown.join(", ")
            ),
        )
        .with_plugin(self.directory.as_str())
        .with_path(home.plugin_dir(&self.directory))
        .with_help(match clash {
            true => format!("move `{path}/custom` away"),
            false => format!(
                "run `atk remove {}` to delete the directory, or move the files away",
                self.directory
            ),
        }))
    }

    /// Puts everything in place: files, `.env`, stamp, receipt, `.gitignore`, manifest entry and what
    /// it follows. Returns warnings: comments that could not be kept.
    pub(crate) fn place(
        &self,
        transaction: &mut Transaction<'_>,
        home: &HomeDir,
        manifest: &ManifestText,
        env: Option<&EnvFile>,
    ) -> Result<Vec<&'static str>> {
        let directory = &self.directory;
        if self.obtained.in_place.is_none() {
            transaction.place_plugin(&self.obtained.tree.dir, directory)?;
        }
        let path = HomePath::env(directory);
        match (env, self.past_env()) {
            (Some(env), _) => {
                let bytes = env.to_text().as_bytes();
                transaction.write(&path, bytes, Access::Private)?;
            }
            (None, Some(bytes)) if !home.exists(&path)? => {
                transaction.write(&path, bytes, Access::Private)?;
            }
            (None, _) => {}
        }
        placement::note(transaction, directory, &self.obtained.tree)?;
        self.write_gitignore(transaction, home)?;
        let entry = Entry {
            name: self.name.clone(),
            directory: directory.clone(),
            source: self.obtained.entry_source()?,
        };
        let past = self.past.as_ref();
        let changed = match past.and_then(|past| past.manifest.as_ref()) {
            Some(past) => past.restore_entry(manifest, &entry)?,
            None => manifest.add(&entry)?,
        };
        let bytes = changed.text().as_bytes();
        transaction.write(&HomePath::manifest(), bytes, Access::Shared)?;
        let (manifest, plugin) = (changed.manifest(), (directory, &self.followed));
        let lost = match past.and_then(|past| past.versions.as_ref()) {
            Some(past) => followed::record_restored(transaction, home, manifest, (plugin, past))?,
            None => followed::record(transaction, home, manifest, Some(plugin))?,
        };
        Ok(changed.lost_comments().into_iter().chain(lost).collect())
    }

    /// The paths that the commit takes up.
    pub(crate) fn committed_paths(&self) -> Result<Vec<HomePath>> {
        let plugin = HomePath::plugin(&self.directory);
        let own = match self.obtained.kind {
            SourceKind::Local => plugin,
            SourceKind::Registry | SourceKind::Git => plugin.join(owned::CUSTOM)?,
        };
        Ok(vec![
            HomePath::manifest(),
            HomePath::versions(),
            HomePath::gitignore(),
            own,
        ])
    }

    fn write_gitignore(&self, transaction: &mut Transaction<'_>, home: &HomeDir) -> Result<()> {
        let bytes = home.read(&HomePath::gitignore())?.unwrap_or_default();
        let mut gitignore = Gitignore::parse(&bytes);
        match self.obtained.kind {
            SourceKind::Local => gitignore.add_local(&self.directory),
            SourceKind::Registry | SourceKind::Git => gitignore.put_right(),
        };
        transaction.write(
            &HomePath::gitignore(),
            &gitignore.to_bytes(),
            Access::Shared,
        )
    }
}

/// Fails where the manifest has a plugin of that directory.
pub(crate) fn refuse_known(manifest: &Manifest, directory: &PluginDir) -> Result<()> {
    match manifest.get(directory) {
        None => Ok(()),
        Some(entry) => Err(already_there(entry)),
    }
}

/// Fails if a plugin of the manifest comes from the same place, under whatever name: two of them
/// would be upgraded and run side by side.
pub(crate) fn refuse_same_repository(
    manifest: &Manifest,
    url: &GitUrl,
    subdir: Option<&Subdir>,
) -> Result<()> {
    let Some(entry) = manifest.of_repository(url, subdir) else {
        return Ok(());
    };
    let error = already_there(entry).with_url(url.to_string());
    let name = escape(&entry.name);
    let message = format!("{url} is the same repository as that of `{name}`: {error}");
    Err(error.with_message(message))
}

/// The error for a plugin that the manifest has already.
fn already_there(entry: &Entry) -> Error {
    let directory = &entry.directory;
    let error = Error::new(
        ErrorKind::PluginExists,
        format!("plugin `{directory}` exists"),
    )
    .with_plugin(directory.as_str());
    match entry.source.kind {
        SourceKind::Local => error
            .with_path(HomePath::plugin(directory).as_path())
            .with_help("its files are in the home: change them there"),
        SourceKind::Registry | SourceKind::Git => error.with_help("upgrade it, or remove it first"),
    }
}
