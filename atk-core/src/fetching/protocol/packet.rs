//! Packet lines: four hexadecimal digits of length, then the line.

/// The most that one packet can hold, its length included.
pub(crate) const MAX_PACKET: usize = 65_520;

/// A packet, as it was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    /// `0000`: the end of a message.
    Flush,
    /// `0001`: the end of a section.
    Delimiter,
    /// `0002`: the end of an answer on a connection without state.
    ResponseEnd,
    /// A line, or a piece of a stream.
    Data(&'a [u8]),
}

/// The bytes are no packet line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MalformedPacket;

/// Reads the packet at the start of `bytes` and says how long it is; `None` if more bytes are
/// needed.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<(Packet<'_>, usize)>, MalformedPacket> {
    let Some((head, _)) = bytes.split_at_checked(4) else {
        return Ok(None);
    };
    match length(head)? {
        0 => Ok(Some((Packet::Flush, 4))),
        1 => Ok(Some((Packet::Delimiter, 4))),
        2 => Ok(Some((Packet::ResponseEnd, 4))),
        length if !(4..=MAX_PACKET).contains(&length) => Err(MalformedPacket),
        length => Ok(bytes
            .get(4..length)
            .map(|data| (Packet::Data(data), length))),
    }
}

fn length(head: &[u8]) -> Result<usize, MalformedPacket> {
    head.iter().try_fold(0, |sum, &digit| {
        char::from(digit)
            .to_digit(16)
            .map(|value| sum * 16 + value as usize)
            .ok_or(MalformedPacket)
    })
}

/// A line without its line end.
pub(crate) fn line(data: &[u8]) -> &[u8] {
    data.strip_suffix(b"\n").unwrap_or(data)
}

/// Appends a line as a packet.
pub(crate) fn write_line(request: &mut Vec<u8>, line: &str) {
    debug_assert!(line.len() + 5 <= MAX_PACKET, "all our lines are short");
    request.extend(format!("{:04x}{line}\n", line.len() + 5).into_bytes());
}

/// Appends `0000`.
pub(crate) fn write_flush(request: &mut Vec<u8>) {
    request.extend(b"0000");
}

/// Appends `0001`.
pub(crate) fn write_delimiter(request: &mut Vec<u8>) {
    request.extend(b"0001");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_read_as_they_come() {
        let mut sent = Vec::new();
        write_line(&mut sent, "hello");
        write_delimiter(&mut sent);
        write_flush(&mut sent);
        assert_eq!(sent, b"000ahello\n00010000");
        for cut in 0..10 {
            assert_eq!(parse(&sent[..cut]), Ok(None), "{cut}");
        }
        assert_eq!(parse(&sent), Ok(Some((Packet::Data(b"hello\n"), 10))));
        assert_eq!(parse(&sent[10..]), Ok(Some((Packet::Delimiter, 4))));
        assert_eq!(parse(&sent[14..]), Ok(Some((Packet::Flush, 4))));
        assert_eq!(parse(b"0002"), Ok(Some((Packet::ResponseEnd, 4))));
        assert_eq!(parse(b"0004"), Ok(Some((Packet::Data(b""), 4))));
    }

    #[test]
    fn lengths_that_no_packet_has_are_refused() {
        for bytes in [
            &b"0003"[..],
            b"fff1",
            b"ffff",
            b"<htm",
            b"+001",
            b"\xff\xff\xff\xff",
        ] {
            assert_eq!(parse(bytes), Err(MalformedPacket), "{bytes:?}");
        }
        assert_eq!(parse(b"fff0"), Ok(None));
    }
}
