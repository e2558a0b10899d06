//! Adds a plugin to a home, and lists what is there: `list <home> <source>`.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a program may print"
)]

// ANCHOR: program
use std::env;
use std::process::ExitCode;

use atk_core::{AddOptions, CancelToken, Event, Home, Host, HostError, Options, Prompt, Reply};

/// Shows what happens, and answers questions.
struct Terminal;

impl Host for Terminal {
    fn event(&self, event: Event) {
        if let Event::Step { description, .. } = event {
            eprintln!("{description}");
        }
    }

    fn prompt(&self, prompt: Prompt, _: &CancelToken) -> Result<Reply, HostError> {
        // A program that asks the user does it here. Without an answer the operation fails, and
        // its error names the prompt.
        eprintln!("not answered: {}", prompt.id);
        Ok(Reply::Unanswered)
    }
}

pub(crate) fn run(directory: &str, source: &str) -> atk_core::Result<()> {
    let cache = env::temp_dir().join("atk-cache");
    let home = Home::open(directory, Options::new(cache))?;
    // A home that is there already is left as it is.
    home.init(&Default::default(), &Terminal)?;
    let added = home.add(source, &AddOptions::default(), &Terminal)?;
    println!("added {}", added.directory);
    for plugin in home.list()? {
        println!("{}: {}", plugin.directory, plugin.name);
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [directory, source] = arguments.as_slice() else {
        eprintln!("usage: list <home> <source>");
        return ExitCode::from(2);
    };
    match run(directory, source) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error} ({})", error.kind().id());
            ExitCode::from(error.exit_code())
        }
    }
}
// ANCHOR_END: program
