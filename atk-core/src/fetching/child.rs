//! A child process on pipes that never keeps its caller waiting: every wait hears of a cancel,
//! ends when nothing moves for too long, and the process is reaped whatever happens.

use std::io::{ErrorKind as IoKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::bounds::{Memory, Pace};
use super::watch::Watch;
use crate::error::{Error, ErrorKind, Result};
use crate::host::CancelToken;
use crate::process::poll::poll_for;
use crate::process::watchdog::{Watchdog, WatchdogTarget};

/// The longest single wait, so that a cancel is heard well within 100 ms.
const TICK: Duration = Duration::from_millis(25);
/// The longest single wait for a child that can take much memory quickly.
const SHORT_TICK: Duration = Duration::from_millis(5);
/// How long a child may take to leave once its input is closed.
const GRACE: Duration = Duration::from_millis(100);
/// How much of a child's standard error is kept: its end.
const KEPT: usize = 16 << 10;

/// When a wait on a child ends without a result.
#[derive(Clone, Copy)]
pub(crate) struct WaitLimits<'e> {
    pub(crate) cancel: &'e CancelToken,
    /// How long nothing useful may come.
    pub(crate) timeout: Duration,
    /// The lowest average rate, in bytes a second, over that time.
    pub(crate) rate: u64,
    /// A person sits at the terminal and may be asked by the child: it stays in our process group,
    /// because a background group that reads the terminal is stopped.
    pub(crate) interactive: bool,
}

/// A running child with its three streams.
pub(crate) struct Child<'e> {
    process: std::process::Child,
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
    stderr: Option<ChildStderr>,
    said: Vec<u8>,
    patience: WaitLimits<'e>,
    ended: Option<ExitStatus>,
    pace: Pace,
    /// True while every byte of standard output is useful; else its reader says which are.
    all_useful: bool,
    watch: Watch,
    watchdog: Option<Watchdog>,
}

