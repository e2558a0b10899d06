//! Serves the git repositories below a directory on the loopback, for demonstrations.
//!
//! `atk-git-server <root> [--for <seconds>] [--latency <milliseconds>]` prints its base URL on the
//! first line of standard output. It ends when standard input is closed, or after `--for`.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use atk_tests::server::GitServer;

fn main() -> ExitCode {
    let Some(options) = Options::read(std::env::args().skip(1)) else {
        eprintln!("usage: atk-git-server <root> [--for <seconds>] [--latency <milliseconds>]");
        return ExitCode::from(2);
    };
    let server = GitServer::start(&options.root);
    server.change(|behaviour| behaviour.latency = options.latency);
    // A reader that has gone needs no server either.
    let mut stdout = io::stdout();
    if writeln!(stdout, "{}", server.url(""))
        .and_then(|()| stdout.flush())
        .is_err()
    {
        return ExitCode::FAILURE;
    }
    let (closed, ended) = mpsc::channel();
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock().by_ref(), &mut io::sink());
        let _ = closed.send(());
    });
    let _ = ended.recv_timeout(options.lifetime);
    ExitCode::SUCCESS
}

struct Options {
    root: String,
    lifetime: Duration,
    latency: Duration,
}

impl Options {
    fn read(mut args: impl Iterator<Item = String>) -> Option<Options> {
        let mut options = Options {
            root: String::new(),
            lifetime: Duration::from_secs(24 * 60 * 60),
            latency: Duration::ZERO,
        };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--for" => options.lifetime = Duration::from_secs(args.next()?.parse().ok()?),
                "--latency" => options.latency = Duration::from_millis(args.next()?.parse().ok()?),
                _ if options.root.is_empty() && !arg.starts_with('-') => options.root = arg,
                _ => return None,
            }
        }
        (!options.root.is_empty()).then_some(options)
    }
}
