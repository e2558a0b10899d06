//! `outdated`: how plugins stand to the newest commits of what they follow. Nothing in the home
//! changes, and no lock is taken.

use std::path::PathBuf;

use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{Fetcher, NewestCommit, Request};
use crate::host::Phase;
use crate::model::manifest::Entry;
use crate::model::source::SourceKind;
use crate::model::versions::Followed;
use crate::outcome::{LineResult, Outdated, Report, Select, Skip, SourceInfo, VersionState};
use crate::steps::commit_date::commit_date;
use crate::steps::context::Context;
use crate::steps::fetched_entries::Sources;
use crate::steps::{fetched_entries, followed};

pub(crate) fn run(context: &Context<'_>, which: &Select) -> Result<Report<Outdated>> {
    // 1. Ask each source once, all at once.
    let home = context.home()?;
    let manifest = home.manifest()?;
    let versions = followed::read(&home)?;
    let entries = which.entries(&manifest)?;
    let remote: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.source.kind != SourceKind::Local)
        .copied()
        .collect();
    let sources = Sources::of(context)?;
    let requests = remote.iter().map(|entry| {
        let pin = fetched_entries::pin_of(entry)?;
        Ok(Request {
            wanted: sources.anywhere(entry)?,
            commit: followed::newest(entry, &versions.of(&entry.directory)),
            have: Some(fetched_entries::have(&home, entry, pin)),
            dest: PathBuf::new(),
        })
    });
    let requests: Vec<Result<Request>> = requests.collect();
    context.step(
        which.subject(),
        Phase::Fetching,
        "looking for newer commits",
    );
    let engine = context.engine()?;
    let fetcher = Fetcher::new(&engine, context.session.options.limits);
    let good = requests.iter().flatten().cloned().collect();
    let mut newest = fetcher.newest(good, context.scope()).into_iter();

    // 2. Say how each plugin stands.
    let mut requests = requests.into_iter();
    let plugins = entries.into_iter().map(|entry| {
        let looked = match entry.source.kind {
            SourceKind::Local => None,
            SourceKind::Registry | SourceKind::Git => {
                let request = requests
                    .next()
                    .unwrap_or_else(|| Err(fetched_entries::lost()));
                Some(request.and_then(|_| {
                    newest
                        .next()
                        .unwrap_or_else(|| Err(fetched_entries::lost()))
                }))
            }
        };
        (entry, looked)
    });
    let plugins: Vec<_> = plugins.collect();
    Report::of_each(which, plugins, |entry, looked| match looked {
        None => Ok(LineResult::Skipped {
            reason: Skip::Local,
        }),
        Some(Err(error)) if error.kind() == ErrorKind::Cancelled => Err(error),
        Some(looked) => Ok(LineResult::Done {
            outcome: stands(context, entry, &versions.of(&entry.directory), looked),
        }),
    })
}

fn stands(
    context: &Context<'_>,
    entry: &Entry,
    followed: &Followed,
    looked: Result<NewestCommit>,
) -> Outdated {
    let (state, newest, reason) = match looked {
        Ok(newest) if newest.is_same => (VersionState::Current, Some(newest.pin), None),
        Ok(newest) if followed.held => (VersionState::Held, Some(newest.pin), None),
        Ok(newest) => (VersionState::Behind, Some(newest.pin), None),
        Err(error) => (state_of(&error), None, Some(error.to_string())),
    };
    Outdated {
        source: SourceInfo::of(&entry.source, followed),
        state,
        newest_at: newest
            .as_ref()
            .and_then(|pin| commit_date(context, entry, pin)),
        newest,
        reason,
    }
}

fn state_of(error: &Error) -> VersionState {
    match error.kind() {
        ErrorKind::RefMoved => VersionState::Moved,
        ErrorKind::RefNotFound
        | ErrorKind::RepositoryNotFound
        | ErrorKind::RepositoryEmpty
        | ErrorKind::SourceNotFound
        | ErrorKind::NotInRegistry => VersionState::Gone,
        _ => VersionState::Unknown,
    }
}
