//! The host: shows what goes on, asks what must be asked.

mod hidden;
mod input;
mod paste;
mod progress;
mod question;

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use atk_core::{
    CancelToken, Event, Host, HostError, Level, Prompt, Push, Reply, Stdio, escape, escape_lines,
};

use crate::output::Output;
use crate::render::{self, DIM, YELLOW};
use progress::Progress;

/// The host of a person at a terminal, or of a script.
pub(crate) struct Terminal<'a> {
    output: &'a Output,
    streams: Streams,
    state: Mutex<State>,
}

/// What becomes of the streams of the commands that an operation runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Streams {
    /// Standard error shows what they write. On a terminal they have it.
    Shown,
    /// They have our streams: what they write is what was asked for.
    Passed,
    /// Only their end counts; what they write is shown where each step is.
    Hidden,
}

/// What has been shown so far.
#[derive(Default)]
struct State {
    progress: Progress,
    resolved: String,
    warnings: Vec<String>,
    /// The last thing worth knowing: a question need not repeat it.
    told: String,
    /// True where a command's output has not ended its line.
    amid_line: bool,
}

impl State {
    /// Makes room for a line of our own.
    fn make_room(&mut self) {
        self.progress.clear();
        if std::mem::take(&mut self.amid_line) {
            let _ = io::stderr().write_all(b"\n");
        }
    }
}

impl<'a> Terminal<'a> {
    /// Makes the host of an operation.
    pub(crate) fn new(output: &'a Output) -> Self {
        Terminal::with(output, Streams::Shown)
    }

    /// Makes the host of an operation that runs what the user asked to see or to use: the command
    /// reads and writes our streams, whatever they are.
    pub(crate) fn passing_streams(output: &'a Output) -> Self {
        Terminal::with(output, Streams::Passed)
    }

    /// Makes the host of an operation that runs commands only to see how they end.
    pub(crate) fn hiding_streams(output: &'a Output) -> Self {
        Terminal::with(output, Streams::Hidden)
    }

    fn with(output: &'a Output, streams: Streams) -> Self {
        Terminal {
            output,
            streams,
            state: Mutex::default(),
        }
    }

    /// Shows those warnings of an outcome that were not shown while it came about.
    pub(crate) fn late_warnings(&self, warnings: &[String]) {
        for warning in warnings {
            self.warn(warning);
        }
    }

    /// Shows where a home that pushes by itself sent a commit, or what gets past its failure. The
    /// failure itself is one of the warnings.
    pub(crate) fn push(&self, push: Option<&Push>) {
        if let Some(push) = push {
            self.tell(&render::push(push));
        }
    }

    fn warn(&self, text: &str) {
        let text = escape(text);
        let mut state = self.state();
        state.make_room();
        if self.output.quiet() || self.output.json() || state.warnings.contains(&text) {
            return;
        }
        self.output
            .tell(&format!("{YELLOW}warning:{YELLOW:#} {text}\n"));
        state.warnings.push(text);
    }

    /// Writes a line of what goes on, unless nobody wants to read it.
    fn tell(&self, text: &str) {
        self.state().make_room();
        if !self.output.quiet() && !self.output.json() {
            self.output.tell(text);
        }
    }

    /// True where the output of commands is shown, if they do not write to our streams themselves.
    fn shows_commands(&self) -> bool {
        match self.streams {
            Streams::Shown | Streams::Passed => !self.output.quiet(),
            Streams::Hidden => self.output.verbose(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for Terminal<'_> {
    fn event(&self, event: Event) {
        match event {
            Event::Resolved { description } => {
                let description = escape(&description);
                if self.state().resolved != description {
                    self.tell(&format!("Using {description}\n"));
                    self.state().resolved = description;
                }
            }
            Event::Step {
                plugin,
                description,
            } if self.output.verbose() => {
                let description = escape(&description);
                let plugin = plugin.map_or(String::new(), |plugin| escape(&plugin) + ": ");
                self.tell(&format!("{DIM}{plugin}{description}{DIM:#}\n"));
            }
            Event::Progress {
                source,
                bytes,
                objects,
            } if self.output.shows_progress() => {
                self.state().progress.show(&escape(&source), bytes, objects);
            }
            Event::Output { chunk, .. } if self.shows_commands() => {
                let mut state = self.state();
                state.progress.clear();
                state.amid_line = chunk.last().is_some_and(|last| *last != b'\n');
                // As it is: its colours are its own affair, as they would be without us.
                let _ = io::stderr().write_all(&chunk);
            }
            Event::Message {
                level: Level::Warning,
                text,
                ..
            } => self.warn(&text),
            Event::Message {
                level: Level::Info,
                text,
                ..
            } => {
                self.tell(&format!("{}\n", escape_lines(&text)));
                if !self.output.quiet() && !self.output.json() {
                    self.state().told = text;
                }
            }
            Event::OperationFinished { .. } => self.state().make_room(),
            _ => {}
        }
    }

    fn prompt(&self, mut prompt: Prompt, cancel: &CancelToken) -> Result<Reply, HostError> {
        // The input of what runs with our streams, or of a script around us, is not ours to read.
        if self.streams != Streams::Shown && !io::stdin().is_terminal() {
            return Ok(Reply::Unanswered);
        }
        let mut state = self.state();
        state.make_room();
        if state.told == prompt.details.join("\n") {
            prompt.details.clear();
        }
        drop(state);
        question::ask(&prompt, cancel).map_err(|error| HostError {
            message: error.to_string(),
        })
    }

    fn stdio(&self) -> Stdio {
        let terminals =
            io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal();
        let inherit = match self.streams {
            Streams::Shown => terminals && !self.output.quiet(),
            Streams::Passed => true,
            Streams::Hidden => false,
        };
        if inherit && !self.output.json() {
            Stdio::Inherit
        } else {
            Stdio::Stream
        }
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        self.state().make_room();
    }
}
