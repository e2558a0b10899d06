//! A connection that carries packet lines.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::fetching::child::Child;
use crate::fetching::message;
use crate::fetching::protocol::packet;
use crate::fetching::protocol::packet::Packet;
use crate::model::git_url::GitUrl;

/// A child process that passes packet lines to a server and back.
pub(crate) struct Connection<'e> {
    child: Child<'e>,
    buffer: Vec<u8>,
    start: usize,
    stateless: bool,
}

/// How much is read at once.
const CHUNK: usize = 64 << 10;
/// How much of what is not git's protocol is shown.
const SHOWN: usize = 1000;

impl<'e> Connection<'e> {
    /// `stateless`: each answer is followed by [`Packet::ResponseEnd`].
    pub(crate) fn new(child: Child<'e>, stateless: bool) -> Self {
        Connection {
            child,
            buffer: Vec::new(),
            start: 0,
            stateless,
        }
    }

    /// True if each answer is followed by [`Packet::ResponseEnd`].
    pub(crate) fn is_stateless(&self) -> bool {
        self.stateless
    }

    /// Sends bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled),
    /// [`ErrorKind::TimedOut`](crate::ErrorKind::TimedOut).
    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.child.write_all(bytes)
    }

    /// From now on only bytes count as progress that are said to be [`Connection::useful`], or all
    /// of them again.
    pub(crate) fn count_all(&mut self, all_useful: bool) {
        self.child.count_all(all_useful);
    }

    /// The server can do what is needed: from now on the child only passes on what it sends.
    pub(crate) fn passes_on(&mut self) {
        self.child.passes_on();
    }

    /// Bytes came that were asked for; using them took us a while.
    pub(crate) fn useful(&mut self, bytes: u64, took: Duration) {
        self.child.useful(bytes, took);
    }

    /// Receives the next packet; none at the end of the connection.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] for anything that is no packet, [`ErrorKind::Cancelled`],
    /// [`ErrorKind::TimedOut`].
    pub(crate) fn packet(&mut self) -> Result<Option<Packet<'_>>> {
        // Parsed twice, because what is borrowed from the buffer cannot be returned from a loop
        // that also fills it.
        while packet::parse(self.rest())
            .map_err(|_| self.no_protocol())?
            .is_none()
        {
            if !self.fill()? {
                return Ok(None);
            }
        }
        let start = self.start;
        let rest = self.buffer.get(start..).unwrap_or_default();
        match packet::parse(rest) {
            Ok(Some((packet, length))) => {
                self.start += length;
                Ok(Some(packet))
            }
            Ok(None) | Err(_) => Err(message::no_protocol(rest)),
        }
    }

    /// Receives a line of text, without its end; `None` if the connection ended before.
    ///
    /// # Errors
    /// Those of [`Connection::packet`].
    pub(crate) fn line(&mut self) -> Result<Option<String>> {
        loop {
            let rest = self.rest();
            if let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
                let line = rest.get(..end).unwrap_or_default();
                let line = String::from_utf8_lossy(line).into_owned();
                self.start += end + 1;
                return Ok(Some(line));
            }
            if rest.len() > CHUNK {
                return Err(self.no_protocol());
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    fn no_protocol(&self) -> Error {
        let rest = self.rest();
        message::no_protocol(rest.get(..SHOWN).unwrap_or(rest))
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    fn fill(&mut self) -> Result<bool> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let filled = self.buffer.len();
        self.buffer.resize(filled + CHUNK, 0);
        let space = self.buffer.get_mut(filled..).unwrap_or_default();
        let read = self.child.read(space);
        let count = *read.as_ref().unwrap_or(&0);
        self.buffer.truncate(filled + count);
        read.map(|count| count > 0)
    }

    /// The error of a connection that ended too early, from what was said on the way.
    pub(crate) fn broken(&mut self, url: &GitUrl) -> Error {
        let (_, said) = self.child.finish();
        if said.trim().is_empty() {
            let error = message::error(url, "early EOF");
            return error.with_output("the connection ended too early");
        }
        message::error(url, &said)
    }
}
