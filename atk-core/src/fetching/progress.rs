//! Progress of the transfers from one source, reported often enough and not too often.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::host::{CancelToken, Event, Level, Scope};
use crate::model::git_url::redact;
use crate::text::escape;

/// At most 20 events a second.
const PAUSE: Duration = Duration::from_millis(50);
/// How many lines a server may have shown.
const MAX_MESSAGES: u32 = 100;
/// The longest line of a server that is kept together, in bytes.
const MAX_LINE: usize = 1000;

/// What came so far, over all transfers of a source.
pub(crate) struct Progress<'e> {
    scope: Scope<'e>,
    source: String,
    bytes: u64,
    /// Objects of finished transfers.
    objects: u64,
    counter: Counter,
    reported: Option<Instant>,
    line: Vec<u8>,
    messages: u32,
}

/// Counts the objects of one transfer; shared with the code that receives them.
#[derive(Clone)]
pub(crate) struct Counter {
    objects: Rc<Cell<u64>>,
    /// How many the transfer brings; 0 until that is known.
    total: Rc<Cell<u64>>,
    cancel: CancelToken,
}

impl Counter {
    /// Takes the number of objects received, and of all; false if the transfer is to end.
    pub(crate) fn update(&self, objects: usize, total: usize) -> bool {
        self.objects.set(objects as u64);
        self.total.set(total as u64);
        !self.cancel.is_cancelled()
    }
}

impl<'e> Progress<'e> {
    pub(crate) fn new(source: impl Into<String>, scope: Scope<'e>) -> Self {
        Progress {
            source: source.into(),
            bytes: 0,
            objects: 0,
            counter: Counter {
                objects: Rc::default(),
                total: Rc::default(),
                cancel: scope.cancel.clone(),
            },
            reported: None,
            line: Vec::new(),
            messages: 0,
            scope,
        }
    }

    /// The counter of the transfer that begins.
    pub(crate) fn counter(&mut self) -> Counter {
        self.objects += self.counter.objects.take();
        self.counter.total.set(0);
        self.counter.clone()
    }

    /// Bytes arrived.
    pub(crate) fn received(&mut self, bytes: u64) {
        self.bytes += bytes;
        if self.reported.is_none_or(|last| last.elapsed() >= PAUSE) {
            self.report();
        }
    }

    /// A transfer ended: its last numbers are always reported.
    pub(crate) fn finished(&mut self) {
        self.report();
    }

    fn report(&mut self) {
        self.reported = Some(Instant::now());
        (self.scope.report)(Event::Progress {
            source: self.source.clone(),
            bytes: self.bytes,
            objects: self.objects + self.counter.objects.get(),
            total_objects: match self.counter.total.get() {
                0 => None,
                total => Some(self.objects + total),
            },
        });
    }

    /// Warns the caller.
    pub(crate) fn warn(&self, text: String) {
        (self.scope.report)(Event::Message {
            level: Level::Warning,
            plugin: None,
            text,
        });
    }

    /// How much arrived.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Fails once the operation was cancelled.
    pub(crate) fn check(&self) -> Result<()> {
        self.scope.cancel.check()
    }

    /// The server says something to people, in pieces of lines.
    pub(crate) fn message(&mut self, piece: &[u8]) {
        for &byte in piece {
            if matches!(byte, b'\n' | b'\r') {
                self.show_line();
            } else if self.line.len() < MAX_LINE {
                self.line.push(byte);
            }
        }
    }

    fn show_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() || self.messages >= MAX_MESSAGES {
            return;
        }
        self.messages += 1;
        (self.scope.report)(Event::Message {
            level: Level::Info,
            plugin: None,
            text: format!("{}: {}", self.source, escape(&redact(text))),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn the_first_and_the_last_come_and_few_between() {
        let events = RefCell::new(Vec::new());
        let report = |event| events.borrow_mut().push(event);
        let cancel = CancelToken::new();
        let scope = Scope {
            cancel: &cancel,
            report: &report,
        };
        let mut progress = Progress::new("https://example.org/x", scope);
        let counter = progress.counter();
        for objects in 0..1000 {
            assert!(counter.update(objects, 40));
            progress.received(10);
        }
        progress.finished();
        progress.message(b"remote: \x1b[31mhi http://me:pw@h/\nrest");
        let events = events.into_inner();
        assert!(events.len() < 20, "{}", events.len());
        assert!(matches!(events[0], Event::Progress { bytes: 10, .. }));
        let [
            ..,
            Event::Progress { bytes, objects, .. },
            Event::Message { text, .. },
        ] = &events[..]
        else {
            panic!("{events:?}")
        };
        assert_eq!((*bytes, *objects), (10_000, 999));
        assert_eq!(
            text,
            "https://example.org/x: remote: \\u{1b}[31mhi http://***@h/"
        );
    }
}
