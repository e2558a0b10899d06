//! Waiting for a child process: its output, its end, a cancel. It starts none.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

use super::poll::poll_for;
use crate::host::{CancelToken, Stream};

/// How much a chunk of output holds at most, and how long output waits to become one.
const CHUNK: usize = 64 << 10;
const CHUNK_TIME: Duration = Duration::from_millis(50);

/// How long output is read after the child has ended, where another process keeps its pipes.
/// What the child itself wrote is there at once; this is for the last words of others.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// How long a cancel may go unnoticed.
const CANCEL_TIME: Duration = Duration::from_millis(50);

/// How often a child is looked at if the system cannot report its end through a descriptor.
const LOOK: Duration = Duration::from_millis(5);

/// How often the rest of a group is looked for once its leader has ended.
const LAST_LOOK: Duration = Duration::from_millis(20);

/// How long a child is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EndTimeouts {
    /// How long it may take to end by itself once it was asked to.
    pub(crate) grace: Duration,
    /// After how long it is asked to end without a cancel. None: it may run for ever.
    pub(crate) limit: Option<Duration>,
}

/// How a child ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) status: ExitStatus,
    /// True if it was ended because its time was up.
    pub(crate) timed_out: bool,
    /// The pipes that other processes still write to. Closing them ends those that write again.
    pub(crate) open: Vec<OwnedFd>,
}

/// Waits for a child that leads a process group of its own and whose output, where it is piped,
/// goes to `sink` in chunks: exact in order for each stream, nearly so across streams.
///
/// Returns once the child has ended and was reaped. It does not wait for other processes that
/// keep the pipes. A cancel sends TERM to the group and, after `grace`, KILL; it does not by
/// itself make the result an error, so that the caller always learns how the child ended.
pub(crate) fn wait(
    child: Child,
    cancel: &CancelToken,
    grace: Duration,
    sink: &mut dyn FnMut(Stream, Vec<u8>),
) -> io::Result<End> {
    wait_within(child, cancel, EndTimeouts { grace, limit: None }, sink)
}

/// Like [`wait`], but also ends the group as a cancel does once the limit is over.
pub(crate) fn wait_within(
    child: Child,
    cancel: &CancelToken,
    patience: EndTimeouts,
    sink: &mut dyn FnMut(Stream, Vec<u8>),
) -> io::Result<End> {
    let mut group = ProcessGroup::new(child);
    let mut pipes = Pipes::of(&mut group.child);
    let limit = patience.limit.map(|limit| Instant::now() + limit);
    let mut timed_out = false;
    let mut last_words = None;
    let mut stop: Option<Instant> = None;
    let mut killed = false;
    loop {
        let status = group.status()?;
        let now = Instant::now();
        let late = status.is_none() && limit.is_some_and(|limit| now >= limit);
        if (cancel.is_cancelled() || late) && stop.is_none() {
            timed_out = late && !cancel.is_cancelled();
            group.signal(Signal::TERM);
            // A process that was stopped (Ctrl-Z) acts on a signal only once it goes on.
            group.signal(Signal::CONT);
            stop = Some(now + patience.grace);
        }
        if stop.is_some_and(|deadline| now >= deadline) && !killed {
            group.signal(Signal::KILL);
            killed = true;
        }
        if let Some(status) = status {
            let until = *last_words.get_or_insert(now + LAST_WORDS);
            let stopped = stop.is_none() || killed || group.is_empty();
            if stopped && (pipes.all_closed() || now >= until) {
                pipes.flush(sink);
                return Ok(End {
                    status,
                    timed_out,
                    open: pipes.into_open(),
                });
            }
        }
        let mut timeout = if status.is_none() {
            group.look_again()
        } else {
            LAST_LOOK
        };
        let words = last_words.filter(|until| *until > now);
        let limit = limit.filter(|_| stop.is_none() && status.is_none());
        for deadline in [stop.filter(|_| !killed), limit, words, pipes.due()]
            .into_iter()
            .flatten()
        {
            timeout = timeout.min(deadline.saturating_duration_since(now));
        }
        pipes.read(status.is_none().then(|| group.end_fd()).flatten(), timeout)?;
        pipes.pass_on(sink);
    }
}

/// The child and its process group. Dropped before the child was reaped, by a panic of the host
/// say, it kills both: nothing may go on unwatched.
struct ProcessGroup {
    child: Child,
    id: Pid,
    end: EndFd,
    status: Option<ExitStatus>,
}

impl ProcessGroup {
    fn new(child: Child) -> Self {
        ProcessGroup {
            id: Pid::from_child(&child),
            end: EndFd::of(&child),
            child,
            status: None,
        }
    }

    fn status(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.status.is_none() {
            self.status = self.child.try_wait()?;
        }
        Ok(self.status)
    }

    fn signal(&self, signal: Signal) {
        // It fails if no process is left.
        let _ = kill_process_group(self.id, signal);
    }

    /// True if no process of the group is left, but for those that ended and were not
    /// reaped: their new parent may never do so, in a container say.
    fn is_empty(&self) -> bool {
        test_kill_process_group(self.id).is_err() || !is_alive(self.id)
    }

    fn end_fd(&self) -> Option<BorrowedFd<'_>> {
        self.end.fd()
    }

    fn look_again(&self) -> Duration {
        self.end.look_again()
    }
}

