//! The `atk` command: arguments, a terminal for a host, and rendering. What is done is done by
//! the library.

mod args;
mod output;
mod render;
mod signals;
mod surroundings;
mod terminal;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use atk_core::{At, CancelToken, Error, ErrorKind, Pin, Result};

use args::{CacheAction, Command, Glimpse, Invocation};
use output::Output;
use surroundings::Surroundings;
use terminal::Terminal;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let invocation = match args::parse(&words) {
        Ok(invocation) => invocation,
        Err(error) => return Output::of_glimpse(Glimpse::of(&words)).usage(&error),
    };
    let output = Output::new(&invocation.everywhere);
    let done = catch_unwind(AssertUnwindSafe(|| run(invocation, &output)));
    match done.unwrap_or_else(|_| Err(defect())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output.failure(&error),
    }
}

fn run(invocation: Invocation, output: &Output) -> Result<()> {
    let cancel = CancelToken::new();
    signals::cancel_on_signals(&cancel).map_err(|cause| {
        Error::new(ErrorKind::Internal, "cannot catch signals").with_cause(cause)
    })?;
    let Surroundings { atk, answers } = Surroundings::look(&invocation.everywhere)?;
    let atk = atk.with_cancel(&cancel);
    let host = Terminal::new(output);

    match invocation.command {
        Command::Init => {
            let outcome = atk.init(&host)?;
            output.outcome(&outcome, render::init)
        }
        Command::Add(add) => {
            let mut options = atk_core::AddOptions::default();
            options.answers = answers;
            options.at = at(add.at.as_deref())?;
            let outcome = atk.add(&add.source, &options, &host)?;
            host.late_warnings(&outcome.warnings);
            output.outcome(&outcome, render::add)
        }
        Command::List => output.outcome(&atk.list()?, |plugins| render::list(plugins)),
        Command::Resolve { source } => output.outcome(&atk.resolve(&source)?, render::resolve),
        Command::Fetch(fetch) => {
            let at = at(fetch.at.as_deref())?;
            let source = atk.resolve(&fetch.source)?;
            host.resolved(&source);
            let dest = std::path::absolute(&fetch.dest)
                .map_err(|cause| Error::io("cannot use the directory", &fetch.dest, cause))?;
            let outcome = atk.fetch(&source, &at, &dest, &host)?;
            host.late_warnings(&outcome.warnings);
            output.outcome(&outcome, render::fetch)
        }
        Command::Cache { action: None } => output.outcome(&atk.cache()?, |report| {
            render::cache(report, std::time::SystemTime::now())
        }),
        Command::Cache {
            action: Some(CacheAction::Clear),
        } => output.outcome(&atk.clear_cache()?, render::cleared),
    }
}

fn at(commit: Option<&str>) -> Result<At> {
    match commit {
        Some(commit) => Pin::new(commit).map(At::Pin),
        None => Ok(At::Latest),
    }
}

fn defect() -> Error {
    Error::new(ErrorKind::Internal, "a defect of ATK: please report it").with_help(
        "what it changed is undone; if the home looks wrong, the next operation mends it",
    )
}
