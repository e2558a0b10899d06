//! Runs one operation and can be stopped before any of its steps, for tests that kill it there.
//!
//! `atk-step <home> <cache> <stop-at> <operation> [argument…]`: before step number `<stop-at>`,
//! counted from 1, it prints `stopped <name>` and waits to be killed. With 0 it runs through and
//! prints every step's name.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use atk_core::{AddOptions, Atk, Error, ErrorKind, Options, Silent};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("failed {}: {error}", error.kind()));
            ExitCode::from(error.exit_code())
        }
    }
}

fn run() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [home, cache, stop_at, operation, rest @ ..] = arguments.as_slice() else {
        return Err(usage("<home> <cache> <stop-at> <operation> [argument…]"));
    };
    let stop_at: usize = stop_at
        .parse()
        .map_err(|_| usage("<stop-at> is a number"))?;
    let base = std::env::current_dir().ok();
    let vars = std::env::vars_os().filter(|(name, _)| name != "ATK_HOME");
    let (_, mut options) = Options::from_vars(vars, base)?;
    options.cache_dir = PathBuf::from(cache);
    let passed = AtomicUsize::new(0);
    options.checkpoint = Some(Arc::new(move |name: &str| {
        let step = passed.fetch_add(1, Ordering::SeqCst) + 1;
        if stop_at == 0 {
            say(&format!("step {name}"));
        } else if step == stop_at {
            say(&format!("stopped {name}"));
            loop {
                std::thread::park();
            }
        }
    }));
    let atk = Atk::open(home, options)?;
    match (operation.as_str(), rest) {
        ("init", []) => atk.init(&Silent).map(drop),
        ("list", []) => atk.list().map(drop),
        ("add", [source, answers @ ..]) => {
            let mut options = AddOptions::default();
            options.answers.yes = true;
            for answer in answers {
                let (name, value) = answer.split_once('=').ok_or_else(|| usage("NAME=value"))?;
                options
                    .answers
                    .env
                    .insert(name.to_owned(), value.to_owned());
            }
            atk.add(source, &options, &Silent).map(drop)
        }
        _ => Err(usage("no such operation")),
    }
}

fn usage(message: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .expect("the test reads our output");
}
