//! Where the processes of plugins start.

use std::path::Path;

/// Makes a command of the shell.
pub(super) fn shell() -> std::process::Command {
    program(Path::new("/bin/sh"))
}

/// Makes a command of a program file.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where lifecycle commands start"
)]
pub(super) fn program(file: &Path) -> std::process::Command {
    std::process::Command::new(file)
}
