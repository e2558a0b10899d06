//! The two streams that the program writes: results on standard output, everything else on standard
//! error.

use std::io::{self, IsTerminal, Write};

use anstream::stream::{AsLockedWrite, RawStream};
use anstream::{AutoStream, ColorChoice};
use atk_core::{Error, ErrorKind, Result, escape_lines, json_text};
use serde::Serialize;

use crate::args::{ColorWhen, EarlyFlags, GlobalArgs};
use crate::render;

/// How and how much to write. A reader that went away (`atk list | head -1`) is not an error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
    json_events: bool,
    quiet: u8,
    verbose: bool,
    color: ColorChoice,
}

impl Output {
    /// Returns the output that the options select.
    pub(crate) fn new(globals: &GlobalArgs) -> Output {
        Output {
            json: globals.json,
            json_events: globals.json_events,
            quiet: globals.quiet,
            verbose: globals.verbose && globals.quiet == 0,
            color: choice(globals.color),
        }
    }

    /// Returns the output for a line that clap refuses.
    pub(crate) fn of_early_flags(flags: EarlyFlags) -> Output {
        Output {
            json: flags.json,
            json_events: false,
            quiet: 0,
            verbose: false,
            color: choice(flags.color),
        }
    }

    /// True if standard output gets one JSON document and nothing else.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// True if each event is written as JSON to standard error.
    pub(crate) fn json_events(&self) -> bool {
        self.json_events
    }

    /// True if only errors and results are printed.
    pub(crate) fn quiet(&self) -> bool {
        self.quiet > 0
    }

    /// True if each step is printed.
    pub(crate) fn verbose(&self) -> bool {
        self.verbose
    }

    /// True if progress is shown: standard error is a terminal that takes escape sequences.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.json
            && !self.quiet()
            && !self.json_events
            && io::stderr().is_terminal()
            && self.choice(&io::stderr()) != ColorChoice::Never
    }

    /// True if standard output takes styles: documents are laid out then.
    pub(crate) fn renders(&self) -> bool {
        !self.json && self.choice(&io::stdout()) != ColorChoice::Never
    }

    /// Writes a text that is not an outcome: a help text, a script for a shell.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if standard output cannot be written.
    pub(crate) fn text(&self, text: &str) -> Result<()> {
        self.styled(io::stdout(), text).map_err(unwritten)
    }

    /// Writes an outcome, as JSON or as the text that `human` returns.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if standard output cannot be written.
    pub(crate) fn outcome<T: Serialize>(
        &self,
        outcome: &T,
        human: impl FnOnce(&T) -> String,
    ) -> Result<()> {
        let written = if self.json {
            write_all(io::stdout().lock(), &json_line(outcome)?)
        } else {
            self.styled(io::stdout(), &human(outcome))
        };
        written.map_err(unwritten)
    }

    /// Writes a document as JSON, whatever the options say.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if standard output cannot be written.
    pub(crate) fn document(&self, document: &impl Serialize) -> Result<()> {
        write_all(io::stdout().lock(), &json_line(document)?).map_err(unwritten)
    }

    /// Writes what an operation changed. Under --quiet that is left out; a document is not.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if standard output cannot be written.
    pub(crate) fn report<T: Serialize>(
        &self,
        outcome: &T,
        human: impl FnOnce(&T) -> String,
    ) -> Result<()> {
        match self.quiet() && !self.json {
            true => Ok(()),
            false => self.outcome(outcome, human),
        }
    }

    /// Writes one of many documents, each on a line of its own. A text may be empty.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if standard output cannot be written, a reader that went away included.
    pub(crate) fn line<T: Serialize>(
        &self,
        document: &T,
        human: impl FnOnce(&T) -> String,
    ) -> Result<()> {
        let text = match self.json {
            true => json_line(document)?,
            false => human(document),
        };
        let mut stream = AutoStream::new(io::stdout(), self.choice(&io::stdout()));
        let written = stream.write_all(text.as_bytes());
        written.and_then(|()| stream.flush()).map_err(unwritten)
    }

    /// Writes an error and returns the exit status.
    pub(crate) fn failure(&self, error: &Error) -> u8 {
        if self.json {
            let document = serde_json::json!({ "error": error.to_json() });
            let text = format!("{}\n", json_text(&document));
            if let Err(unwritable) = write_all(io::stdout().lock(), &text) {
                self.tell(&render::error(error, self.verbose));
                if error.kind() != ErrorKind::Io {
                    self.tell(&render::error(&unwritten(unwritable), false));
                }
            }
        } else {
            self.tell(&render::error(error, self.verbose));
        }
        error.exit_code()
    }

    /// Writes a text of clap: help and version to standard output, a usage error to standard error.
    pub(crate) fn usage(&self, error: &clap::Error) -> u8 {
        if self.json && error.kind() == clap::error::ErrorKind::DisplayVersion {
            let version = env!("CARGO_PKG_VERSION");
            let document = serde_json::json!({ "name": "atk", "version": version });
            let _ = write_all(io::stdout(), &format!("{}\n", json_text(&document)));
            return 0;
        }
        if error.exit_code() == 0 {
            let _ = self.styled(io::stdout(), &error.render().ansi().to_string());
            return 0;
        }
        if self.json {
            return self.failure(&render::usage_error(error));
        }
        // clap shows what was typed as it is, also what drives a terminal.
        let is_safe = error.context().all(|(_, value)| {
            let text = value.to_string();
            escape_lines(&text) == text
        });
        match is_safe {
            true => self.tell(&error.render().ansi().to_string()),
            false => self.tell(&escape_lines(&error.render().to_string())),
        }
        2
    }

    /// Writes text for people to standard error. A failure is ignored: it could not be reported.
    pub(crate) fn tell(&self, text: &str) {
        if self.quiet > 1 {
            return;
        }
        let _ = self.styled(io::stderr(), text);
    }

    /// Returns whether a stream gets styles.
    fn choice(&self, stream: &impl RawStream) -> ColorChoice {
        match self.color {
            ColorChoice::Auto => AutoStream::choice(stream),
            chosen => chosen,
        }
    }

    /// Writes text with colours, or without them if the stream takes none.
    fn styled<S: RawStream + AsLockedWrite>(&self, stream: S, text: &str) -> io::Result<()> {
        match self.choice(&stream) {
            // Stripped as a whole, so that it is written at once and not piece by piece.
            ColorChoice::Never => {
                write_all(stream, &anstream::adapter::strip_str(text).to_string())
            }
            ColorChoice::Auto | ColorChoice::Always | ColorChoice::AlwaysAnsi => {
                write_all(AutoStream::new(stream, self.color), text)
            }
        }
    }
}

fn json_line(document: &impl Serialize) -> Result<String> {
    let value = serde_json::to_value(document).map_err(|cause| {
        Error::new(ErrorKind::Internal, "cannot convert the outcome to JSON").with_cause(cause)
    })?;
    Ok(format!("{}\n", json_text(&value)))
}

fn choice(when: Option<ColorWhen>) -> ColorChoice {
    match when {
        Some(ColorWhen::Always) => ColorChoice::Always,
        Some(ColorWhen::Never) => ColorChoice::Never,
        Some(ColorWhen::Auto) | None => ColorChoice::Auto,
    }
}

fn unwritten(cause: io::Error) -> Error {
    Error::new(
        ErrorKind::Io,
        format!("cannot write to standard output: {cause}"),
    )
    .with_cause(cause)
}

fn write_all(mut stream: impl Write, text: &str) -> io::Result<()> {
    match stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
