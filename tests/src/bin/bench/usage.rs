//! What a program costs: processor time and memory.

use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};

/// The argument by which this program runs another and reports on it.
pub(crate) const FLAG: &str = "--usage-of";

/// What one run of a program took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// In user and kernel mode together.
    pub(crate) processor: Duration,
    /// The largest resident set.
    pub(crate) megabytes: f64,
}

/// Measures one run of a command.
///
/// The system adds up what all children of a process took, and counts as a child's memory that of
/// its parent before `exec`; so each command is run by a small process of its own.
pub(crate) fn usage(command: &Command) -> Usage {
    let this = std::env::current_exe().expect("the path of this program");
    let mut reporter = Command::new(this);
    reporter
        .arg(FLAG)
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    for (name, value) in command.get_envs() {
        reporter.envs(value.map(|value| (name, value)));
    }
    let directory = command.get_current_dir().expect("a working directory");
    let output = reporter
        .current_dir(directory)
        .output()
        .expect("run the reporter");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text
        .split_whitespace()
        .map(|word| word.parse::<f64>().expect("a number"));
    let mut next = || numbers.next().expect("two numbers");
    Usage {
        processor: Duration::from_secs_f64(next() / 1e6),
        megabytes: next() / 1e6,
    }
}

/// Runs a program and prints microseconds of processor time and bytes of memory.
pub(crate) fn report(args: &[String]) -> ExitCode {
    let Some((program, args)) = args.split_first() else {
        return ExitCode::from(2);
    };
    let status = Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .status();
    let spent = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the usage of children");
    let times = [spent.user_time(), spent.system_time()];
    let micros: i64 = times
        .map(|time| time.tv_sec() * 1_000_000 + time.tv_usec())
        .iter()
        .sum();
    // Kilobytes on Linux, bytes on macOS.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    println!("{micros} {}", spent.max_rss() * unit);
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
