//! Runs what a plugin declares: the command of a lifecycle event, in the plugin's directory, with
//! the plugin's variables. The only module besides `git` that starts processes.
//!
//! A command line is the plugin author's, to be read by `/bin/sh`. Whether it may run at all is
//! decided above.

mod beside;
mod environment;
mod family;
mod port;
mod script;
mod shell;
mod tail;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio as Io};
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::host::{Event, Scope, Stdio};
use crate::lifecycle::shell::{program, shell};
use crate::model::name::PluginDir;
use crate::process::wait::{self, End, EndTimeouts};
use crate::process::watchdog::{Watchdog, WatchdogTarget};
use tail::Tail;

pub(crate) use environment::{NESTED, environment};
pub(crate) use port::{PortProtocol, port_is_free};
pub(crate) use script::Script;

/// How long a cancelled command may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);

/// The same for one that only answers a question.
const SHORT_GRACE: Duration = Duration::from_secs(1);

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
    /// home's lock; `None` if it is not held.
    pub(crate) token: Option<&'a str>,
    /// Values that must not appear in what is kept of the output.
    pub(crate) secrets: &'a [String],
}

/// What a command runs.
#[derive(Clone, Copy)]
pub(crate) enum Program<'a> {
    /// A line that the shell reads.
    Line(&'a str),
    /// A program and its arguments.
    File(&'a Path, &'a [OsString]),
    /// A script and its arguments.
    Script(&'a Script, &'a [OsString]),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// The exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// The last lines of both streams, fit to be shown, without the secrets; empty if the
    /// command wrote to our own streams.
    pub(crate) output_tail: String,
    /// True if it was ended because its time was up.
    pub(crate) timed_out: bool,
}

impl Ended {
    /// True for exit code 0.
    pub(crate) fn is_success(&self) -> bool {
        self.code == Some(0)
    }

    /// The exit code as shells count: 128 plus the signal's number if a signal ended it.
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
/// [`Stdio::Inherit`]: our streams. If this process has a terminal, the command also has our
/// process group, so that it may read from the terminal and gets its Ctrl-C and Ctrl-Z; see
/// [`beside::wait`] for what a cancel does. Otherwise it has a group of its own, and a cancel is as
/// above.
///
/// If this process is killed, the command is asked to end (TERM, later KILL) as by a cancel.
///
/// # Errors
/// [`ErrorKind::Cancelled`], after the command has ended; [`ErrorKind::LifecycleFailed`] if it
/// could not be started. A command that fails is no error here: see [`failed`].
pub(crate) fn run(command: &Command<'_>, stdio: Stdio, scope: Scope<'_>) -> Result<Ended> {
    let streams = match stdio {
        Stdio::Stream => Streams::Piped,
        Stdio::Inherit if has_terminal() => Streams::Terminal,
        Stdio::Inherit => Streams::Inherited,
    };
    let patience = EndTimeouts {
        grace: GRACE,
        limit: None,
    };
    run_within(command, streams, scope, patience)
}

/// Runs a command whose end alone counts, as [`Stdio::Stream`]. If it takes longer than the limit
/// it is ended.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_at_most(
    command: &Command<'_>,
    limit: Duration,
    scope: Scope<'_>,
) -> Result<Ended> {
    let patience = EndTimeouts {
        grace: SHORT_GRACE,
        limit: Some(limit),
    };
    run_within(command, Streams::Piped, scope, patience)
}

/// How a command is connected to this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Streams {
    /// Pipes, and a process group of its own.
    Piped,
    /// Our streams, and a process group of its own.
    Inherited,
    /// Our streams and our process group, the terminal's.
    Terminal,
}

impl Streams {
    /// What ends with this process.
    fn watched(self) -> WatchdogTarget {
        match self {
            Streams::Piped | Streams::Inherited => WatchdogTarget::Group,
            Streams::Terminal => WatchdogTarget::Child,
        }
    }
}

