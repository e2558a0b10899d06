//! Many commands of which only the end counts, at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use super::context::Context;
use super::lifecycle_command::PreparedCommand;
use crate::error::{Error, ErrorKind, Result};
use crate::host::{CancelToken, Event, Scope};
use crate::lifecycle::{self, Ended};

/// How many commands run at once. They mostly wait for others (docker), and each may use all of
/// its time, so this decides how long all of them take at worst.
const AT_ONCE: usize = 32;

enum CommandMessage {
    Event(Event),
    Done(usize, Result<Ended>),
}

/// The commands, and which of them is next.
struct Queue<'a> {
    commands: &'a [PreparedCommand],
    next: AtomicUsize,
    limit: Duration,
    cancel: &'a CancelToken,
}

/// Runs commands, each at most for the limit. Their output is reported on this thread. The ends
/// come in the order of the commands.
pub(crate) fn run(
    context: &Context<'_>,
    commands: &[PreparedCommand],
    limit: Duration,
) -> Vec<Result<Ended>> {
    let queue = Queue {
        commands,
        next: AtomicUsize::new(0),
        limit,
        cancel: &context.session.cancel,
    };
    let mut ends: Vec<Option<Result<Ended>>> = Vec::new();
    ends.resize_with(commands.len(), || None);
    let (sender, news) = mpsc::channel();
    thread::scope(|threads| {
        let mut workers = 0;
        for _ in 0..commands.len().min(AT_ONCE) {
            let (sender, queue) = (sender.clone(), &queue);
            let work = move || queue.work(&sender);
            // As many as the system gives us.
            match thread::Builder::new().spawn_scoped(threads, work) {
                Ok(_) => workers += 1,
                Err(_) => break,
            }
        }
        if workers == 0 {
            queue.work(&sender);
        }
        drop(sender);
        for news in news {
            match news {
                CommandMessage::Event(event) => context.host.event(event),
                CommandMessage::Done(place, end) => {
                    if let Some(slot) = ends.get_mut(place) {
                        *slot = Some(end);
                    }
                }
            }
        }
    });
    let lost = || Error::new(ErrorKind::Internal, "a command ended without a result");
    ends.into_iter()
        .map(|end| end.unwrap_or_else(|| Err(lost())))
        .collect()
}

impl Queue<'_> {
    /// Runs one command after the other until none is left.
    fn work(&self, sender: &Sender<CommandMessage>) {
        // The receiver lives as long as this thread; a send cannot fail.
        let report = |event| {
            let _ = sender.send(CommandMessage::Event(event));
        };
        let scope = Scope {
            cancel: self.cancel,
            report: &report,
        };
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(prepared) = self.commands.get(place) else {
                return;
            };
            let end = lifecycle::run_at_most(&prepared.command(), self.limit, scope);
            let _ = sender.send(CommandMessage::Done(place, end));
        }
    }
}
