//! `atk watch`.

use atk_core::{CancelToken, Event, Host, HostError, Prompt, Reply, Result, WatchOptions};
use clap::Args;

use super::Context;
use crate::output::Output;
use crate::render;
use crate::terminal::Terminal;

/// Show each change of the home, whoever makes it.
///
/// A change by ATK, by `git pull`, by an editor: each is a line, until you press Ctrl-C. With
/// --json, each line is a JSON document; the first one says that the watch has begun.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk watch
  atk watch --once && echo changed
  atk watch --json | jq -r 'select(.event == \"changed\") | .plugins[]'")]
pub(crate) struct Watch {
    /// End at the first change
    #[arg(long)]
    once: bool,
}

impl Watch {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let cancel = context.cancel.clone();
        let host = Lines {
            terminal: Terminal::new(context.output),
            output: context.output,
            cancel,
        };
        let mut options = WatchOptions::default();
        options.once = self.once;
        context.home.watch(&options, &host)?;
        Ok(0)
    }
}

/// Prints changes on standard output; anything else as ever.
struct Lines<'a> {
    terminal: Terminal<'a>,
    output: &'a Output,
    cancel: CancelToken,
}

impl Host for Lines<'_> {
    fn event(&self, event: Event) {
        match &event {
            Event::Watching | Event::Changed { .. } => {
                // Without a reader the watch has no purpose.
                if self.output.line(&event, render::change).is_err() {
                    self.cancel.cancel();
                }
            }
            _ => self.terminal.event(event),
        }
    }

    fn prompt(&self, prompt: Prompt, cancel: &CancelToken) -> Result<Reply, HostError> {
        self.terminal.prompt(prompt, cancel)
    }
}
