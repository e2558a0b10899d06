//! The state of the repository, for a person: branch, remote, newest commit, changes.
//!
//! It reads the newest commit, the index and the work tree, and the commits that the branch and
//! its upstream do not share: the rest of the history is not looked at.

mod by_program;

use git2::{ErrorCode, Repository as Git, Status, StatusOptions};

use super::failure::failed;
use super::{Backend, Repository};
use crate::error::Result;
use crate::model::git_url::redact;
use crate::model::pin::Pin;
use crate::model::repository::RepositoryStatus;

impl Repository {
    /// Looks at the repository, without the network. Nothing in it changes, not even the index.
    ///
    /// # Errors
    /// [`crate::ErrorKind::GitFailed`]; [`crate::ErrorKind::GitMissing`] if only the git program
    /// can read it.
    pub(crate) fn overview(&self) -> Result<RepositoryStatus> {
        if self.engine != Backend::InProcess {
            return self.overview_by_program();
        }
        let git = self.open_in_process()?;
        let failed = |error| failed("cannot read the repository", &self.root, &error);
        let mut status = RepositoryStatus::default();
        let is_utf8 = read_head(&git, &mut status).map_err(failed)?;
        // Only git can read other encodings. Without it, parts of the subject are not readable.
        if !is_utf8 {
            let _ = self.newest_by_program(&mut status);
        }
        // libgit2 runs no clean filters, so it would take what they store for a change.
        if has_filters(&git) && self.changes_by_program(&mut status).is_ok() {
            return Ok(status);
        }
        read_changes(&git, &mut status).map_err(failed)?;
        Ok(status)
    }
}

/// Returns false if the newest commit is not written in UTF-8.
fn read_head(git: &Git, status: &mut RepositoryStatus) -> std::result::Result<bool, git2::Error> {
    let mut is_utf8 = true;
    let head = git.find_reference("HEAD")?;
    let full_name = head.symbolic_target().ok().flatten().map(str::to_owned);
    status.branch = full_name.as_deref().map(short);
    let commit = match git.head() {
        Ok(head) => Some(head.peel_to_commit()?),
        Err(error) if error.code() == ErrorCode::UnbornBranch => None,
        Err(error) => return Err(error),
    };
    if let Some(commit) = &commit {
        status.commit = Pin::new(&commit.id().to_string()).ok();
        status.committed_at = Some(commit.time().seconds());
        let subject = commit.summary_bytes().unwrap_or_default();
        status.subject = Some(String::from_utf8_lossy(subject).into_owned());
        is_utf8 = is_in_utf8(commit);
    }
    read_remote(git, full_name.as_deref(), status);
    if let (Some(commit), Some(full_name)) = (&commit, &full_name)
        && let Ok(upstream) = git.branch_upstream_name(full_name)
        && let Ok(upstream) = std::str::from_utf8(&upstream)
    {
        status.upstream = Some(short(upstream));
        if let Ok(theirs) = git.refname_to_id(upstream) {
            let (ahead, behind) = git.graph_ahead_behind(commit.id(), theirs)?;
            (status.ahead, status.behind) = (Some(ahead), Some(behind));
        }
    }
    Ok(is_utf8)
}

fn is_in_utf8(commit: &git2::Commit<'_>) -> bool {
    let is_utf8 =
        |name: &str| name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("utf8");
    commit
        .message_encoding()
        .is_ok_and(|name| name.is_none_or(is_utf8))
}

/// The remote of the branch, else `origin`, else the only one.
fn read_remote(git: &Git, branch: Option<&str>, status: &mut RepositoryStatus) {
    let configured = branch.and_then(|branch| git.branch_upstream_remote(branch).ok());
    let configured = configured.and_then(|name| Some(name.as_str().ok()?.to_owned()));
    let remotes = git.remotes();
    let names: Vec<String> = remotes
        .iter()
        .flat_map(|names| names.iter())
        .filter_map(|name| Some(name.ok()??.to_owned()))
        .collect();
    status.remote = configured.or_else(|| default_remote(&names));
    let remote = status.remote.as_deref();
    let remote = remote.and_then(|name| git.find_remote(name).ok());
    status.url = remote.and_then(|remote| Some(redact(remote.url().ok()?)));
}

fn default_remote(names: &[String]) -> Option<String> {
    let origin = names.iter().find(|name| *name == "origin");
    match names {
        [only] => Some(only.clone()),
        _ => origin.cloned(),
    }
}

/// A branch without `refs/heads/` or `refs/remotes/`.
fn short(name: &str) -> String {
    let heads = name.strip_prefix("refs/heads/");
    heads
        .or_else(|| name.strip_prefix("refs/remotes/"))
        .unwrap_or(name)
        .to_owned()
}

fn has_filters(git: &Git) -> bool {
    let found = || -> std::result::Result<bool, git2::Error> {
        let config = git.config()?;
        let mut entries = config.entries(Some("filter\\..*\\.(clean|process)"))?;
        Ok(entries.next().is_some())
    };
    found().unwrap_or(false)
}

fn read_changes(git: &Git, status: &mut RepositoryStatus) -> std::result::Result<(), git2::Error> {
    let mut options = StatusOptions::new();
    // A new directory is one change: what is in it may be much (`node_modules`).
    options
        .include_untracked(true)
        .recurse_untracked_dirs(false)
        .exclude_submodules(true)
        .update_index(false);
    for entry in git.statuses(Some(&mut options))?.iter() {
        if !entry.status().intersects(Status::IGNORED) && entry.status() != Status::CURRENT {
            status.add_change(entry.path_bytes());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
