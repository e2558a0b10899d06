//! The same by the git program, for repositories that libgit2 cannot read.

use super::{default_remote, redact};
use crate::error::Result;
use crate::model::pin::Pin;
use crate::model::repository::RepositoryStatus;
use crate::repository::Repository;
use crate::repository::program::Run;

impl Repository {
    pub(super) fn overview_by_program(&self) -> Result<RepositoryStatus> {
        let mut status = RepositoryStatus::default();
        self.changes_by_program(&mut status)?;
        if status.commit.is_some() {
            self.newest_by_program(&mut status)?;
        }
        let line = |args: &[&str]| {
            let said = self.run(Run::new(args)).ok().filter(|said| said.success)?;
            let text = String::from_utf8_lossy(&said.stdout).into_owned();
            Some(text.trim_end_matches('\n').to_owned())
        };
        let configured = status
            .branch
            .as_ref()
            .and_then(|branch| line(&["config", "--get", &format!("branch.{branch}.remote")]));
        let names = line(&["remote"]).unwrap_or_default();
        let names: Vec<String> = names.lines().map(str::to_owned).collect();
        status.remote = configured.or_else(|| default_remote(&names));
        let url = status.remote.as_deref();
        let url = url.and_then(|name| line(&["config", "--get", &format!("remote.{name}.url")]));
        status.url = url.map(|url| redact(&url));
        Ok(status)
    }

    /// Reads time and subject of the newest commit, whatever encoding it is written in.
    pub(super) fn newest_by_program(&self, status: &mut RepositoryStatus) -> Result<()> {
        let git = self.as_program("its newest commit is not written in UTF-8");
        let said = git.git(&[
            "log",
            "-1",
            "--no-show-signature",
            "--format=%ct%n%s",
            "HEAD",
        ])?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let mut lines = text.lines();
        status.committed_at = lines.next().and_then(|time| time.parse().ok());
        status.subject = lines.next().map(str::to_owned);
        Ok(())
    }

    /// Reads branch, upstream and changes.
    pub(super) fn changes_by_program(&self, status: &mut RepositoryStatus) -> Result<()> {
        let git = self.as_program("the repository has clean filters");
        let mut run = Run::new(&[
            "status",
            "--porcelain=v2",
            "--branch",
            "-z",
            "--untracked-files=normal",
            "--ignore-submodules=all",
            "--no-renames",
        ]);
        // It would write the index, which a read must not.
        run.env.push(("GIT_OPTIONAL_LOCKS".into(), "0".into()));
        let said = git.run(run)?.succeeded()?;
        for record in said.stdout.split(|byte| *byte == 0) {
            read_record(record, status);
        }
        Ok(())
    }
}

/// Reads a record of `git status --porcelain=v2 --branch -z`.
fn read_record(record: &[u8], status: &mut RepositoryStatus) {
    let path_after = |fields: usize| record.splitn(fields + 1, |byte| *byte == b' ').nth(fields);
    match record.first() {
        Some(b'#') => read_header(&String::from_utf8_lossy(record), status),
        Some(b'?') => path_after(1).map_or((), |path| status.add_change(path)),
        Some(b'1') => path_after(8).map_or((), |path| status.add_change(path)),
        Some(b'u') => path_after(10).map_or((), |path| status.add_change(path)),
        Some(_) | None => {}
    }
}

fn read_header(header: &str, status: &mut RepositoryStatus) {
    let Some((name, value)) = header
        .strip_prefix("# ")
        .and_then(|header| header.split_once(' '))
    else {
        return;
    };
    match name {
        "branch.oid" => status.commit = Pin::new(value).ok(),
        "branch.head" if value != "(detached)" => status.branch = Some(value.to_owned()),
        "branch.upstream" => status.upstream = Some(value.to_owned()),
        "branch.ab" => {
            let mut counts = value.split(' ').map(|count| count.get(1..)?.parse().ok());
            status.ahead = counts.next().flatten();
            status.behind = counts.next().flatten();
        }
        _ => {}
    }
}
