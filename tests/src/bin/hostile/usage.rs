//! What a process took: its memory, as the system reports it when it has ended.

use std::path::Path;
use std::process::{Command, ExitCode};

use nix::sys::resource::{UsageWho, getrusage};

/// The argument by which this program runs another and reports on it.
pub(crate) const FLAG: &str = "--usage-of";

/// A command that runs another, and writes to a file the most memory that it, or a process that it
/// waited for, had at one time.
///
/// The system counts as a child's memory that of its parent before `exec`, so that the parent must
/// be small.
pub(crate) fn measured(command: &Command, file: &Path) -> Command {
    let this = std::env::current_exe().expect("the path of this program");
    let mut reporter = Command::new(this);
    reporter
        .arg(FLAG)
        .arg(file)
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    for (name, value) in command.get_envs() {
        reporter.envs(value.map(|value| (name, value)));
    }
    reporter.current_dir(command.get_current_dir().expect("a working directory"));
    reporter
}

/// Runs a program, and ends as it did.
pub(crate) fn report(args: &[String]) -> ExitCode {
    let [file, program, args @ ..] = args else {
        return ExitCode::from(2);
    };
    let status = Command::new(program).args(args).status();
    let spent = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the usage of children");
    // Kilobytes on Linux, bytes on macOS.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let bytes = (spent.max_rss() * unit).to_string();
    std::fs::write(file, bytes).expect("write the report");
    let code = status.ok().and_then(|status| status.code());
    ExitCode::from(u8::try_from(code.unwrap_or(255)).unwrap_or(255))
}
