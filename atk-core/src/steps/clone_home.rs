//! A home that is cloned from its repository.
//!
//! A clone is complete or not there: it is made beside its place and moved there. Nothing of it
//! runs: whether the home is trusted on this machine is asked before that, as always.

use std::fs;
use std::io::ErrorKind as IoKind;
use std::path::Path;

use super::context::Context;
use super::directory_beside::DirectoryBeside;
use super::source;
use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::host::Phase;
use crate::model::git_url::GitUrl;
use crate::model::source::Source;
use crate::repository::Repository;
use crate::text::escape;

/// Clones a home. Returns false if the home is there already and its remote is that repository.
///
/// # Errors
/// [`ErrorKind::HomeOccupied`] if something else is there, [`ErrorKind::SourceNotFound`] if the
/// repository is no home, [`ErrorKind::SourceInvalid`], and those of reaching a server.
pub(crate) fn clone(context: &Context<'_>, typed: &str) -> Result<bool> {
    let url = repository(context, typed)?;
    let place = &*context.session.home;
    if is_taken(place)? {
        let home = context.home().map_err(|error| match error.kind() {
            ErrorKind::HomeNotInitialized => occupied(place, "is not empty, and is not a home"),
            _ => error,
        })?;
        check_remote(&home, &url)?;
        return Ok(false);
    }
    let beside = DirectoryBeside::of(place)?;
    let made = beside.path();
    context.step(None, Phase::Fetching, format!("cloning {url}"));
    context
        .engine()?
        .clone_repository(&url, &made, context.scope())?;
    check_content(context, &made, &url)?;
    context.session.cancel.check()?;
    let moved = beside.move_to(place);
    moved.map_err(|error| Error::io("cannot create", place, error))?;
    Ok(true)
}

/// The repository that was typed: a URL, or the path of a local one.
fn repository(context: &Context<'_>, typed: &str) -> Result<GitUrl> {
    match source::classify(context, typed)? {
        Source::Git {
            url,
            subdir: None,
            revision: None,
        } => Ok(url),
        Source::Git { url, .. } => Err(Error::new(
            ErrorKind::SourceInvalid,
            format!("a home is cloned as a whole, and at its newest commit, from `{url}`"),
        )
        .with_help("leave out the directory, branch, tag or commit")),
        Source::Local { path, .. } => GitUrl::of_path(&path.to_string_lossy()),
        Source::Registry { name, .. } => Err(Error::new(
            ErrorKind::SourceInvalid,
            format!(
                "`{}` is neither the URL nor the path of a git repository",
                escape(&name)
            ),
        )),
    }
}

fn is_taken(place: &Path) -> Result<bool> {
    match fs::read_dir(place) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == IoKind::NotFound => Ok(false),
        Err(error) if error.kind() == IoKind::NotADirectory => {
            Err(occupied(place, "is not a directory"))
        }
        Err(error) => Err(Error::io("cannot look into", place, error)),
    }
}

fn occupied(place: &Path, what: &str) -> Error {
    Error::new(
        ErrorKind::HomeOccupied,
        format!("`{}` {what}", escape(&place.to_string_lossy())),
    )
    .with_path(place)
    .with_help("move it away, or choose another home with `--home` or `ATK_HOME`")
}

/// Fails if a home that is there is a clone of another repository.
fn check_remote(home: &HomeDir, url: &GitUrl) -> Result<()> {
    let Some(remote) = home.overview()?.url else {
        return Err(occupied(home.root(), "is a home without a remote"));
    };
    let same = match remote.starts_with('/') {
        true => GitUrl::of_path(&remote),
        false => GitUrl::parse(&remote),
    };
    match same {
        Ok(same) if same.canonical() == url.canonical() => Ok(()),
        Ok(_) | Err(_) => Err(occupied(
            home.root(),
            &format!("is a home already, cloned from {}", escape(&remote)),
        )),
    }
}

/// Fails if what was cloned cannot be used as a home.
fn check_content(context: &Context<'_>, made: &Path, url: &GitUrl) -> Result<()> {
    let opened =
        HomeDir::open(made, &context.access(), None).and_then(|home| home.manifest().map(|_| home));
    opened.map(drop).map_err(|error| {
        let (kind, message) = match error.kind() {
            ErrorKind::HomeNotInitialized => (
                ErrorKind::SourceNotFound,
                format!(
                    "the repository {url} is not a home: it has no `manifest.yaml`{}",
                    on_branch(context, made)
                ),
            ),
            kind => (kind, format!("the home of {url} cannot be used: {error}")),
        };
        let problems = error.details().problems.clone();
        Error::new(kind, message)
            .with_url(url.to_string())
            .with_problems(problems)
    })
}

/// The branch that was checked out, as it need not be the one that the home was pushed to.
fn on_branch(context: &Context<'_>, made: &Path) -> String {
    let repository = Repository::open(made, &context.access());
    let branch = repository.and_then(|repository| repository.current_branch());
    branch.ok().flatten().map_or(String::new(), |branch| {
        format!(" on its default branch, `{}`", escape(&branch))
    })
}
