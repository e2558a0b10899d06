//! Git's packet lines, as far as a server needs to look into them.

use std::io::{self, BufRead, Read};

use flate2::read::GzDecoder;

/// A packet line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packet {
    Data(Vec<u8>),
    /// `0000`, `0001` or `0002`.
    Mark([u8; 4]),
}

impl Packet {
    /// Reads the next packet; none at the end.
    pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<Packet>> {
        if reader.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let mut head = [0; 4];
        reader.read_exact(&mut head)?;
        let length = std::str::from_utf8(&head)
            .ok()
            .and_then(|digits| usize::from_str_radix(digits, 16).ok())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not a packet line"))?;
        if length < 4 {
            return Ok(Some(Packet::Mark(head)));
        }
        let mut data = vec![0; length - 4];
        reader.read_exact(&mut data)?;
        Ok(Some(Packet::Data(data)))
    }

    /// The packet as it is sent.
    pub(super) fn encode(&self) -> Vec<u8> {
        match self {
            Packet::Data(data) => {
                let mut bytes = format!("{:04x}", data.len() + 4).into_bytes();
                bytes.extend(data);
                bytes
            }
            Packet::Mark(mark) => mark.to_vec(),
        }
    }
}

/// What a client asks for in the body of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// The command of protocol v2; empty in v0.
    pub(super) command: String,
    /// All lines after it, except for its capabilities.
    pub(super) arguments: Vec<String>,
}

impl Asked {
    /// Reads a body; what cannot be read is left out, since `git` itself will complain of it.
    pub(super) fn read(body: &[u8], gzip: bool) -> Asked {
        let mut plain = Vec::new();
        let unpacked = if gzip {
            GzDecoder::new(body).read_to_end(&mut plain).is_ok()
        } else {
            false
        };
        let mut reader = if unpacked { &plain[..] } else { body };
        let mut asked = Asked::default();
        let mut capabilities = false;
        while let Ok(Some(packet)) = Packet::read(&mut reader) {
            match packet {
                Packet::Mark(_) => capabilities = false,
                Packet::Data(data) => {
                    let line = String::from_utf8_lossy(&data).trim_end().to_owned();
                    if let Some(command) = line.strip_prefix("command=") {
                        asked.command = command.to_owned();
                        capabilities = true;
                    } else if !capabilities {
                        asked.arguments.push(line);
                    }
                }
            }
        }
        asked
    }

    /// The object ids that are wanted.
    pub(super) fn wants(&self) -> impl Iterator<Item = &str> {
        self.arguments
            .iter()
            .filter_map(|line| line.strip_prefix("want ")?.split(' ').next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_no_arguments() {
        let body = b"0011command=fetch0014agent=git/2.39.50001000ddeepen 1\n000awant 10000";
        let asked = Asked::read(body, false);
        assert_eq!(asked.command, "fetch");
        assert_eq!(asked.arguments, ["deepen 1", "want 1"]);
        assert_eq!(asked.wants().collect::<Vec<_>>(), ["1"]);
    }

    #[test]
    fn packets_are_written_as_they_are_read() {
        let bytes = b"0006a\n00010000";
        let mut reader = &bytes[..];
        let mut written = Vec::new();
        while let Some(packet) = Packet::read(&mut reader).unwrap() {
            written.extend(packet.encode());
        }
        assert_eq!(written, bytes);
    }
}