/// Looks for a live process of the group in the process table. Where there is none to read, the
/// system's own answer stands.
fn is_alive(group: Pid) -> bool {
    let Ok(table) = std::fs::read_dir("/proc") else {
        return true;
    };
    let group = group.as_raw_nonzero().to_string();
    table.flatten().any(|process| {
        let Ok(line) = std::fs::read_to_string(process.path().join("stat")) else {
            return false;
        };
        // `<pid> (<any text>) <state> <parent> <group> …`
        let mut fields = line
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace();
        let state = fields.next();
        fields.nth(1) == Some(&group) && !matches!(state, Some("Z" | "X"))
    })
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if self.status.is_none() {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// A descriptor that becomes readable when the child ends, if the system has such.
pub(crate) struct EndFd(Option<OwnedFd>);

impl EndFd {
    #[cfg(target_os = "linux")]
    pub(crate) fn of(child: &Child) -> Self {
        use rustix::process::{PidfdFlags, pidfd_open};
        EndFd(pidfd_open(Pid::from_child(child), PidfdFlags::empty()).ok())
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn of(_child: &Child) -> Self {
        EndFd(None)
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.0.as_ref().map(AsFd::as_fd)
    }

    fn look_again(&self) -> Duration {
        if self.0.is_some() { CANCEL_TIME } else { LOOK }
    }

    /// Waits until the child may have ended, a signal came, or it is time to look for a cancel.
    pub(crate) fn wait(&self) -> io::Result<()> {
        let fd = self.fd();
        let polled = fd.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
        let mut polled: Vec<_> = polled.into_iter().collect();
        poll_for(&mut polled, self.look_again())
    }
}

/// The read ends of the child's output.
struct Pipes(Vec<Pipe>);

struct Pipe {
    stream: Stream,
    /// None once it was read to its end.
    file: Option<std::fs::File>,
    buffer: Vec<u8>,
    /// When the first byte came into the buffer.
    since: Option<Instant>,
}

impl Pipes {
    fn of(child: &mut Child) -> Self {
        let stdout = child
            .stdout
            .take()
            .map(|pipe| (Stream::Stdout, OwnedFd::from(pipe)));
        let stderr = child
            .stderr
            .take()
            .map(|pipe| (Stream::Stderr, OwnedFd::from(pipe)));
        let pipe = |(stream, fd): (_, OwnedFd)| Pipe {
            stream,
            file: Some(fd.into()),
            buffer: Vec::new(),
            since: None,
        };
        Pipes(stdout.into_iter().chain(stderr).map(pipe).collect())
    }

    fn all_closed(&self) -> bool {
        self.0.iter().all(|pipe| pipe.file.is_none())
    }

    /// When the oldest output has waited long enough.
    fn due(&self) -> Option<Instant> {
        self.0
            .iter()
            .filter_map(|pipe| pipe.since)
            .min()
            .map(|since| since + CHUNK_TIME)
    }

    /// Waits for output, or for `end`, and reads what is there.
    fn read(&mut self, end: Option<BorrowedFd<'_>>, timeout: Duration) -> io::Result<()> {
        let ready: Vec<bool> = {
            let files = self
                .0
                .iter()
                .filter_map(|pipe| pipe.file.as_ref().map(AsFd::as_fd));
            let mut fds: Vec<_> = files
                .chain(end)
                .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN))
                .collect();
            poll_for(&mut fds, timeout)?;
            fds.iter().map(|fd| !fd.revents().is_empty()).collect()
        };
        let open = self.0.iter_mut().filter(|pipe| pipe.file.is_some());
        for (pipe, _) in open.zip(ready).filter(|(_, ready)| *ready) {
            pipe.read()?;
        }
        Ok(())
    }

    /// Passes on what is enough, has waited enough, or was the last; and before it what came
    /// earlier on the other stream.
    fn pass_on(&mut self, sink: &mut dyn FnMut(Stream, Vec<u8>)) {
        let now = Instant::now();
        self.0.sort_by_key(|pipe| pipe.since);
        let due = |pipe: &Pipe| {
            let waited = pipe.since.is_some_and(|since| now >= since + CHUNK_TIME);
            waited || pipe.buffer.len() >= CHUNK || (pipe.file.is_none() && pipe.since.is_some())
        };
        let count = self.0.iter().rposition(due).map_or(0, |last| last + 1);
        self.0
            .iter_mut()
            .take(count)
            .for_each(|pipe| pipe.flush(sink));
    }

    fn flush(&mut self, sink: &mut dyn FnMut(Stream, Vec<u8>)) {
        self.0.sort_by_key(|pipe| pipe.since);
        self.0.iter_mut().for_each(|pipe| pipe.flush(sink));
    }

    fn into_open(self) -> Vec<OwnedFd> {
        self.0
            .into_iter()
            .filter_map(|pipe| pipe.file.map(OwnedFd::from))
            .collect()
    }
}

impl Pipe {
    /// One read; the descriptor is ready, so it does not wait.
    fn read(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let start = self.buffer.len();
        self.buffer.resize(CHUNK, 0);
        let read = file.read(&mut self.buffer[start..]);
        self.buffer
            .truncate(start + read.as_ref().copied().unwrap_or(0));
        match read {
            Ok(0) => self.file = None,
            Ok(_) => {
                self.since.get_or_insert_with(Instant::now);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn flush(&mut self, sink: &mut dyn FnMut(Stream, Vec<u8>)) {
        if self.since.take().is_some() {
            sink(self.stream, std::mem::take(&mut self.buffer));
        }
    }
}
