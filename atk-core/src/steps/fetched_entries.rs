//! Brings the files of plugins of the manifest to staging.

use std::path::Path;

use super::configured::Configured;
use super::context::Context;
use super::disk_state::on_disk;
use super::followed;
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{
    CachedPlugin, FetchedEntry, Fetcher, Have, IndexName, Request, WantedCommit, WantedPlugin,
};
use crate::fetching::object::ObjectId;
use crate::home::HomeDir;
use crate::model::git_url::GitUrl;
use crate::model::manifest::Entry;
use crate::model::pin::Pin;
use crate::model::revision::Revision;
use crate::model::source::SourceKind;
use crate::model::versions::Followed;
use crate::outcome::State;
use crate::text::escape;

/// A plugin of the manifest whose files are wanted.
pub(crate) struct Want<'e> {
    pub(crate) entry: &'e Entry,
    pub(crate) commit: Commit,
    /// What is there already.
    pub(crate) have: Option<Have>,
}

/// Which commit of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Commit {
    /// That of the manifest.
    Pinned,
    /// The newest of what the plugin follows.
    Newest(Followed),
    At(Revision),
}

/// Brings the files of each plugin to a directory of its own below `staging`. Each source is
/// asked once, for all that is wanted of it; all sources at once. Results are in order, and one
/// that fails stops no other.
pub(crate) fn bring(
    context: &Context<'_>,
    staging: &Path,
    wants: &[Want<'_>],
) -> Result<Vec<Result<FetchedEntry>>> {
    fetch(context, staging, wants, |fetcher, requests| {
        fetcher.stage(requests, context.scope())
    })
}

/// Brings what each plugin needs into the object cache, as [`bring`] does, and writes no file.
pub(crate) fn bring_to_cache(
    context: &Context<'_>,
    wants: &[Want<'_>],
) -> Result<Vec<Result<CachedPlugin>>> {
    fetch(context, Path::new(""), wants, |fetcher, requests| {
        fetcher.cache(requests, context.scope())
    })
}

fn fetch<T>(
    context: &Context<'_>,
    staging: &Path,
    wants: &[Want<'_>],
    bring: impl FnOnce(&Fetcher<'_>, Vec<Request>) -> Vec<Result<T>>,
) -> Result<Vec<Result<T>>> {
    let sources = Sources::of(context)?;
    let requests: Vec<Result<Request>> = wants
        .iter()
        .enumerate()
        .map(|(number, want)| {
            Ok(Request {
                wanted: match want.commit {
                    Commit::Pinned => sources.at_pin(want.entry)?,
                    Commit::Newest(_) | Commit::At(_) => sources.anywhere(want.entry)?,
                },
                commit: match &want.commit {
                    Commit::Newest(followed) => followed::newest(want.entry, followed),
                    Commit::Pinned => WantedCommit::Pin(pin_of(want.entry)?.clone()),
                    Commit::At(Revision::Commit(pin)) => WantedCommit::Pin(pin.clone()),
                    Commit::At(Revision::Name(name)) => WantedCommit::Ref(name.clone()),
                },
                have: want.have.clone(),
                dest: staging.join(number.to_string()),
            })
        })
        .collect();
    let engine = context.engine()?;
    let fetcher = Fetcher::new(&engine, context.session.options.limits);
    let good = requests.iter().filter_map(|request| request.as_ref().ok());
    let brought = bring(&fetcher, good.cloned().collect());
    let mut brought = brought.into_iter();
    let results = requests.into_iter().zip(wants).map(|(request, want)| {
        let result = request.and_then(|_| brought.next().unwrap_or_else(|| Err(lost())));
        result.map_err(|error| about(error, want))
    });
    Ok(results.collect())
}

/// The error for a fetch without a result, which would be a defect of ATK.
pub(crate) fn lost() -> Error {
    Error::new(ErrorKind::Internal, "a fetch ended without a result")
}

/// Where the files of entries come from.
pub(crate) struct Sources {
    default: GitUrl,
    configured: Configured,
}

impl Sources {
    /// Reads which registries there are.
    ///
    /// # Errors
    /// Those of [`Configured::read`].
    pub(crate) fn of(context: &Context<'_>) -> Result<Self> {
        Ok(Sources {
            default: context.registry()?,
            configured: context.configured()?,
        })
    }

    /// Where the files of an entry are at another commit than its pin: the index of a registry may list the
    /// plugin under another path there.
    ///
    /// # Errors
    /// As [`Sources::at_pin`].
    pub(crate) fn anywhere(&self, entry: &Entry) -> Result<WantedPlugin> {
        Ok(match self.at_pin(entry)? {
            WantedPlugin::Git {
                url,
                subdir: Some(subdir),
            } if self.configured.is_named(&url) => WantedPlugin::Indexed {
                url,
                name: IndexName::Path(subdir, entry.directory.clone()),
            },
            wanted => wanted,
        })
    }

    /// Where the files of an entry are at its pin.
    ///
    /// # Errors
    /// [`ErrorKind::SourceNotFound`] for a local plugin.
    pub(crate) fn at_pin(&self, entry: &Entry) -> Result<WantedPlugin> {
        at_pin(&self.default, entry)
    }
}

fn at_pin(default: &GitUrl, entry: &Entry) -> Result<WantedPlugin> {
    let directory = &entry.directory;
    match (entry.source.kind, &entry.source.url) {
        (SourceKind::Registry, _) => Ok(WantedPlugin::Registry {
            url: default.clone(),
            name: IndexName::Directory(directory.clone()),
        }),
        (SourceKind::Git, Some(url)) => Ok(WantedPlugin::Git {
            url: url.url().clone(),
            subdir: url.subdir().cloned(),
        }),
        (SourceKind::Git, None) => Err(Error::new(
            ErrorKind::HomeInvalid,
            format!("the manifest has no `url` for the git plugin `{directory}`"),
        )),
        (SourceKind::Local, _) => Err(Error::new(
            ErrorKind::SourceNotFound,
            format!("`{directory}` is local: it has no source to fetch the files from"),
        )),
    }
}

/// Names the plugin, and the pin where that is what is missing.
fn about(error: Error, want: &Want<'_>) -> Error {
    let directory = want.entry.directory.as_str();
    let error = match (&want.entry.source.pin, error.kind()) {
        // The caller's own word, and the error says it.
        _ if matches!(want.commit, Commit::At(_)) => error,
        (Some(pin), ErrorKind::PinNotFound) => {
            let name = escape(&want.entry.name);
            let url = error.details().url.as_deref();
            let source = url.map_or(String::new(), |url| format!(", `{}`,", escape(url)));
            let message = format!("the source of `{name}`{source} no longer has the commit {pin}");
            error.with_message(message)
        }
        _ => error,
    };
    error.with_plugin(directory)
}

/// The pin that the manifest has for a plugin.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`] if it has none.
pub(crate) fn pin_of(entry: &Entry) -> Result<&Pin> {
    entry.source.pin.as_ref().ok_or_else(|| {
        Error::new(
            ErrorKind::HomeInvalid,
            format!("the manifest has no `ref` for `{}`", entry.directory),
        )
        .with_plugin(entry.directory.as_str())
        .with_help("upgrade the plugin, or remove it and add it again")
    })
}

/// What is known of a plugin's files, to be compared with those at a commit.
pub(crate) fn have(home: &HomeDir, entry: &Entry, pin: &Pin) -> Have {
    let directory = &entry.directory;
    let receipt = home.receipt(directory);
    let noted = receipt
        .as_ref()
        .filter(|receipt| receipt.pin.as_ref() == Some(pin));
    let tree = noted.and_then(|receipt| ObjectId::parse(receipt.tree.as_deref()?));
    let is_listed = receipt.is_some() || on_disk(home, entry) == State::Missing;
    let lying_there = || home.stamp(directory).unwrap_or_else(|| pin.clone());
    Have {
        pin: pin.clone(),
        tree,
        unlisted: (!is_listed).then(lying_there),
    }
}
