//! Brings the files of a source to a directory, whatever kind of source it is.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::source_trust::Origin;
use super::{definition, registries, spelling};
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{
    FetchedEntry, Fetcher, Label, Request, StagedTree, WantedCommit, WantedPlugin, local,
};
use crate::home::{HomeDir, HomePath};
use crate::model::git_url::GitUrl;
use crate::model::manifest::{EntrySource, EntryUrl};
use crate::model::name::PluginDir;
use crate::model::registry::RegistryName;
use crate::model::revision::Revision;
use crate::model::shorthand;
use crate::model::source::{Source, SourceKind};
use crate::model::subdir::Subdir;
use crate::outcome::At;
use crate::text::escape;

/// A plugin's files, checked, and where they are from.
pub(crate) struct FetchedSource {
    pub(crate) tree: StagedTree,
    pub(crate) kind: SourceKind,
    /// The repository: the registry's, or the plugin's own.
    pub(crate) url: Option<GitUrl>,
    /// The directory of the repository that was named.
    pub(crate) subdir: Option<Subdir>,
    /// The branch, tag or commit that was named.
    pub(crate) revision: Option<Revision>,
    /// The plugin directory that the files lie in already, where a local plugin is taken in place.
    pub(crate) in_place: Option<PluginDir>,
    /// The name by which the registry knows the plugin.
    pub(crate) registry_name: Option<String>,
}

impl FetchedSource {
    /// What the manifest records of the source.
    pub(crate) fn entry_source(&self) -> Result<EntrySource> {
        let url = match (self.kind, &self.url) {
            (SourceKind::Git, Some(url)) => Some(EntryUrl::new(url, self.subdir.as_ref())),
            (SourceKind::Git | SourceKind::Registry | SourceKind::Local, _) => None,
        };
        Ok(EntrySource {
            kind: self.kind,
            pin: self.tree.pin.clone(),
            url,
        })
    }

    /// Where the plugin comes from, as far as trust goes.
    pub(crate) fn origin(&self) -> Origin<'_> {
        match (self.kind, &self.url) {
            (SourceKind::Registry, Some(url)) => Origin::Registry(url),
            (SourceKind::Git, Some(url)) => Origin::Git(url),
            (SourceKind::Local | SourceKind::Registry | SourceKind::Git, _) => Origin::Local,
        }
    }

    /// The definition, merged with an overlay: the one given, else one among the files.
    pub(crate) fn definition(
        &self,
        overlay: Option<&definition::Overlay>,
    ) -> Result<definition::Read> {
        definition::of_files(&self.tree, overlay)
    }
}

/// Brings the files of a source to `dest`, which must not exist. A local plugin that lies in the
/// home's `plugins/` already is left where it is.
pub(crate) fn obtain(
    context: &Context<'_>,
    home: Option<&HomeDir>,
    source: &Source,
    at: &At,
    dest: &Path,
) -> Result<FetchedSource> {
    match source {
        Source::Local { path, .. } => {
            if *at != At::Latest {
                return Err(Error::new(
                    ErrorKind::InvalidArgument,
                    "a local plugin has no commits to choose from",
                ));
            }
            from_path(context, home, path, dest)
        }
        Source::Git {
            url,
            subdir,
            revision,
        } => {
            let revision = one_revision(revision.as_ref(), at)?;
            let commit = wanted_commit(revision);
            let wanted = WantedPlugin::Git {
                url: url.clone(),
                subdir: subdir.clone(),
            };
            let tree = fetch(context, wanted, commit, dest)
                .map_err(|error| explain(error, || url.help_if_missing()))?;
            Ok(FetchedSource {
                tree,
                kind: SourceKind::Git,
                url: Some(url.clone()),
                subdir: subdir.clone(),
                revision: revision.cloned(),
                in_place: None,
                registry_name: None,
            })
        }
        Source::Registry {
            registry,
            name,
            revision,
        } => {
            let revision = one_revision(revision.as_ref(), at)?;
            let commit = wanted_commit(revision);
            let meant = || shorthand::help(&typed(registry.as_ref(), name, revision));
            // A registry that is known was meant.
            let meant_name = || meant().filter(|_| registry.is_none());
            let from = registries::of_plugin(context, registry.as_ref(), name)
                .map_err(|error| explain(error, meant))?;
            let wanted = from.wanted(name);
            let tree = fetch(context, wanted, commit, dest)
                .map_err(|error| explain(error, meant_name))
                .map_err(|error| nor_a_path(error, registry.as_ref(), name))?;
            Ok(FetchedSource {
                kind: match from.is_named {
                    true => SourceKind::Git,
                    false => SourceKind::Registry,
                },
                url: Some(from.url),
                subdir: tree.subdir.as_deref().cloned(),
                tree,
                revision: revision.cloned(),
                in_place: None,
                registry_name: Some(name.clone()),
            })
        }
    }
}

/// A name with its revision, as it was typed.
fn typed(registry: Option<&RegistryName>, name: &str, revision: Option<&Revision>) -> String {
    let start = registry.map_or(String::new(), |registry| format!("{registry}/"));
    let end = revision.map_or(String::new(), |revision| format!("@{revision}"));
    format!("{start}{name}{end}")
}

