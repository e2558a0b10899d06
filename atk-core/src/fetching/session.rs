//! A conversation with one server over one connection.

use super::known_refs::LIST_BYTES;
use super::message::{self, Refusal, refusal};
use super::object::ObjectId;
use super::pack::PackWriter;
use super::progress::Progress;
use super::protocol::answer::{Piece, Section, error_line, piece, ref_line};
use super::protocol::capabilities::Capabilities;
use super::protocol::packet::{Packet, line};
use super::protocol::request::{Fetch, fetch, ls_refs};
use super::store::Store;
use super::transport::connection::Connection;
use crate::error::{Error, ErrorKind, Result};
use crate::model::git_url::GitUrl;

/// The most lines that are read where a server has no reason to send many.
const MAX_LINES: usize = 10_000;

/// A connection whose server speaks version 2 of the protocol.
pub(crate) struct V2Connection<'e> {
    connection: Connection<'e>,
    capabilities: Capabilities,
    url: GitUrl,
    /// An answer was left unfinished, or the server gave up: nothing more can be asked.
    over: bool,
}

/// How a request for objects ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FetchResult {
    /// What was sent is in the cache. `shallow`: not to the first commit.
    Done { shallow: bool },
    /// The server said why not.
    Refused(Refusal, String),
}

impl<'e> V2Connection<'e> {
    /// Reads what the server can do. None if it speaks an older version.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] and what was said on the way; those of a connection.
    pub(crate) fn open(url: &GitUrl, mut connection: Connection<'e>) -> Result<Option<Self>> {
        match connection.packet()? {
            Some(Packet::Data(version)) if line(version) == b"version 2" => {}
            Some(Packet::Data(said)) => {
                return match error_line(said) {
                    Some(said) => Err(message::error(url, &String::from_utf8_lossy(said))),
                    None => Ok(None),
                };
            }
            // An empty repository of an old server.
            Some(_) => return Ok(None),
            None => return Err(connection.broken(url)),
        }
        let mut capabilities = Capabilities::default();
        for _ in 0..MAX_LINES {
            match connection.packet()? {
                Some(Packet::Data(said)) => capabilities.add(line(said)),
                Some(Packet::Flush) => {
                    connection.passes_on();
                    let session = V2Connection {
                        connection,
                        capabilities,
                        url: url.clone(),
                        over: false,
                    };
                    return session.check().map(Some);
                }
                Some(_) => return Err(nonsense()),
                None => return Err(connection.broken(url)),
            }
        }
        Err(nonsense())
    }

    fn check(self) -> Result<Self> {
        let format = &self.capabilities.object_format;
        if format != "sha1" {
            return Err(Error::new(
                ErrorKind::GitFailed,
                format!(
                    "the repository's object ids are `{}`, and only `sha1` can be read",
                    crate::text::escape(format)
                ),
            ));
        }
        match self.capabilities.is_usable() {
            true => Ok(self),
            false => Err(nonsense()),
        }
    }

    /// What the server can do.
    pub(crate) fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// True if nothing more can be asked.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// The refs that the server has of these, and `HEAD`: their full names, and what they point to.
    /// What begins like one of them is among them.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] and what the server said; those of a connection.
    pub(crate) fn refs(&mut self, prefixes: &[String]) -> Result<Vec<(String, ObjectId)>> {
        self.over = true;
        self.connection
            .send(&ls_refs(prefixes.iter().map(String::as_str)))?;
        let (mut refs, mut bytes) = (Vec::new(), 0);
        while bytes <= LIST_BYTES {
            match self.connection.packet()? {
                Some(Packet::Data(said)) => {
                    if let Some(said) = error_line(said) {
                        let said = String::from_utf8_lossy(said).into_owned();
                        return Err(message::error(&self.url, &said));
                    }
                    bytes += said.len();
                    let line = ref_line(said).ok_or_else(nonsense)?;
                    refs.extend(line.name.map(str::to_owned).zip(line.id));
                }
                Some(Packet::Flush) => {
                    self.end_answer()?;
                    return Ok(refs);
                }
                Some(_) => return Err(nonsense()),
                None => return Err(self.broken()),
            }
        }
        Err(Error::new(
            ErrorKind::GitFailed,
            format!(
                "the server lists more than {} MiB of refs",
                LIST_BYTES >> 20
            ),
        ))
    }

    /// Asks for objects and puts what comes into the store.
    ///
    /// # Errors
    /// Those of [`PackWriter`], of a connection, and what the server says while it sends.
    pub(crate) fn fetch(
        &mut self,
        request: &Fetch,
        store: &Store,
        progress: &mut Progress<'e>,
    ) -> Result<FetchResult> {
        self.over = true;
        self.connection.send(&fetch(request))?;
        // Only the pack is progress: lines and messages can go on for ever.
        self.connection.count_all(false);
        let mut section = Section::default();
        let mut lines = 0;
        let mut shallow = false;
        while section != Section::Pack {
            match self.connection.packet()? {
                Some(Packet::Data(said)) => {
                    if let Some(said) = error_line(said) {
                        let said = String::from_utf8_lossy(said).into_owned();
                        return self.refused(said);
                    }
                    shallow |= said.starts_with(b"shallow ");
                    section = section.after_line(said);
                }
                Some(Packet::Delimiter) => section = Section::Start,
                // A server that dies over a request it does not like leaves nothing but this.
                Some(Packet::Flush | Packet::ResponseEnd) => {
                    return self.refused("the answer is empty".to_owned());
                }
                None => return Err(self.broken()),
            }
            lines += 1;
            if lines > MAX_LINES * 100 {
                return Err(nonsense());
            }
        }
        let mut pack = PackWriter::new(store, progress)?;
        loop {
            let packet = self.connection.packet()?;
            match packet {
                Some(Packet::Data(data)) => match piece(data).ok_or_else(nonsense)? {
                    Piece::Pack(bytes) => {
                        let (count, took) = (bytes.len() as u64, pack.write(bytes)?);
                        if count > 0 {
                            self.connection.useful(count, took);
                        }
                    }
                    Piece::Message(said) => pack.message(said),
                    Piece::Fatal(said) => {
                        let said = String::from_utf8_lossy(said).into_owned();
                        return Err(message::error(&self.url, &said));
                    }
                },
                Some(Packet::Flush) => break,
                Some(_) => return Err(nonsense()),
                None => return Err(self.broken()),
            }
        }
        pack.finish()?;
        progress.finished();
        self.connection.count_all(true);
        self.end_answer()?;
        Ok(FetchResult::Done { shallow })
    }

    /// Without state the helper goes on after a refusal; with it, the server has hung up.
    fn refused(&mut self, said: String) -> Result<FetchResult> {
        self.over = true;
        self.connection.count_all(true);
        Ok(FetchResult::Refused(refusal(&said), said))
    }

    fn end_answer(&mut self) -> Result<()> {
        if self.connection.is_stateless() {
            match self.connection.packet()? {
                Some(Packet::ResponseEnd) => {}
                Some(_) => return Err(nonsense()),
                None => return Err(self.broken()),
            }
        }
        self.over = false;
        Ok(())
    }

    fn broken(&mut self) -> Error {
        self.connection.broken(&self.url)
    }
}

fn nonsense() -> Error {
    Error::new(
        ErrorKind::GitFailed,
        "the server's answer is not what git's protocol allows",
    )
}
