//! Runs what a plugin declares: the command of a lifecycle event, in the plugin's directory, with
//! the plugin's variables. The only module besides `git` that starts processes.
//!
//! A command line is the plugin author's, to be read by `/bin/sh`. Whether it may run at all is
//! decided above.

mod environment;
mod port;
mod tail;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{ExitStatus, Stdio as Io};
use std::time::Duration;

use crate::child;
use crate::error::{Error, ErrorKind, Result};
use crate::host::{Event, Scope, Stdio};
use crate::model::name::PluginDir;
use tail::Tail;

pub(crate) use environment::{NESTED, environment};
pub(crate) use port::port_is_free;

/// How long a cancelled command may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);

/// A command that is to run.
#[derive(Clone)]
pub(crate) struct Command<'a> {
    /// Whose it is: a plugin's directory; empty for the home's own.
    pub(crate) plugin: &'a str,
    /// The lifecycle event (`install`), or what else it is called.
    pub(crate) event: &'a str,
    /// What runs.
    pub(crate) program: Program<'a>,
    /// The plugin's directory: the working directory, and `ATK_PLUGIN_DIR`.
    pub(crate) dir: &'a Path,
    /// The home: `ATK_HOME`.
    pub(crate) home: &'a Path,
    /// The environment, as [`environment`] makes it.
    pub(crate) env: BTreeMap<OsString, OsString>,
    /// What tells an ATK that the command starts that it is inside an operation that holds this
    /// home's lock; none where nobody holds it.
    pub(crate) token: Option<&'a str>,
    /// Values that must not appear in what is kept of the output.
    pub(crate) secrets: &'a [String],
}

/// What a command runs.
#[derive(Clone, Copy)]
pub(crate) enum Program<'a> {
    /// A line that the shell reads.
    Line(&'a str),
    /// A file and its arguments. One that is no program by itself is read by the shell.
    File(&'a Path, &'a [OsString]),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// The exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// The last lines of both streams, fit to be shown, without the secrets; empty where the
    /// command wrote to our own streams.
    pub(crate) output_tail: String,
}

impl Ended {
    /// True for exit code 0.
    pub(crate) fn is_success(&self) -> bool {
        self.code == Some(0)
    }

    /// The exit code as shells count: 128 and the signal's number where a signal ended it.
    pub(crate) fn exit_code(&self) -> i32 {
        match (self.code, self.signal) {
            (Some(code), _) => code,
            (None, Some(signal)) => 128 + signal,
            (None, None) => 1,
        }
    }
}

/// Runs a command and waits for its end, however it ends.
///
/// [`Stdio::Stream`]: no standard input, a process group of its own, and its output is reported in
/// chunks of at most 64 KiB, at most every 50 ms for each stream. A cancel sends TERM to the group
/// and, after 5 seconds, KILL. A process that the command leaves behind keeps its output pipe and
/// may write to it for as long as it lives: what comes after the command has ended is read and
/// dropped by a small process (`cat`) that ends with it.
///
/// [`Stdio::Inherit`]: our streams and our process group. A terminal's Ctrl-C reaches the command
/// itself, so a cancel only waits for its end, and asks it to end (TERM) after 5 seconds.
///
/// # Errors
/// [`ErrorKind::Cancelled`], after the command has ended; [`ErrorKind::LifecycleFailed`] where it
/// could not be started. A command that fails is no error here: see [`failed`].
pub(crate) fn run(command: &Command<'_>, stdio: Stdio, scope: Scope<'_>) -> Result<Ended> {
    run_within(command, stdio, scope, GRACE)
}

fn run_within(
    command: &Command<'_>,
    stdio: Stdio,
    scope: Scope<'_>,
    grace: Duration,
) -> Result<Ended> {
    scope.cancel.check()?;
    let broken = |error| {
        Error::new(
            ErrorKind::LifecycleFailed,
            format!(
                "cannot run the `{}` command of `{}`: {error}",
                command.event, command.plugin
            ),
        )
        .with_plugin(command.plugin)
        .with_command(command.event, None)
        .with_path(command.dir)
        .with_cause(error)
    };
    let mut process = command.process();
    let mut tail = Tail::default();
    let status = match stdio {
        Stdio::Inherit => {
            let child = process.spawn().map_err(broken)?;
            child::wait_beside(child, scope.cancel, grace).map_err(broken)?
        }
        Stdio::Stream => {
            process
                .process_group(0)
                .stdin(Io::null())
                .stdout(Io::piped())
                .stderr(Io::piped());
            let child = process.spawn().map_err(broken)?;
            let end = child::wait(child, scope.cancel, grace, &mut |stream, chunk| {
                tail.add(stream, &chunk);
                (scope.report)(Event::Output {
                    plugin: command.plugin.to_owned(),
                    command: command.event.to_owned(),
                    stream,
                    chunk,
                });
            })
            .map_err(broken)?;
            end.open.into_iter().for_each(keep_reading);
            end.status
        }
    };
    scope.cancel.check()?;
    Ok(ended(status, &tail.finish(command.secrets)))
}

/// The error for a command that ended with anything but 0.
pub(crate) fn failed(plugin: &PluginDir, event: &str, ended: &Ended) -> Error {
    let how = match (ended.code, ended.signal) {
        (Some(code), _) => format!("failed with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "failed".to_owned(),
    };
    let error = Error::new(
        ErrorKind::LifecycleFailed,
        format!("the `{event}` command of `{}` {how}", plugin.as_str()),
    )
    .with_plugin(plugin.as_str())
    .with_command(event, ended.code);
    if ended.output_tail.is_empty() {
        error
    } else {
        error.with_output(ended.output_tail.clone())
    }
}

impl Command<'_> {
    fn process(&self) -> std::process::Command {
        let mut process = shell();
        match self.program {
            Program::Line(line) => process.args(["-c", "--", line]),
            // The shell's own `exec` reads a script that names no interpreter.
            Program::File(file, args) if is_executable(file) => process
                .args(["-c", r#"exec "$0" "$@""#])
                .arg(file)
                .args(args),
            Program::File(file, args) => process.arg(file).args(args),
        };
        process
            .current_dir(self.dir)
            .env_clear()
            .envs(&self.env)
            .env("ATK_HOME", self.home)
            .env("ATK_PLUGIN_DIR", self.dir);
        match self.token {
            Some(token) => process.env(NESTED, token),
            // An operation that this one runs in may hold the lock: that still counts.
            None => &mut process,
        };
        process
    }
}

fn is_executable(file: &Path) -> bool {
    let metadata = file.metadata();
    metadata.is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where lifecycle commands start"
)]
fn shell() -> std::process::Command {
    std::process::Command::new("/bin/sh")
}

fn ended(status: ExitStatus, output_tail: &str) -> Ended {
    Ended {
        code: status.code(),
        signal: status.signal(),
        output_tail: output_tail.to_owned(),
    }
}

/// Has a pipe read to its end by a process that outlives us.
///
/// Closing it would end a daemon at its next line (SIGPIPE); keeping it unread would block the
/// daemon once the pipe is full; a thread of ours would end with this process, and the daemon
/// with it. The shell ends at once, so that the reader is no child of the application.
fn keep_reading(pipe: OwnedFd) {
    let reader = shell()
        .args(["-c", "exec 3<&0; cat <&3 &"])
        .current_dir("/")
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .process_group(0)
        .stdin(pipe)
        .stdout(Io::null())
        .stderr(Io::null())
        .spawn();
    if let Ok(mut reader) = reader {
        let _ = reader.wait();
    }
}

#[cfg(test)]
mod tests;
