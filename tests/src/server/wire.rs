//! A connection whose bytes are counted and, if need be, held back.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::Shared;

/// Either direction of a connection.
pub(super) struct Wire<'a> {
    shared: Arc<Shared>,
    stream: &'a TcpStream,
    /// The request that is being answered.
    serial: u64,
    throttle: Option<Throttle>,
}

struct Throttle {
    bytes_per_second: u64,
    sent: u64,
    since: Instant,
}

impl<'a> Wire<'a> {
    /// The connection as it is read.
    pub(super) fn new(shared: &Arc<Shared>, stream: &'a TcpStream) -> Self {
        Wire {
            shared: Arc::clone(shared),
            stream,
            serial: 0,
            throttle: None,
        }
    }

    /// The connection as the request with this number is answered.
    pub(super) fn answering(
        shared: &Arc<Shared>,
        stream: &'a TcpStream,
        serial: u64,
        bytes_per_second: Option<u64>,
    ) -> Self {
        Wire {
            serial,
            throttle: bytes_per_second.map(|bytes_per_second| Throttle {
                bytes_per_second: bytes_per_second.max(1),
                sent: 0,
                since: Instant::now(),
            }),
            ..Wire::new(shared, stream)
        }
    }
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.shared.stats().bytes_up += count as u64;
        Ok(count)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = match &mut self.throttle {
            Some(throttle) => &bytes[..throttle.wait(bytes.len())],
            None => bytes,
        };
        // Counted before they are sent: a client that has its answer finds it in the counts.
        {
            let mut stats = self.shared.stats();
            stats.bytes_down += bytes.len() as u64;
            if let Some(logged) = stats.entry(self.serial) {
                logged.bytes_down += bytes.len() as u64;
            }
        }
        self.stream.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Throttle {
    /// Waits until something may be sent, and says how much of `length` bytes.
    fn wait(&mut self, length: usize) -> usize {
        // Twenty slices a second: slow enough to be seen, small enough to stop soon.
        let slice = (self.bytes_per_second / 20).max(1);
        let due = Duration::from_secs_f64(self.sent as f64 / self.bytes_per_second as f64);
        thread::sleep(due.saturating_sub(self.since.elapsed()));
        let count = length.min(usize::try_from(slice).unwrap_or(usize::MAX));
        self.sent += count as u64;
        count
    }
}
