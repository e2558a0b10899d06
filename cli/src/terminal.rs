//! The host: prints events and asks questions.

mod hidden;
mod input;
mod paste;
mod progress;
mod question;

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use atk_core::{
    CancelToken, Event, Host, HostError, Level, Prompt, Push, Reply, Stdio, escape, escape_lines,
    json_text,
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

/// How the streams of the commands that an operation runs are connected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Streams {
    /// Their output is shown on standard error. On a terminal they inherit it.
    Shown,
    /// They inherit our streams: their output is the result.
    Passed,
    /// Only their exit code counts; their output is shown with --verbose.
    Hidden,
}

/// The state of what has been printed so far.
#[derive(Default)]
struct State {
    progress: Progress,
    resolved: String,
    warnings: Vec<String>,
    /// The last message: a question does not repeat it.
    last_message: String,
    /// True if the output of a command has not ended its line.
    amid_line: bool,
}

impl State {
    /// Prepares for a line of our own: clears progress, ends an open line.
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

    /// Makes the host of an operation that runs a program for the user: the program reads and writes
    /// our streams.
    pub(crate) fn passing_streams(output: &'a Output) -> Self {
        Terminal::with(output, Streams::Passed)
    }

    /// Makes the host of an operation that needs only the exit codes of its commands.
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

    /// Prints the warnings of an outcome that were not printed during the operation.
    pub(crate) fn late_warnings(&self, warnings: &[String]) {
        for warning in warnings {
            self.warn(warning);
        }
    }

    /// Prints where a commit was pushed automatically, or the help for a failed push. The failure
    /// itself is one of the warnings.
    pub(crate) fn push(&self, push: Option<&Push>) {
        if let Some(push) = push {
            self.tell(&render::push(push));
        }
    }

    fn warn(&self, text: &str) {
        let text = escape(text);
        let mut state = self.state();
        state.make_room();
        let is_event = self.output.json_events();
        if self.output.quiet() || self.output.json() || is_event || state.warnings.contains(&text) {
            return;
        }
        self.output
            .tell(&format!("{YELLOW}warning:{YELLOW:#} {text}\n"));
        state.warnings.push(text);
    }

    /// Prints a line, unless --quiet or --json is given.
    fn tell(&self, text: &str) {
        self.state().make_room();
        if !self.output.quiet() && !self.output.json() && !self.output.json_events() {
            self.output.tell(text);
        }
    }

    /// True if the output of commands is shown, in case they do not inherit our streams.
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
        if self.output.json_events() {
            let line = serde_json::to_value(&event).map(|value| json_text(&value));
            self.output.tell(&format!("{}\n", line.unwrap_or_default()));
            return;
        }
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
                ..
            } if self.output.verbose() => {
                let description = escape(&description);
                let plugin = plugin.map_or(String::new(), |plugin| escape(&plugin) + ": ");
                self.tell(&format!("{DIM}{plugin}{description}{DIM:#}\n"));
            }
            Event::Progress {
                source,
                bytes,
                objects,
                total_objects,
            } if self.output.shows_progress() => {
                let objects = (objects, total_objects);
                self.state().progress.show(&escape(&source), bytes, objects);
            }
            Event::Output { chunk, .. } if self.shows_commands() => {
                let mut state = self.state();
                state.progress.clear();
                state.amid_line = chunk.last().is_some_and(|last| *last != b'\n');
                // Unchanged: the command decides about its colours.
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
                    self.state().last_message = text;
                }
            }
            Event::OperationFinished { .. } => self.state().make_room(),
            _ => {}
        }
    }

    fn prompt(&self, mut prompt: Prompt, cancel: &CancelToken) -> Result<Reply, HostError> {
        // Without a terminal, the input belongs to the program that inherits it, or to a script
        // around us.
        if self.streams != Streams::Shown && !io::stdin().is_terminal() {
            return Ok(Reply::Unanswered);
        }
        let mut state = self.state();
        state.make_room();
        if state.last_message == prompt.details.join("\n") {
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
        if inherit && !self.output.json() && !self.output.json_events() {
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
