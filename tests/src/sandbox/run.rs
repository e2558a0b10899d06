//! A program that runs, and how it ended.

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::NamedTempFile;

use crate::patience::LIMIT;

/// A running program. Dropping it kills it.
///
/// Its output goes to files: a daemon that it leaves behind does not block the test.
#[derive(Debug)]
pub struct Running {
    child: Child,
    line: String,
    stdout: NamedTempFile,
    stderr: NamedTempFile,
}

/// A program that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The command line.
    pub line: String,
    /// The exit status; 128 and the number of the signal that ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Running {
    pub(super) fn start(mut command: Command, input: &str, scratch: &Path) -> Running {
        let file = || NamedTempFile::new_in(scratch).expect("create a file for output");
        let (stdin, stdout, stderr) = (file(), file(), file());
        let mut stdin = stdin.into_file();
        stdin.write_all(input.as_bytes()).expect("write the input");
        stdin.rewind().expect("rewind the input");
        let append = |file: &NamedTempFile| -> File {
            // Appending, so that whoever shares the file overwrites nothing.
            let mut options = File::options();
            options
                .append(true)
                .open(file.path())
                .expect("open a file for output")
        };
        let line = shown(&command);
        let child = command
            .stdin(stdin)
            .stdout(append(&stdout))
            .stderr(append(&stderr))
            .spawn()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        Running {
            child,
            line,
            stdout,
            stderr,
        }
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a process id"), signal).expect("send a signal");
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// What it has written to standard error so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        text(self.stderr.path())
    }

    /// Waits until standard error contains a text.
    ///
    /// # Panics
    /// Where the program ends without having said it.
    pub fn wait_for(&mut self, wanted: &str) {
        let begun = Instant::now();
        loop {
            let ended = self.child.try_wait().expect("wait for a child").is_some();
            if self.stderr().contains(wanted) {
                return;
            }
            let said = self.stderr();
            assert!(!ended, "{} ended without `{wanted}`:\n{said}", self.line);
            assert!(begun.elapsed() < LIMIT, "{} hangs:\n{said}", self.line);
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for its end, but not for longer than this; true if it has ended.
    ///
    /// # Panics
    /// Where it cannot be waited for.
    pub fn ends_within(&mut self, limit: Duration) -> bool {
        let begun = Instant::now();
        while self.child.try_wait().expect("wait for a child").is_none() {
            if begun.elapsed() > limit {
                return false;
            }
            thread::sleep(Duration::from_millis(2));
        }
        true
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// Where that takes more than two minutes.
    #[must_use = "look at how it ended: `succeeds` or `fails`"]
    pub fn wait(mut self) -> Finished {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("wait for a child") {
                break status;
            }
            assert!(
                begun.elapsed() < LIMIT,
                "{} hangs:\n{}",
                self.line,
                self.stderr()
            );
            thread::sleep(Duration::from_millis(2));
        };
        let code = status.code().or(status.signal().map(|signal| 128 + signal));
        Finished {
            line: std::mem::take(&mut self.line),
            code: code.expect("an exit status"),
            stdout: text(self.stdout.path()),
            stderr: text(self.stderr.path()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Finished {
    /// Says that the program ended well.
    ///
    /// # Panics
    /// Where it did not.
    pub fn succeeds(self) -> Finished {
        self.fails(0)
    }

    /// Says that the program ended with this exit status.
    ///
    /// # Panics
    /// Where it did not.
    #[track_caller]
    pub fn fails(self, code: i32) -> Finished {
        let Finished {
            line,
            stdout,
            stderr,
            ..
        } = &self;
        assert!(
            self.code == code,
            "`{line}` ended with {}, not {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}",
            self.code,
        );
        self
    }

    /// Standard output as the one JSON document that it must be.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}:\n{}", self.line, self.stdout))
    }
}

/// A command line as a person would type it.
pub(super) fn shown(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let args = command
        .get_args()
        .map(|arg| format!(" {}", arg.to_string_lossy()));
    [name.into_owned()].into_iter().chain(args).collect()
}

fn text(path: &Path) -> String {
    let bytes = fs::read(path).expect("read the output");
    String::from_utf8_lossy(&bytes).into_owned()
}
