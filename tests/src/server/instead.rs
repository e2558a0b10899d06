//! What a hostile server sends in place of a pack.

use std::io::{self, Read};
use std::thread;
use std::time::Duration;

use super::answer::Answer;
use super::behaviour::Instead;
use super::packet::Packet;

/// The pause between the pieces of what comes slowly.
const PAUSE: Duration = Duration::from_millis(100);
/// How much is sent at once of what has no end.
const PIECE: usize = 32 << 10;

impl Answer<'_> {
    /// Sends it as bands of a conversation, until its end or until the client is gone.
    pub(super) fn instead(&mut self, instead: &Instead, pack: &mut impl Read) -> io::Result<()> {
        match instead {
            Instead::Pack(bytes) => {
                for piece in bytes.chunks(PIECE) {
                    self.band(1, piece)?;
                }
                self.chunk(b"0000")
            }
            Instead::Endless => {
                let mut noise = Noise::default();
                self.band(1, &start_of_endless_pack())?;
                self.until_stopped(|answer| answer.band(1, &noise.stored_block()))
            }
            // Packs are as they were asked for.
            Instead::Refs => {
                io::copy(pack, &mut io::sink())?;
                Ok(())
            }
            Instead::Chatter => self.until_stopped(|answer| {
                thread::sleep(PAUSE / 10);
                answer.band(2, b"Compressing objects: 99% (98/99)\r")
            }),
            Instead::KeepAlive => self.until_stopped(|answer| {
                thread::sleep(PAUSE / 10);
                answer.band(1, b"")
            }),
            Instead::Drip(at_once) => {
                let mut piece = vec![0; *at_once];
                loop {
                    let count = pack.read(&mut piece)?;
                    if count == 0 || self.is_stopping() {
                        return Ok(());
                    }
                    // The bytes of the real answer, bands included, only slowly.
                    self.chunk(&piece[..count])?;
                    thread::sleep(PAUSE);
                }
            }
        }
    }

    /// Sends the bytes of an object file without end, as a dumb server.
    pub(super) fn endless_object(&mut self) -> io::Result<()> {
        let mut noise = Noise::default();
        self.chunk(&[&[0x78, 0x01][..], &stored(b"blob 99999999999\0")].concat())?;
        self.until_stopped(|answer| answer.chunk(&noise.stored_block()))
    }

    /// Sends lines about refs without end.
    pub(super) fn endless_refs(&mut self) -> io::Result<()> {
        let mut number = 0u64;
        self.until_stopped(|answer| {
            number += 1;
            let id = "1".repeat(40);
            let name = format!("{number:0>60000}");
            let line = format!("{id} refs/heads/{name}\n");
            answer.chunk(&Packet::Data(line.into_bytes()).encode())
        })
    }

    fn until_stopped(
        &mut self,
        mut send: impl FnMut(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        while !self.is_stopping() {
            send(self)?;
        }
        Ok(())
    }

    fn band(&mut self, band: u8, bytes: &[u8]) -> io::Result<()> {
        self.chunk(&Packet::Data([&[band], bytes].concat()).encode())
    }
}

/// The head of a pack of one blob of 1 TB.
fn start_of_endless_pack() -> Vec<u8> {
    let mut pack = b"PACK\0\0\0\x02\0\0\0\x01".to_vec();
    let mut size: u64 = 1 << 40;
    let mut byte = 0x30 | (size & 15) as u8;
    size >>= 4;
    while size > 0 {
        pack.push(byte | 0x80);
        byte = (size & 127) as u8;
        size >>= 7;
    }
    pack.push(byte);
    pack.extend([0x78, 0x01]);
    pack
}

/// A block of deflate that is stored as it is, and not the last.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a short block");
    let mut block = vec![0];
    block.extend(length.to_le_bytes());
    block.extend((!length).to_le_bytes());
    block.extend(bytes);
    block
}

/// Bytes that do not shrink.
struct Noise(u64);

impl Default for Noise {
    fn default() -> Self {
        Noise(0x2545_F491_4F6C_DD1D)
    }
}

impl Noise {
    fn stored_block(&mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(PIECE);
        while bytes.len() < PIECE - 8 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            bytes.extend(self.0.to_le_bytes());
        }
        stored(&bytes)
    }
}
