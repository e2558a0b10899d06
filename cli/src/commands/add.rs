//! `atk add`.

use atk_core::{AddOptions, Result};
use clap::Args;

use super::Context;
use crate::args::commit;
use crate::render;
use crate::terminal::Terminal;

/// Add a plugin to the home.
///
/// Fetches the plugin's files and checks them, asks whether to trust a new source, asks for the
/// variables that the plugin needs, puts the files in place, runs the plugin's install command, and
/// commits. If anything fails, the home is as it was before; the answers stay in the .env file for the
/// next try. All files of a local plugin are committed, except those that its .gitignore files ignore
/// and those that may hold secrets (*.env, .env.*, and copies of them); a warning lists these.
///
/// A source is a registry name, a git URL or a path. A git URL may have a directory of the repository
/// after `//`, and both names and URLs a branch, tag or commit after `@`. Upgrades follow a branch,
/// and leave a plugin at a tag or commit. An `@` that is part of a URL is written `%40`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk add openmemory
  atk add github.com/org/tool --trust github.com/org/
  atk add github.com/org/tool@v1.2                 At a tag
  atk add github.com/org/mono//tools/x             A directory of a repository
  atk add git@example.com:team/mono.git//x@main    Both, with a branch to follow
  atk add ./my-tool
  atk add langfuse --env LANGFUSE_HOST=http://localhost:3000 --env-file secrets.env -y")]
pub(crate) struct Add {
    /// A registry name, a git URL or a path
    source: String,
    /// A branch, a tag or the full id of a commit; the source may say it itself, after `@`
    #[arg(long, value_name = "REVISION")]
    at: Option<String>,
}

impl Add {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let host = Terminal::new(context.output);
        let mut options = AddOptions::default();
        options.answers = context.answers;
        options.at = commit("--at", self.at.as_deref())?;
        let outcome = context.home.add(&self.source, &options, &host)?;
        host.late_warnings(&outcome.warnings);
        host.push(outcome.push.as_ref());
        context.output.report(&outcome, render::add)?;
        Ok(0)
    }
}