impl<'e> Child<'e> {
    /// Starts the command with pipes on all three streams.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it cannot be started.
    pub(crate) fn start(mut command: Command, patience: WaitLimits<'e>) -> Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if !patience.interactive {
            command.process_group(0);
        }
        let spawned = command.spawn();
        let mut process = spawned
            .map_err(|error| Error::io("cannot start", command.get_program().as_ref(), error))?;
        let pipes = (
            process.stdin.take(),
            process.stdout.take(),
            process.stderr.take(),
        );
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            unreachable!("all three streams are piped")
        };
        let child = Child {
            process,
            stdin: Some(stdin),
            stdout,
            stderr: Some(stderr),
            said: Vec::new(),
            patience,
            ended: None,
            pace: Pace::new(patience.timeout, patience.rate),
            all_useful: true,
            watch: Watch::default(),
            watchdog: None,
        };
        child.unblock().map_err(|e| {
            Error::new(ErrorKind::Io, "cannot prepare a pipe to a child process").with_cause(e)
        })?;
        Ok(child)
    }

    /// Starts the command with a watchdog, which ends the child if this process is killed. Only this
    /// process bounds the memory and the disk that a child takes for what a server sends.
    ///
    /// # Errors
    /// Those of [`Child::start`].
    pub(crate) fn start_watched(command: Command, patience: WaitLimits<'e>) -> Result<Self> {
        let mut watchdog = Watchdog::begin();
        let mut child = Self::start(command, patience)?;
        if let Some(watchdog) = &mut watchdog {
            let watched = match patience.interactive {
                true => WatchdogTarget::Child,
                false => WatchdogTarget::Group,
            };
            watchdog.over(&child.process, watched);
        }
        child.watchdog = watchdog;
        Ok(child)
    }

    fn unblock(&self) -> rustix::io::Result<()> {
        let set = |fd: &dyn AsFd| fcntl_setfl(fd, fcntl_getfl(fd)? | OFlags::NONBLOCK);
        if let (Some(stdin), Some(stderr)) = (&self.stdin, &self.stderr) {
            set(stdin)?;
            set(stderr)?;
        }
        set(&self.stdout)
    }

    /// Writes all bytes to the child. A child that no longer reads is no error here: what it has
    /// to say about that comes from [`Child::read`] and [`Child::said`].
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
    pub(crate) fn write_all(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.pace.begin();
        while !bytes.is_empty() {
            let Some(stdin) = &mut self.stdin else {
                return Ok(());
            };
            match stdin.write(bytes) {
                Ok(count) => {
                    bytes = bytes.get(count..).unwrap_or_default();
                    self.pace.begin();
                }
                Err(error) if is_retry(&error) => self.wait(true)?,
                Err(_) => self.stdin = None,
            }
        }
        Ok(())
    }

    /// Reads what has come from the child's standard output, waiting for at least one byte.
    /// 0 is its end.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            self.patience.cancel.check()?;
            // Also if bytes wait to be read: they may be none of those that were asked for.
            self.pace.check()?;
            match self.stdout.read(buffer) {
                Ok(count) => {
                    if self.all_useful {
                        self.pace.useful(count as u64, Duration::ZERO);
                    }
                    return Ok(count);
                }
                Err(error) if is_retry(&error) => self.wait(false)?,
                Err(_) => return Ok(0),
            }
        }
    }

    /// From now on only bytes count that are said to be [`Child::useful`], or all of them again.
    pub(crate) fn count_all(&mut self, all_useful: bool) {
        self.all_useful = all_useful;
        self.pace.begin();
    }

    /// Bytes came that were asked for; using them took us a while.
    pub(crate) fn useful(&mut self, bytes: u64, took: Duration) {
        self.pace.useful(bytes, took);
    }

    /// Waits a moment for a stream to be ready, keeping standard error empty meanwhile.
    fn wait(&mut self, to_write: bool) -> Result<()> {
        self.patience.cancel.check()?;
        self.pace.check()?;
        let change = self.watch.look(self.process.id())?;
        if change.grown > 0 || !change.stopped.is_zero() {
            self.pace.useful(change.grown, change.stopped);
        }
        let mut streams = vec![PollFd::new(&self.stdout, PollFlags::IN)];
        if to_write && let Some(stdin) = &self.stdin {
            // What the child says while it does not read is taken later, from the pipe.
            streams = vec![PollFd::new(stdin, PollFlags::OUT)];
        }
        if let Some(stderr) = &self.stderr {
            streams.push(PollFd::new(stderr, PollFlags::IN));
        }
        let tick = match self.watch.is_urgent() {
            true => SHORT_TICK,
            false => TICK,
        };
        // An interrupted or failed poll is as good as a tick.
        let _ = poll_for(&mut streams, tick);
        self.listen();
        Ok(())
    }

    /// Takes what stands in the pipe of standard error.
    fn listen(&mut self) {
        let mut chunk = [0; 4096];
        while let Some(stderr) = &mut self.stderr {
            match stderr.read(&mut chunk) {
                Ok(0) => self.stderr = None,
                Ok(count) => self.hear(chunk.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == IoKind::Interrupted => {}
                Err(error) if error.kind() == IoKind::WouldBlock => break,
                Err(_) => self.stderr = None,
            }
            if self.said.len() > 2 * KEPT {
                self.said.drain(..self.said.len() - KEPT);
            }
        }
    }

    /// Takes what the child says on standard error. That is no progress, but for one thing: git
    /// puts a pack together for a while after the last byte of it came. What a server says is
    /// shown by git behind `remote: `.
    fn hear(&mut self, said: &[u8]) {
        if self.watch.has_place() {
            let mut lines = said.split(|byte| matches!(byte, b'\r' | b'\n'));
            if lines.any(|line| line.starts_with(b"Resolving deltas")) {
                self.pace.begin();
            }
        }
        self.said.extend(said);
    }

    /// Closes the child's input, gives it a moment to leave, and says how it ended and what it
    /// wrote to standard error. A helper of the child's that keeps the pipe open is not waited for.
    pub(crate) fn finish(&mut self) -> (Option<ExitStatus>, String) {
        self.end();
        self.listen();
        (self.ended, String::from_utf8_lossy(&self.said).into_owned())
    }

    /// Lets the growth of a directory be the child's progress, in place of what it prints, and
    /// ends it if the directory gets larger than the limit.
    pub(crate) fn watch(&mut self, dir: &Path, limit: u64) {
        self.watch.look_at(dir, limit);
        self.count_all(false);
    }

    /// Bounds the memory of the child, together with all others: its server is another machine's.
    pub(crate) fn watch_memory(&mut self, memory: &Arc<Memory>) {
        self.watch.look_at_memory(memory);
    }

    /// From now on the child passes on what comes, and has no reason to take much memory.
    pub(crate) fn passes_on(&mut self) {
        self.watch.passes_on();
    }

    /// Reads standard output to its end, up to `limit` bytes, and ends the child.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], [`ErrorKind::TimedOut`].
    pub(crate) fn output(mut self, limit: usize) -> Result<(Option<ExitStatus>, Vec<u8>, String)> {
        self.stdin = None;
        let mut output = Vec::new();
        let mut chunk = [0; 16 << 10];
        while output.len() < limit {
            match self.read(&mut chunk)? {
                0 => break,
                count => output.extend(chunk.iter().take(count)),
            }
        }
        let (status, said) = self.finish();
        Ok((status, output, said))
    }

    fn end(&mut self) {
        self.stdin = None;
        let since = Instant::now();
        let mut pause = Duration::from_micros(200);
        while self.ended.is_none() && since.elapsed() < GRACE {
            self.ended = self.process.try_wait().ok().flatten();
            if self.ended.is_none() {
                if self.patience.cancel.is_cancelled() {
                    break;
                }
                self.listen();
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(5));
            }
        }
        if self.ended.is_none() {
            self.kill();
        }
    }

    /// Asks first: git takes its helpers with it, which otherwise would stay as zombies.
    fn kill(&mut self) {
        self.signal(Signal::TERM);
        let since = Instant::now();
        while self.ended.is_none() && since.elapsed() < TICK {
            std::thread::sleep(Duration::from_millis(1));
            self.ended = self.process.try_wait().ok().flatten();
        }
        // Whoever of the group is left.
        self.signal(Signal::KILL);
        if self.ended.is_none() {
            let _ = self.process.kill();
            self.ended = self.process.wait().ok();
        }
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw);
        let Some(pid) = pid else {
            return;
        };
        // A person at the terminal shares our group with the child: only the child is meant.
        let _ = match self.patience.interactive {
            false => kill_process_group(pid, signal),
            true if self.ended.is_none() => kill_process(pid, signal),
            true => Ok(()),
        };
    }
}

