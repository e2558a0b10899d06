//! What runs, in words.

use atk_core::{LineResult, PortStatus, Report, RunState, ServiceStatus, State, escape};

use super::table::table;

/// The outcome of `status`.
pub(crate) fn status(report: &Report<ServiceStatus>) -> String {
    if report.plugins.is_empty() {
        return "No plugins yet\n".to_owned();
    }
    let rows: Vec<_> = report
        .plugins
        .iter()
        .map(|line| {
            let (state, ports, notes) = match &line.result {
                LineResult::Done { outcome } => {
                    (state(outcome.state), ports(&outcome.ports), notes(outcome))
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

fn state(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Stopped => "stopped",
        _ => "unknown",
    }
}

/// The ports; a star marks those that something listens on.
fn ports(ports: &[PortStatus]) -> String {
    let shown = ports.iter().map(|port| {
        let used = if port.in_use { "*" } else { "" };
        format!("{}{used}", port.port)
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn notes(status: &ServiceStatus) -> String {
    let files = match status.files {
        State::Missing => Some("its files are missing".to_owned()),
        State::Outdated => Some("its files are of another commit".to_owned()),
        _ => None,
    };
    let unset = (!status.unset.is_empty()).then(|| format!("unset: {}", status.unset.join(", ")));
    files
        .into_iter()
        .chain(unset)
        .collect::<Vec<_>>()
        .join("; ")
}
