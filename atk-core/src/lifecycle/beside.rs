//! Waiting for a command that shares our terminal, and therefore our process group.

use std::io;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::family::Family;
use crate::host::CancelToken;
use crate::process::wait::EndFd;

/// How often the processes that a command left are looked for once it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// Waits for a child on our terminal.
///
/// The terminal sends Ctrl-C to the child as well as to us, so after a cancel the child has
/// `grace` to end by itself. Then, or at once if the cancel is urgent, TERM goes to it and to all
/// that it has started, and KILL after another `grace`. What it leaves behind then gets TERM as
/// soon as it has ended.
pub(super) fn wait(
    mut child: Child,
    cancel: &CancelToken,
    grace: Duration,
) -> io::Result<ExitStatus> {
    let end = EndFd::of(&child);
    let mut family = Family::of(Pid::from_child(&child));
    let mut stop: Option<StopRequest> = None;
    loop {
        if cancel.is_cancelled() {
            let stop = stop.get_or_insert_with(|| StopRequest::new(grace));
            // Before the child is reaped: after that its children cannot be found.
            family.look();
            let status = child.try_wait()?;
            stop.go_on(&mut family, cancel.is_urgent() || status.is_some());
            match status {
                Some(status) if family.is_gone() => return Ok(status),
                Some(_) => std::thread::sleep(LOOK),
                None => end.wait()?,
            }
        } else {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            end.wait()?;
        }
    }
}

/// A cancel that is being carried out.
struct StopRequest {
    grace: Duration,
    since: Instant,
    asked: Option<Instant>,
    killed: bool,
}

impl StopRequest {
    fn new(grace: Duration) -> Self {
        StopRequest {
            grace,
            since: Instant::now(),
            asked: None,
            killed: false,
        }
    }

    fn go_on(&mut self, family: &mut Family, at_once: bool) {
        match self.asked {
            None if at_once || self.since.elapsed() >= self.grace => {
                family.signal(Signal::TERM);
                // A process that was stopped (Ctrl-Z) acts on a signal only once it goes on.
                family.signal(Signal::CONT);
                self.asked = Some(Instant::now());
            }
            Some(asked) if !self.killed && asked.elapsed() >= self.grace => {
                family.signal(Signal::KILL);
                self.killed = true;
            }
            None | Some(_) => {}
        }
    }
}
