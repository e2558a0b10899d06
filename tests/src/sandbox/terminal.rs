//! A terminal for programs that look whether they are on one.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::run::{Finished, shown};
use crate::patience::LIMIT;

/// A program on a pseudo-terminal. What it prints, on either stream, is kept as one text, line
/// ends as the terminal sends them (`\r\n`).
#[derive(Debug)]
pub struct Terminal {
    child: Child,
    line: String,
    keyboard: File,
    screen: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Terminal {
    /// Starts a command on a new terminal, which controls it where the system has `setsid`:
    /// there, typing Ctrl-C is a signal.
    pub(super) fn start(mut command: Command) -> Terminal {
        let line = shown(&command);
        let (keyboard, slave) = open().expect("open a terminal");
        let mut command = controlled(&command)
            .unwrap_or_else(|| std::mem::replace(&mut command, Command::new("true")));
        let stream = || Stdio::from(slave.try_clone().expect("duplicate the terminal"));
        command.stdin(stream()).stdout(stream()).stderr(stream());
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        drop(command);
        drop(slave);
        let screen = Arc::new(Mutex::new(Vec::new()));
        let reader = thread::spawn({
            let mut output = keyboard.try_clone().expect("duplicate the terminal");
            let screen = Arc::clone(&screen);
            move || {
                let mut buffer = [0; 4096];
                // The end of the last program on the terminal is an error to its reader on Linux.
                while let Ok(count @ 1..) = output.read(&mut buffer) {
                    let mut screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
                    screen.extend(&buffer[..count]);
                }
            }
        });
        Terminal {
            child,
            line,
            keyboard,
            screen,
            reader: Some(reader),
        }
    }

    /// What was printed so far.
    #[must_use]
    pub fn screen(&self) -> String {
        let screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&screen).into_owned()
    }

    /// Types something; `\x03` is Ctrl-C, `\x04` the end of the input.
    pub fn press(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .expect("type on the terminal");
    }

    /// Types a line.
    pub fn enter(&mut self, line: &str) {
        self.press(&format!("{line}\n"));
    }

    /// Waits until a text has been printed.
    ///
    /// # Panics
    /// Where that takes more than two minutes.
    #[track_caller]
    pub fn wait_for(&self, wanted: &str) {
        let begun = Instant::now();
        while !self.screen().contains(wanted) {
            let seen = self.screen();
            assert!(
                begun.elapsed() < LIMIT,
                "{}: no `{wanted}` in:\n{seen}",
                self.line
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end of the program; its screen is in `stdout`.
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
            let seen = self.screen();
            assert!(begun.elapsed() < LIMIT, "{} hangs:\n{seen}", self.line);
            thread::sleep(Duration::from_millis(2));
        };
        // No process is left on the terminal, unless a daemon is; what it prints is not waited for.
        let reader = self.reader.take().expect("a reader until now");
        let begun = Instant::now();
        while !reader.is_finished() && begun.elapsed() < Duration::from_secs(1) {
            thread::sleep(Duration::from_millis(2));
        }
        let code = status.code().or(status.signal().map(|signal| 128 + signal));
        Finished {
            line: std::mem::take(&mut self.line),
            code: code.expect("an exit status"),
            stdout: self.screen(),
            stderr: String::new(),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The two ends of a new terminal, neither inherited by accident.
fn open() -> rustix::io::Result<(File, OwnedFd)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    fcntl_setfd(&master, FdFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?;
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let slave = rustix::fs::open(name, flags, Mode::empty())?;
    Ok((File::from(master), slave))
}

/// The same command in a session of its own with the terminal in control of it.
fn controlled(command: &Command) -> Option<Command> {
    let setsid = ["/usr/bin/setsid", "/bin/setsid"];
    let setsid = setsid
        .into_iter()
        .find(|path| std::path::Path::new(path).exists())?;
    let mut wrapped = Command::new(setsid);
    wrapped
        .arg("-c")
        .arg(command.get_program())
        .args(command.get_args());
    wrapped.env_clear();
    for (name, value) in command.get_envs() {
        wrapped.envs(value.map(|value| (name, value)));
    }
    if let Some(directory) = command.get_current_dir() {
        wrapped.current_dir(directory);
    }
    Some(wrapped)
}
