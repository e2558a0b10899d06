//! The outcome of `status`.

use std::time::SystemTime;

use atk_core::{
    Line, LineResult, PortStatus, RepositoryStatus, RunState, ServiceStatus, State, StatusReport,
    UnknownReason, escape,
};

use super::cache::ago;
use super::table::table;
use super::{DIM, count};

/// The number of changed files that are shown.
const SHOWN: usize = 5;

/// The outcome of `status`.
pub(crate) fn status(report: &StatusReport, now: SystemTime) -> String {
    let mut text = plugins(&report.plugins);
    if let Some(status) = &report.repository {
        text.push_str(&repository(status, now));
    }
    text
}

fn plugins(plugins: &[Line<ServiceStatus>]) -> String {
    if plugins.is_empty() {
        return "No plugins yet\n".to_owned();
    }
    let rows: Vec<_> = plugins
        .iter()
        .map(|line| {
            let (state, ports, notes) = match &line.result {
                LineResult::Done { outcome } => {
                    (state(outcome), ports(&outcome.ports), notes(outcome))
                }
                LineResult::Skipped { reason } => ("", String::new(), reason.to_string()),
                LineResult::Failed { error } => ("failed", String::new(), error.to_string()),
            };
            [
                line.directory.to_string(),
                escape(&line.name),
                state.to_owned(),
                ports,
                escape(&notes),
            ]
        })
        .collect();
    table(["DIRECTORY", "NAME", "STATUS", "PORTS", "NOTES"], &rows)
}

fn state(status: &ServiceStatus) -> &'static str {
    match (status.state, status.unknown) {
        (RunState::Running, _) => "running",
        (RunState::Stopped, _) => "stopped",
        (_, Some(UnknownReason::TimedOut)) => "unknown: timed out",
        (_, Some(UnknownReason::HomeNotTrusted)) => "unknown: home not trusted",
        (_, Some(UnknownReason::NoService)) => "no service",
        _ => "unknown",
    }
}

/// The state of the repository, a line for each thing.
fn repository(status: &RepositoryStatus, now: SystemTime) -> String {
    let branch = status.branch.as_deref();
    let mut lines = vec![(
        "Branch",
        branch.unwrap_or("none (HEAD is detached)").to_owned(),
    )];
    lines.push(("Remote", remote(status)));
    lines.push(("Commit", commit(status, now)));
    lines.push(("Changes", changes(status)));
    let line = |(name, text): (&str, String)| format!("{DIM}{name:<8}{DIM:#} {}\n", escape(&text));
    let lines: String = lines.into_iter().map(line).collect();
    format!("\n{lines}")
}

fn remote(status: &RepositoryStatus) -> String {
    let Some(remote) = &status.remote else {
        return "none".to_owned();
    };
    let name = status.upstream.as_ref().unwrap_or(remote);
    let url = status
        .url
        .as_ref()
        .map_or(String::new(), |url| format!(" ({url})"));
    let known = match (&status.upstream, status.ahead, status.behind) {
        (_, Some(0), Some(0)) => "up to date".to_owned(),
        (_, Some(ahead), Some(behind)) => {
            let parts = [(ahead, "ahead"), (behind, "behind")];
            let parts = parts.iter().filter(|(number, _)| *number > 0);
            let parts: Vec<_> = parts
                .map(|(number, way)| format!("{number} {way}"))
                .collect();
            parts.join(", ")
        }
        (Some(_), _, _) => "never pushed".to_owned(),
        (None, _, _) => "the branch has no upstream".to_owned(),
    };
    format!("{name}{url}: {known}")
}

fn commit(status: &RepositoryStatus, now: SystemTime) -> String {
    let Some(commit) = &status.commit else {
        return "none yet".to_owned();
    };
    let subject = status.subject.as_deref().unwrap_or_default();
    let seconds = status
        .committed_at
        .and_then(|time| u64::try_from(time).ok());
    let ago = seconds.map_or(String::new(), |seconds| format!(", {}", ago(seconds, now)));
    format!("{} {subject}{ago}", commit.short())
}

fn changes(status: &RepositoryStatus) -> String {
    if status.changed == 0 {
        return "none".to_owned();
    }
    let shown = status.changes.iter().take(SHOWN);
    let mut files = shown.cloned().collect::<Vec<_>>().join(", ");
    if status.changed > SHOWN {
        files.push_str(", …");
    }
    format!("{} not committed: {files}", count(status.changed, "path"))
}

/// The ports; a star marks those in use.
fn ports(ports: &[PortStatus]) -> String {
    let shown = ports.iter().map(|port| {
        let used = if port.in_use { "*" } else { "" };
        format!("{}{used}", port.port)
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn notes(status: &ServiceStatus) -> String {
    let files = match status.files {
        State::Missing => Some("files are missing".to_owned()),
        State::Outdated => Some("files do not match the pinned commit".to_owned()),
        _ => None,
    };
    let unset = (!status.unset.is_empty()).then(|| format!("unset: {}", status.unset.join(", ")));
    let no_command = status.unknown == Some(UnknownReason::NoCommand);
    let no_command = no_command.then(|| "it has no `status` command".to_owned());
    files
        .into_iter()
        .chain(no_command)
        .chain(unset)
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn shown(change: impl FnOnce(&mut RepositoryStatus)) -> String {
        let mut status = RepositoryStatus::default();
        change(&mut status);
        let text = repository(&status, UNIX_EPOCH + Duration::from_secs(7_200));
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_repository_without_branch_commit_or_remote_is_shown() {
        insta::assert_snapshot!(shown(|_| {}), @"

        Branch   none (HEAD is detached)
        Remote   none
        Commit   none yet
        Changes  none
        ");
        let text = shown(|status| {
            status.branch = Some("main".into());
            status.commit = atk_core::Pin::new("0123456789012345678901234567890123456789").ok();
            status.subject = Some("Add \u{1b}[31m".into());
            status.committed_at = Some(0);
            status.remote = Some("origin".into());
            status.upstream = Some("origin/main".into());
            status.url = Some("https://example.com/home".into());
            (status.ahead, status.behind) = (Some(2), Some(1));
            status.changed = 7;
            status.changes = ["a", "b", "c", "d", "e", "f", "g"]
                .map(str::to_owned)
                .into();
        });
        insta::assert_snapshot!(text, @r"

        Branch   main
        Remote   origin/main (https://example.com/home): 2 ahead, 1 behind
        Commit   0123456789 Add \u{1b}[31m, 2 hours ago
        Changes  7 paths not committed: a, b, c, d, e, …
        ");
    }

    #[test]
    fn the_state_of_the_remote_is_shown() {
        let remote = |upstream: Option<&str>, counts: (Option<usize>, Option<usize>)| {
            let mut status = RepositoryStatus::default();
            status.remote = Some("origin".into());
            status.upstream = upstream.map(str::to_owned);
            (status.ahead, status.behind) = counts;
            super::remote(&status)
        };
        let upstream = Some("origin/main");
        assert_eq!(
            remote(upstream, (Some(0), Some(0))),
            "origin/main: up to date"
        );
        assert_eq!(
            remote(upstream, (Some(0), Some(3))),
            "origin/main: 3 behind"
        );
        assert_eq!(remote(upstream, (None, None)), "origin/main: never pushed");
        assert_eq!(
            remote(None, (None, None)),
            "origin: the branch has no upstream"
        );
    }
}