impl Drop for Child<'_> {
    fn drop(&mut self) {
        self.end();
    }
}

fn is_retry(error: &std::io::Error) -> bool {
    matches!(error.kind(), IoKind::WouldBlock | IoKind::Interrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, cancel: &CancelToken, timeout_ms: u64) -> Child<'static> {
        #[expect(clippy::disallowed_methods, reason = "a test of children")]
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        let patience = WaitLimits {
            cancel: Box::leak(Box::new(cancel.clone())),
            timeout: Duration::from_millis(timeout_ms),
            rate: 0,
            interactive: false,
        };
        Child::start(command, patience).unwrap()
    }

    #[test]
    fn a_cancel_ends_a_silent_child_and_its_children_at_once() {
        let cancel = CancelToken::new();
        let mut child = shell("sleep 60 & sleep 60", &cancel, 60_000);
        let trigger = cancel.clone();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            trigger.cancel();
            Instant::now()
        });
        let error = child.read(&mut [0; 10]).unwrap_err();
        drop(child);
        let cancelled = thread.join().unwrap();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        // 100 ms are promised; the machine that runs the tests may be busy.
        assert!(cancelled.elapsed() < Duration::from_secs(2));
    }

    #[test]
    fn silence_ends_in_a_time_out() {
        let mut child = shell("sleep 60", &CancelToken::new(), 60);
        let error = child.read(&mut [0; 10]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }

    #[test]
    fn much_on_both_pipes_blocks_neither() {
        let script = "head -c 2000000 /dev/zero >&2; cat; echo end >&2";
        let mut child = shell(script, &CancelToken::new(), 10_000);
        child.write_all(b"hello").unwrap();
        let (status, output, said) = child.output(1 << 20).unwrap();
        assert!(status.unwrap().success());
        assert_eq!(output, b"hello");
        assert!(said.ends_with("end\n") && said.len() <= 3 * KEPT);
    }

    #[test]
    fn a_daemon_that_keeps_the_pipes_is_not_waited_for() {
        let script = "(sleep 5 >&2) & echo said >&2";
        let since = Instant::now();
        let (_, output, said) = shell(script, &CancelToken::new(), 10_000)
            .output(100)
            .unwrap();
        assert_eq!((output.as_slice(), said.as_str()), (&b""[..], "said\n"));
        assert!(since.elapsed() < Duration::from_secs(4));
    }
}
