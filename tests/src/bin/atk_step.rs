//! Runs one operation and can be stopped before any of its steps, for tests that kill it there.
//!
//! `atk-step <home> <cache> <stop-at> <operation> [argument…]`: before step number `<stop-at>`,
//! counted from 1, it prints `stopped <name>` and waits to be killed. With 0 it runs through and
//! prints every step's name. With `full:<n>` the disk is full from step number n on: no file can
//! be written any more.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use atk_core::{
    AddOptions, Answers, Error, ErrorKind, Home, InitOptions, InstallOptions, Options,
    RemoveOptions, Select, SetupOptions, Silent, UpgradeOptions,
};
use rustix::process::{Resource, Rlimit, setrlimit};

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
    let (full, stop_at) = match stop_at.strip_prefix("full:") {
        Some(number) => (true, number),
        None => (false, stop_at.as_str()),
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
        } else if step == stop_at && full {
            say(&format!("full {name}"));
            let none = Rlimit {
                current: Some(0),
                maximum: Some(0),
            };
            setrlimit(Resource::Fsize, none).expect("a lower limit can be set");
        } else if step == stop_at {
            say(&format!("stopped {name}"));
            loop {
                std::thread::park();
            }
        }
    }));
    let home = Home::open(home, options)?;
    match (operation.as_str(), rest) {
        ("init", []) => home.init(&InitOptions::default(), &Silent).map(drop),
        ("list", []) => home.list().map(drop),
        ("add", [source, rest @ ..]) => {
            let mut options = AddOptions::default();
            options.answers = answers(rest)?;
            home.add(source, &options, &Silent).map(drop)
        }
        ("setup", [plugin, rest @ ..]) => {
            let mut options = SetupOptions::default();
            options.answers = answers(rest)?;
            home.setup(&select(plugin), &options, &Silent).map(drop)
        }
        ("install", [plugin, rest @ ..]) => {
            let mut options = InstallOptions::default();
            options.answers = answers(rest)?;
            home.install(&select(plugin), &options, &Silent).map(drop)
        }
        ("upgrade", [plugin, rest @ ..]) => {
            let mut options = UpgradeOptions::default();
            options.answers = answers(rest)?;
            home.upgrade(&select(plugin), &options, &Silent).map(drop)
        }
        ("remove", [plugin, rest @ ..]) => {
            let mut options = RemoveOptions::default();
            options.answers = answers(rest)?;
            home.remove(plugin, &options, &Silent).map(drop)
        }
        _ => Err(usage("no such operation")),
    }
}

/// Yes to everything, and the values of variables.
fn answers(pairs: &[String]) -> Result<Answers, Error> {
    let mut answers = Answers::default();
    answers.yes = true;
    for pair in pairs {
        let (name, value) = pair.split_once('=').ok_or_else(|| usage("NAME=value"))?;
        answers.env.insert(name.to_owned(), value.to_owned());
    }
    Ok(answers)
}

fn select(plugin: &str) -> Select {
    Select::One(plugin.to_owned())
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