/// Adds what was probably meant to the error of a source that was not found. The source may be
/// misread (a page, a version at the end, the short form of another tool), and then no other help
/// applies.
fn explain(error: Error, meant: impl FnOnce() -> Option<String>) -> Error {
    let is_missing = matches!(
        error.kind(),
        ErrorKind::RepositoryNotFound
            | ErrorKind::SourceNotFound
            | ErrorKind::NotInRegistry
            | ErrorKind::RegistryNotFound
            | ErrorKind::RefNotFound
            | ErrorKind::AccessDenied
            | ErrorKind::NetworkFailed
            | ErrorKind::TimedOut
            | ErrorKind::GitFailed
    );
    match meant().filter(|_| is_missing) {
        Some(help) => error.with_help(help),
        None => error,
    }
}

/// Adds to the error of a name that no registry has that it is not a path either, if there is no better help.
fn nor_a_path(error: Error, registry: Option<&RegistryName>, name: &str) -> Error {
    let is_unknown = error.kind() == ErrorKind::NotInRegistry && registry.is_none();
    match is_unknown && error.details().help.is_none() {
        true => error.with_help(format!(
            "there is no file or directory `{}` either",
            escape(name)
        )),
        false => error,
    }
}

/// The branch, tag or commit that a source or an option names.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if both do.
fn one_revision<'r>(revision: Option<&'r Revision>, at: &'r At) -> Result<Option<&'r Revision>> {
    match (revision, at) {
        (Some(_), At::Revision(_)) => Err(Error::new(
            ErrorKind::InvalidArgument,
            "the source names a branch, tag or commit, and so does `at`",
        )),
        (None, At::Revision(revision)) => Ok(Some(revision)),
        (revision, At::Latest) => Ok(revision),
    }
}

fn wanted_commit(revision: Option<&Revision>) -> WantedCommit {
    match revision {
        None => WantedCommit::Newest,
        Some(Revision::Commit(pin)) => WantedCommit::Pin(pin.clone()),
        Some(Revision::Name(name)) => WantedCommit::Ref(name.clone()),
    }
}

fn fetch(
    context: &Context<'_>,
    wanted: WantedPlugin,
    commit: WantedCommit,
    dest: &Path,
) -> Result<StagedTree> {
    let engine = context.engine()?;
    let fetcher = Fetcher::new(&engine, context.session.options.limits);
    stage(context, fetcher, wanted, commit, dest)
}

/// Brings the files of a git or registry source to `dest`, which must not exist. Files that are
/// refused are listed among the findings, and are no error.
///
/// # Errors
/// Those of fetching.
pub(crate) fn collect(context: &Context<'_>, source: &Source, dest: &Path) -> Result<StagedTree> {
    let (wanted, revision) = match source {
        Source::Git {
            url,
            subdir,
            revision,
        } => {
            let (url, subdir) = (url.clone(), subdir.clone());
            (WantedPlugin::Git { url, subdir }, revision)
        }
        Source::Registry {
            registry,
            name,
            revision,
        } => {
            let from = registries::of_plugin(context, registry.as_ref(), name)?;
            (from.wanted(name), revision)
        }
        Source::Local { .. } => {
            return Err(Error::new(
                ErrorKind::Internal,
                "a local plugin is not fetched",
            ));
        }
    };
    let commit = wanted_commit(revision.as_ref());
    let engine = context.engine()?;
    let fetcher = Fetcher::new(&engine, context.session.options.limits);
    stage(context, fetcher.collecting(), wanted, commit, dest)
}

fn stage(
    context: &Context<'_>,
    fetcher: Fetcher<'_>,
    wanted: WantedPlugin,
    commit: WantedCommit,
    dest: &Path,
) -> Result<StagedTree> {
    let request = Request {
        wanted,
        commit,
        have: None,
        dest: dest.to_owned(),
    };
    let mut brought = fetcher.stage(vec![request], context.scope());
    match brought.pop().expect("one request has one result")? {
        FetchedEntry::Staged(tree) => Ok(tree),
        FetchedEntry::Same { .. } => Err(Error::new(
            ErrorKind::Internal,
            "the fetch returned no files",
        )),
    }
}

fn from_path(
    context: &Context<'_>,
    home: Option<&HomeDir>,
    path: &Path,
    dest: &Path,
) -> Result<FetchedSource> {
    let resolved = resolved(path)?;
    let limits = context.session.options.limits;
    let in_place = home.and_then(|home| place_in(home, &resolved));
    let tree = match &in_place {
        Some(directory) => StagedTree {
            label: Label::Directory(HomePath::plugin(directory).to_string()),
            ..local::inspect(&resolved, context.scope())?
        },
        None => local::stage(&resolved, dest, limits, context.scope())?,
    };
    Ok(FetchedSource {
        tree,
        kind: SourceKind::Local,
        url: None,
        subdir: None,
        revision: None,
        in_place,
        registry_name: None,
    })
}

/// The path of a local plugin, without links.
///
/// # Errors
/// [`ErrorKind::SourceNotFound`] if it does not exist.
pub(crate) fn resolved(path: &Path) -> Result<PathBuf> {
    let spelled = spelling::spelled(path);
    let resolved = spelled.as_deref().unwrap_or(path).canonicalize();
    resolved.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Error::new(
            ErrorKind::SourceNotFound,
            format!("`{}` does not exist", escape(&path.to_string_lossy())),
        )
        .with_path(path),
        _ => Error::io("cannot read", path, error),
    })
}

/// The plugin directory that a path without links is.
fn place_in(home: &HomeDir, resolved: &Path) -> Option<PluginDir> {
    let plugins: PathBuf = home.root().join("plugins");
    let name = resolved.strip_prefix(plugins).ok()?.to_str()?;
    PluginDir::new(name).ok()
}