fn run_within(
    command: &Command<'_>,
    streams: Streams,
    scope: Scope<'_>,
    patience: EndTimeouts,
) -> Result<Ended> {
    scope.cancel.check()?;
    let broken = |error| command.broken(error);
    let mut process = command.process();
    match streams {
        Streams::Piped => {
            process
                .process_group(0)
                .stdin(Io::null())
                .stdout(Io::piped())
                .stderr(Io::piped());
        }
        Streams::Inherited => {
            process.process_group(0);
        }
        Streams::Terminal => {}
    }
    let mut watch = Watchdog::begin();
    let child = process.spawn().map_err(broken)?;
    if let Some(watch) = &mut watch {
        watch.over(&child, streams.watched());
    }
    let mut tail = Tail::default();
    let end = match streams {
        Streams::Terminal => {
            let status = beside::wait(child, scope.cancel, patience.grace).map_err(broken)?;
            End {
                status,
                timed_out: false,
                open: Vec::new(),
            }
        }
        Streams::Piped | Streams::Inherited => command
            .follow(child, scope, patience, &mut tail)
            .map_err(broken)?,
    };
    drop(watch);
    end.open.into_iter().for_each(keep_reading);
    scope.cancel.check()?;
    Ok(ended(
        end.status,
        end.timed_out,
        &tail.finish(command.secrets),
    ))
}

/// True if this process has a controlling terminal.
fn has_terminal() -> bool {
    use rustix::fs::{Mode, OFlags, open};
    // NOCTTY: looking must not make one. Without a terminal the system refuses (ENXIO).
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    open("/dev/tty", flags, Mode::empty()).is_ok()
}

/// The error for a command that ended with anything but 0.
pub(crate) fn failed(plugin: &PluginDir, event: &str, ended: &Ended) -> Error {
    let how = match (ended.code, ended.signal) {
        (Some(code), _) => format!("failed with exit code {code}"),
        (None, Some(signal)) => format!("was killed by signal {signal}"),
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
    /// Waits for a child that leads a group, and reports its output.
    fn follow(
        &self,
        child: Child,
        scope: Scope<'_>,
        patience: EndTimeouts,
        tail: &mut Tail,
    ) -> std::io::Result<End> {
        wait::wait_within(child, scope.cancel, patience, &mut |stream, chunk| {
            tail.add(stream, &chunk);
            (scope.report)(Event::Output {
                plugin: self.plugin.to_owned(),
                command: self.event.to_owned(),
                stream,
                chunk,
            });
        })
    }

    fn broken(&self, error: std::io::Error) -> Error {
        Error::new(
            ErrorKind::LifecycleFailed,
            format!(
                "cannot run the `{}` command of `{}`: {error}",
                self.event, self.plugin
            ),
        )
        .with_plugin(self.plugin)
        .with_command(self.event, None)
        .with_path(self.dir)
        .with_cause(error)
    }

    fn process(&self) -> std::process::Command {
        let mut process = match self.program {
            Program::Line(line) => {
                let mut shell = shell();
                shell.args(["-c", "--", line]);
                shell
            }
            Program::File(file, args) => {
                let mut process = program(file);
                process.args(args);
                process
            }
            Program::Script(script, args) => script.process(args),
        };
        process
            .current_dir(self.dir)
            .env_clear()
            .envs(&self.env)
            .env("ATK_HOME", self.home)
            .env("ATK_PLUGIN_DIR", self.dir);
        // An operation that runs this process may hold the lock of this home or another: its token
        // stays.
        match (self.token, self.env.get(OsStr::new(NESTED))) {
            (Some(token), Some(outer)) => {
                let mut tokens = outer.clone();
                tokens.push(":");
                tokens.push(token);
                process.env(NESTED, tokens);
            }
            (Some(token), None) => {
                process.env(NESTED, token);
            }
            (None, _) => {}
        }
        process
    }
}

fn ended(status: ExitStatus, timed_out: bool, output_tail: &str) -> Ended {
    Ended {
        code: status.code(),
        signal: status.signal(),
        output_tail: output_tail.to_owned(),
        timed_out,
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
