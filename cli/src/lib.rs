//! The `atk` command: arguments, a terminal as the host, and rendering. The library does everything
//! else.
//!
//! This crate is a library too, so that packages of other languages can include the command.

mod args;
mod commands;
mod complete;
mod output;
#[cfg(test)]
mod reference;
mod render;
mod signals;
mod surroundings;
mod terminal;
mod topics;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};

use atk_core::{CancelToken, Error, ErrorKind, Result};

use args::{EarlyFlags, GlobalArgs, Invocation};
use commands::{Command, Context, HomeCommand};
use output::Output;
use signals::Signals;
use surroundings::Surroundings;

/// Runs the command with these words, the first of which is its own name; returns the exit status.
///
/// Call it in a process of its own: it reads the environment, uses the standard streams, and handles
/// SIGINT, SIGTERM and SIGHUP.
#[must_use]
pub fn run(words: &[OsString]) -> u8 {
    if complete::answer(words) {
        return 0;
    }
    let invocation = match args::parse(words) {
        Ok(invocation) => invocation,
        Err(error) => return Output::of_early_flags(EarlyFlags::of(words)).usage(&error),
    };
    let output = Output::new(&invocation.globals);
    let done = catch_unwind(AssertUnwindSafe(|| invoke(invocation, &output)));
    match done.unwrap_or_else(|_| Err(defect())) {
        Ok(status) => status,
        Err(error) => output.failure(&error),
    }
}

fn invoke(invocation: Invocation, output: &Output) -> Result<u8> {
    match invocation.command {
        Command::Home(command) => run_in_home(command, &invocation.globals, output),
        Command::Program(command) => command.run(output),
    }
}

fn run_in_home(command: HomeCommand, globals: &GlobalArgs, output: &Output) -> Result<u8> {
    let cancel = CancelToken::new();
    let signals = Signals::cancel(&cancel).map_err(|cause| {
        Error::new(ErrorKind::Internal, "cannot install signal handlers").with_cause(cause)
    })?;
    let Surroundings { home, answers } = Surroundings::look(globals, command.status_timeout())?;
    let is_program = command.is_program();
    let context = Context {
        home: home.with_cancel(&cancel),
        answers,
        output,
        cancel: &cancel,
    };
    match command.run(context) {
        // The signal ended the program that was run: exit as a shell reports it.
        Err(error) if is_program && error.kind() == ErrorKind::Cancelled => {
            let status = output.failure(&error);
            Ok(signals.exit_status().unwrap_or(status))
        }
        ended => ended,
    }
}

fn defect() -> Error {
    Error::new(ErrorKind::Internal, "internal error; please report it").with_help(
        "its changes were rolled back; if the home still looks wrong, the next operation repairs it",
    )
}
