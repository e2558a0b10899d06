//! The outcome of `verify` as text for people.

use atk_core::{Finding, FindingKind, LineResult, Verification, VerifyState, escape};

use super::{BOLD, DIM, count};

pub(crate) fn verification(outcome: &Verification) -> String {
    let mut text = String::new();
    let mut ok = 0;
    for line in &outcome.plugins {
        let LineResult::Done { outcome } = &line.result else {
            continue;
        };
        let directory = &line.directory;
        match outcome.state {
            VerifyState::Ok => ok += 1,
            VerifyState::Different => {
                text.push_str(&format!("{BOLD}{directory}{BOLD:#}  different\n"))
            }
            _ => text.push_str(&format!("{BOLD}{directory}{BOLD:#}  unknown\n")),
        }
        if let Some(reason) = &outcome.reason {
            text.push_str(&format!("  {DIM}{}{DIM:#}\n", escape(reason)));
        }
        text.push_str(&findings(&outcome.findings));
        for path in &outcome.extra {
            text.push_str(&format!("  extra        {}\n", escape(path)));
        }
    }
    if !outcome.findings.is_empty() {
        text.push_str(&format!("{BOLD}the home{BOLD:#}\n"));
        text.push_str(&findings(&outcome.findings));
    }
    text.push_str(&format!("{} verified\n", count(ok, "plugin")));
    text
}

pub(crate) fn findings(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let kind = in_words(finding.kind);
        format!("  {kind:<11}  {}\n", escape(&finding.path))
    };
    findings.iter().map(line).collect()
}

fn in_words(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Changed => "changed",
        FindingKind::Missing => "missing",
        FindingKind::Mode => "mode",
        FindingKind::Stamp => "other pin",
        FindingKind::Uncommitted => "uncommitted",
        FindingKind::SecretTracked => "secret",
        FindingKind::Interrupted => "interrupted",
        _ => "different",
    }
}
