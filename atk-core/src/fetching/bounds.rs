//! What a server may cost: bytes, time and memory.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};
use crate::model::limits::LIGHT_MEMORY;

/// The bounds of what one server sends.
#[derive(Clone)]
pub(crate) struct Bounds {
    /// Bytes of one transfer, as they come and as they are inflated.
    pub(crate) transfer: u64,
    /// Bytes of one file; larger ones are not asked for if a server can leave them out, and are
    /// never read.
    pub(crate) blob: u64,
    /// How long a transfer may go without a byte of what was asked for.
    pub(crate) timeout: Duration,
    /// The lowest average rate, in bytes a second, over each time of `timeout`.
    pub(crate) rate: u64,
    /// Shared by all servers of an operation.
    pub(crate) memory: Arc<Memory>,
}

/// Lets heavy work of different sources happen one after the other, so that the bound on memory
/// holds for all of them together.
#[derive(Default)]
pub(crate) struct Memory {
    busy: Mutex<bool>,
    freed: Condvar,
}

/// The right to do heavy work.
#[must_use = "the memory is shared as soon as this is dropped"]
pub(crate) struct Share(Arc<Memory>);

impl Memory {
    /// Waits for the right to take so many bytes; none is needed for a few. It is not cancelled:
    /// whoever has the right hears of the cancel, and gives it back.
    pub(crate) fn take(self: &Arc<Self>, bytes: u64) -> Option<Share> {
        if bytes <= LIGHT_MEMORY {
            return None;
        }
        let mut busy = self.lock();
        while *busy {
            busy = self
                .freed
                .wait(busy)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *busy = true;
        Some(Share(Arc::clone(self)))
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        *self.0.lock() = false;
        self.0.freed.notify_one();
    }
}

/// The error of a server that sends more than a limit; the caller names the server.
pub(crate) fn exceeded(what: &str, limit: u64) -> Error {
    Error::new(
        ErrorKind::GitFailed,
        format!("the server sends {what} than the allowed {limit} bytes"),
    )
}

/// Judges whether a server still sends what was asked for.
///
/// Only useful bytes count. A server can keep a connection busy for ever with progress messages,
/// empty packets, or a byte now and then.
pub(crate) struct Pace {
    timeout: Duration,
    rate: u64,
    useful: Instant,
    /// The time over which the rate is measured.
    since: Instant,
    bytes: u64,
}

impl Pace {
    pub(crate) fn new(timeout: Duration, rate: u64) -> Self {
        let now = Instant::now();
        Pace {
            timeout,
            rate,
            useful: now,
            since: now,
            bytes: 0,
        }
    }

    /// Begins anew: the server has just been asked.
    pub(crate) fn begin(&mut self) {
        *self = Pace::new(self.timeout, self.rate);
    }

    /// Useful bytes came; using them took us a while, which is not the server's.
    pub(crate) fn useful(&mut self, bytes: u64, took: Duration) {
        self.useful = Instant::now();
        self.since += took;
        self.bytes += bytes;
    }

    /// Fails if too little came for too long.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`].
    pub(crate) fn check(&mut self) -> Result<()> {
        let seconds = self.timeout.as_secs_f32();
        if self.useful.elapsed() > self.timeout {
            let text = format!("the server sent no requested data for {seconds} seconds");
            return Err(Error::new(ErrorKind::TimedOut, text));
        }
        if self.since.elapsed() > self.timeout {
            let wanted = self.timeout.as_secs_f64() * self.rate as f64;
            if (self.bytes as f64) < wanted {
                let text = format!(
                    "only {} bytes arrived in {seconds} seconds; the lowest allowed rate is {} \
                     bytes a second",
                    self.bytes, self.rate
                );
                return Err(Error::new(ErrorKind::TimedOut, text));
            }
            self.since = Instant::now();
            self.bytes = 0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::limits::HEAVY_MEMORY;

    #[test]
    fn heavy_work_happens_one_after_the_other() {
        let memory = Arc::new(Memory::default());
        assert!(memory.take(LIGHT_MEMORY).is_none());
        let first = memory.take(LIGHT_MEMORY + 1);
        assert!(first.is_some() && memory.take(1).is_none());
        let other = Arc::clone(&memory);
        let waiting = std::thread::spawn(move || other.take(HEAVY_MEMORY).is_some());
        std::thread::sleep(Duration::from_millis(20));
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.join().unwrap());
        assert!(memory.take(HEAVY_MEMORY).is_some());
    }

    #[test]
    fn silence_and_a_trickle_end_and_our_own_time_does_not_count() {
        let nap = || std::thread::sleep(Duration::from_millis(30));
        let mut pace = Pace::new(Duration::from_millis(100), 1000);
        pace.check().unwrap();
        for _ in 0..8 {
            nap();
            pace.useful(60, Duration::ZERO);
            pace.check().unwrap();
        }
        let mut trickle = Pace::new(Duration::from_millis(100), 1000);
        let ended = (0..8).find_map(|_| {
            nap();
            trickle.useful(1, Duration::ZERO);
            trickle.check().err()
        });
        assert!(ended.unwrap().to_string().contains("1000 bytes a second"));
        let mut ours = Pace::new(Duration::from_millis(100), 1000);
        for _ in 0..8 {
            nap();
            ours.useful(1, Duration::from_millis(31));
            ours.check().unwrap();
        }
        for _ in 0..4 {
            nap();
        }
        assert_eq!(ours.check().unwrap_err().kind(), ErrorKind::TimedOut);
    }
}
