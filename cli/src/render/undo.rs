//! The outcomes of `undo` as text for people.

use atk_core::{HistoryPlugin, LineResult, UndoPlan, Undone, escape};

use super::history::{in_words, pins};
use super::{BOLD, YELLOW, plan};

/// The outcome of `undo --dry-run`.
pub(crate) fn undo_plan(undo: &UndoPlan) -> String {
    let (commit, subject) = (undo.commit.short(), escape(&undo.subject));
    let mut text = format!("Undoing {commit} \"{subject}\" would:\n");
    for step in &undo.plugins {
        text.push_str(&format!("  {}\n", change(&step.change)));
        if step.restores_env {
            text.push_str("    restore its .env from the trash\n");
        }
    }
    for upgrade in undo.plugins.iter().filter_map(|step| step.upgrade.as_ref()) {
        text.push_str(&plan::plan(upgrade));
    }
    if !undo.later.is_empty() {
        text.push_str(&format!(
            "{YELLOW}Later changes of the same plugins{YELLOW:#}, the newest first; undo them too \
             with --with-later:\n"
        ));
        for entry in &undo.later {
            let (commit, subject) = (entry.commit.short(), escape(&entry.subject));
            text.push_str(&format!("  {commit} {subject}\n"));
        }
    }
    text
}

/// The outcome of `undo`.
pub(crate) fn undo(undone: &Undone) -> String {
    let (commit, subject) = (undone.commit.short(), escape(&undone.subject));
    let mut text = format!("Undid {commit} \"{subject}\":\n");
    for line in &undone.plugins {
        match &line.result {
            LineResult::Done { outcome } => {
                let env = if outcome.restored_env {
                    ", with its .env"
                } else {
                    ""
                };
                let backup = outcome.backup.as_ref().map_or(String::new(), |path| {
                    let path = escape(&path.to_string_lossy());
                    format!(", files that nothing else has are in {path}")
                });
                text.push_str(&format!("  {}{env}{backup}\n", change(&outcome.change)));
            }
            LineResult::Skipped { reason } => {
                text.push_str(&format!("  {}: {reason}\n", line.directory));
            }
            LineResult::Failed { .. } => {}
        }
    }
    text
}

fn change(change: &HistoryPlugin) -> String {
    let (word, pins) = (in_words(change.operation), pins(change));
    let text = format!("{word} {BOLD}{}{BOLD:#} {pins}", change.directory);
    text.trim_end().to_owned()
}
