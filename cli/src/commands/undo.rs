//! `atk undo`.

use atk_core::{LineResult, PlanUndoOptions, Result, UndoOptions};
use clap::Args;

use super::Context;
use crate::render;
use crate::terminal::Terminal;

/// Undo a change of the home's plugins: the last one, or that of a commit.
///
/// The plugins are as they were before the change, in a new commit. An upgrade is undone by the files
/// of the old pin and the install command. A removal is undone by the plugin's files at its pin, its
/// custom/ from the home's history and its .env from the trash, which keeps it for 30 days. An
/// addition is undone by a removal, which asks first. If a file that is needed can no longer be had,
/// nothing changes.
///
/// Undoing twice brings the change back.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk undo
  atk undo --dry-run
  atk history
  atk undo 1f0c2ab
  atk undo 1f0c2ab --with-later   Together with what changed the same plugins since")]
pub(crate) struct Undo {
    /// The commit, as `atk history` shows it [default: the last that changed plugins]
    commit: Option<String>,
    /// Undo the later changes of the same plugins too
    #[arg(long)]
    with_later: bool,
    /// Show what would change, without changing anything
    #[arg(long)]
    dry_run: bool,
}

impl Undo {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let commit = self.commit.as_deref();
        if self.dry_run {
            let mut options = PlanUndoOptions::default();
            options.with_later = self.with_later;
            let plan = context.home.plan_undo(commit, &options, &host)?;
            context.output.outcome(&plan, render::undo_plan)?;
            return Ok(0);
        }
        let mut options = UndoOptions::default();
        options.with_later = self.with_later;
        options.answers = context.answers;
        let undone = context.home.undo(commit, &options, &host)?;
        let mut failures = Vec::new();
        for line in &undone.plugins {
            match &line.result {
                LineResult::Done { outcome } => host.push(outcome.push.as_ref()),
                LineResult::Failed { error } => failures.push((&line.directory, error)),
                LineResult::Skipped { .. } => {}
            }
        }
        context.output.report(&undone, render::undo)?;
        if !context.output.json() {
            context
                .output
                .tell(&render::failures(&failures, undone.plugins.len()));
        }
        Ok(u8::from(!failures.is_empty()))
    }
}
