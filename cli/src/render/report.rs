//! Outcomes about several plugins: a line each, and a summary.

use atk_core::{
    Bootstrapped, CacheFetched, EntryChange, Error, Installed, Line, LineResult, PlugKind,
    PluginDir, Ran, Removed, Report, SetUp, Skip, UpgradePlan, Upgraded, escape, escape_lines,
};

use super::hint::{headline, helps};
use super::{BOLD, CYAN, DIM, RED, count, plan};

/// The outcome of `setup`.
pub(crate) fn setup(report: &Report<SetUp>) -> String {
    lines(&report.plugins, "set up", |done| {
        match done.written.as_slice() {
            [] if done.fetched => "files fetched".to_owned(),
            [] => "unchanged".to_owned(),
            written => format!("set {}", written.join(", ")),
        }
    })
}

/// The outcome of `install`.
pub(crate) fn install(report: &Report<Installed>) -> String {
    installed(&report.plugins)
}

/// The outcome of `cache fetch`.
pub(crate) fn cache_fetched(report: &Report<CacheFetched>) -> String {
    lines(&report.plugins, "in the cache", |done| {
        let files = count(done.files, "file");
        format!("in the cache at {}, {files}", done.pin.short())
    })
}

/// The outcome of `bootstrap`.
pub(crate) fn bootstrap(outcome: &Bootstrapped) -> String {
    let home = escape(&outcome.home.to_string_lossy());
    let cloned = if outcome.cloned {
        format!("Cloned the home {home}\n")
    } else {
        String::new()
    };
    cloned + &installed(&outcome.plugins)
}

fn installed(plugins: &[Line<Installed>]) -> String {
    lines(plugins, "installed", |done| {
        let at = done
            .pin
            .as_ref()
            .map_or(String::new(), |pin| format!(" at {}", pin.short()));
        let fetched = if done.fetched { ", fetched" } else { "" };
        format!("installed{at}{fetched}")
    })
}

/// The outcome of `upgrade`.
pub(crate) fn upgrade(report: &Report<Upgraded>) -> String {
    lines(&report.plugins, "upgraded", |done| {
        let backup = done.backup.as_ref().map_or(String::new(), |path| {
            format!(", your edited files are in {}", path.display())
        });
        format!("upgraded {}{}", plan::pins(&done.plan), escape(&backup))
    })
}

/// The outcome of `upgrade --dry-run`.
pub(crate) fn plans(report: &Report<UpgradePlan>) -> String {
    let mut text = lines(&report.plugins, "to be upgraded", plan::pins);
    for line in &report.plugins {
        if let LineResult::Done { outcome } = &line.result {
            text.push_str(&plan::plan(outcome));
        }
    }
    text
}

/// The outcome of `start`, `stop` and `restart`.
pub(crate) fn ran(report: &Report<Ran>, word: &str) -> String {
    lines(&report.plugins, word, |_| word.to_owned())
}

/// The outcome of `uninstall` and `remove`.
pub(crate) fn remove(outcome: &Removed) -> String {
    let name = escape(&outcome.name);
    if !outcome.was_installed {
        return format!("Deleted plugins/{}\n", outcome.directory);
    }
    let mut text = format!("Removed {BOLD}{name}{BOLD:#}\n");
    for entry in &outcome.unplugged {
        if entry.change == EntryChange::Removed {
            let what = match entry.kind {
                PlugKind::Skill => "skill unplugged",
                _ => "unplugged",
            };
            text.push_str(&format!("{DIM}  {what} from {}{DIM:#}\n", entry.agent));
        }
    }
    if let Some(saved) = &outcome.saved {
        let saved = saved.short();
        text.push_str(&format!(
            "{DIM}  uncommitted changes were saved in commit {saved}{DIM:#}\n"
        ));
    }
    text
}

/// A line for each plugin, and a summary if there are several.
fn lines<T>(plugins: &[Line<T>], word: &str, done: impl Fn(&T) -> String) -> String {
    if plugins.is_empty() {
        return "No plugins yet\n".to_owned();
    }
    let mut text = String::new();
    for line in plugins {
        text.push_str(&format!("{BOLD}{}{BOLD:#}: ", line.directory));
        match &line.result {
            LineResult::Done { outcome } => text.push_str(&done(outcome)),
            LineResult::Skipped { reason } => text.push_str(&format!("{DIM}{reason}{DIM:#}")),
            // Why is an error message: see `failures`.
            LineResult::Failed { .. } => text.push_str(&format!("{RED}failed{RED:#}")),
        }
        text.push('\n');
    }
    if plugins.len() > 1 {
        text.push_str(&summary(plugins, word));
    }
    text
}

/// The failures of a report, for standard error; empty without any.
pub(crate) fn failures(failures: &[(&PluginDir, &Error)], of: usize) -> String {
    let mut text = String::new();
    for (directory, error) in failures {
        text.push_str(&format!("{BOLD}{directory}{BOLD:#}: {}\n", failure(error)));
    }
    if of > 1 && !failures.is_empty() {
        let plugins = count(of, "plugin");
        text.push_str(&format!("{} of {plugins} failed\n", failures.len()));
    }
    text
}

/// The failure of one plugin: the message, and below it, indented, its details.
fn failure(error: &Error) -> String {
    let details = error.details();
    let message = escape(&headline(error));
    let mut text = format!("{RED}failed:{RED:#} {message}");
    for problem in &details.problems {
        let problem = escape(&problem.to_string());
        // The message has the first one, or the only one.
        if !message.contains(&problem) {
            text.push_str(&format!("\n    {problem}"));
        }
    }
    let output = details.output.as_deref().unwrap_or_default();
    for line in escape_lines(output.trim_end()).lines() {
        text.push_str(&format!("\n    {DIM}| {line}{DIM:#}"));
    }
    for help in helps(error) {
        text.push_str(&format!("\n    {CYAN}help:{CYAN:#} {help}"));
    }
    text
}

fn summary<T>(lines: &[Line<T>], word: &str) -> String {
    let of = |is: fn(&LineResult<T>) -> bool| lines.iter().filter(|line| is(&line.result)).count();
    let done = of(|result| matches!(result, LineResult::Done { .. }));
    let current = of(|result| {
        matches!(
            result,
            LineResult::Skipped {
                reason: Skip::UpToDate
            }
        )
    });
    let skipped = of(|result| matches!(result, LineResult::Skipped { .. })) - current;
    let failed = of(|result| matches!(result, LineResult::Failed { .. }));
    let plugins = count(lines.len(), "plugin");
    // A plugin that is up to date is counted apart: nothing was skipped by mistake.
    let current = match current {
        0 => String::new(),
        current => format!(" {current} already up to date,"),
    };
    format!("{plugins}: {done} {word},{current} {skipped} skipped, {failed} failed\n")
}
