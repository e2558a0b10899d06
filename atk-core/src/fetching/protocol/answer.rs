//! Answers of a server, line by line and piece by piece.

use super::packet::line;
use crate::fetching::object::ObjectId;

/// Where an answer to a request for objects stands: lines, until the pack begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Section {
    /// A section's name comes next.
    #[default]
    Start,
    /// Lines that we have no use for (`shallow-info`).
    Passed,
    /// Pieces of the pack and of what the server says meanwhile.
    Pack,
}

impl Section {
    /// The section that a line opens, or stays in.
    pub(crate) fn after_line(self, data: &[u8]) -> Section {
        match self {
            Section::Start if line(data) == b"packfile" => Section::Pack,
            Section::Start | Section::Passed => Section::Passed,
            Section::Pack => Section::Pack,
        }
    }
}

/// A piece of the stream that carries the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// The next bytes of the pack.
    Pack(&'a [u8]),
    /// Something for people.
    Message(&'a [u8]),
    /// The server gives up, and says why.
    Fatal(&'a [u8]),
}

/// Reads a piece: its first byte says what it is.
pub(crate) fn piece(data: &[u8]) -> Option<Piece<'_>> {
    match data.split_first()? {
        (1, rest) => Some(Piece::Pack(rest)),
        (2, rest) => Some(Piece::Message(rest)),
        (3, rest) => Some(Piece::Fatal(rest)),
        _ => None,
    }
}

/// What the server says in a line that ends the conversation.
pub(crate) fn error_line(data: &[u8]) -> Option<&[u8]> {
    data.strip_prefix(b"ERR ").map(line)
}

/// What a line about refs says of `HEAD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeadLine {
    At(ObjectId),
    /// `HEAD` names a branch that has no commit.
    Unborn,
    /// The line is about another ref.
    Other,
}

/// Reads `<id> <ref> <attributes>`; `None` if it is nothing of the kind.
pub(crate) fn head_line(data: &[u8]) -> Option<HeadLine> {
    let text = std::str::from_utf8(line(data)).ok();
    let Some(text) = text else {
        // Names of refs need not be UTF-8; `HEAD` is.
        return data.contains(&b' ').then_some(HeadLine::Other);
    };
    let mut words = text.split(' ');
    let (id, name) = (words.next()?, words.next()?);
    match (name, id) {
        ("HEAD", "unborn") => Some(HeadLine::Unborn),
        ("HEAD", id) => ObjectId::parse(id).map(HeadLine::At),
        _ => Some(HeadLine::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_is_found_among_other_refs() {
        let id = "0123456789012345678901234567890123456789";
        let head = format!("{id} HEAD symref-target:refs/heads/main\n");
        assert_eq!(
            head_line(head.as_bytes()),
            Some(HeadLine::At(ObjectId::parse(id).unwrap()))
        );
        let other = format!("{id} HEADS");
        assert_eq!(head_line(other.as_bytes()), Some(HeadLine::Other));
        assert_eq!(head_line(b"unborn HEAD\n"), Some(HeadLine::Unborn));
        assert_eq!(head_line(b"x refs/\xff\n"), Some(HeadLine::Other));
        for hostile in [&b""[..], b"\n", b"HEAD", b"0123 HEAD", b"\xff", b"-1 HEAD"] {
            assert_eq!(head_line(hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn only_a_section_called_packfile_carries_the_pack() {
        let section = Section::default().after_line(b"shallow-info\n");
        assert_eq!(section, Section::Passed);
        assert_eq!(section.after_line(b"packfile\n"), Section::Passed);
        assert_eq!(Section::Start.after_line(b"packfile\n"), Section::Pack);
    }

    #[test]
    fn a_piece_without_a_known_band_is_refused() {
        assert_eq!(piece(b"\x01PACK"), Some(Piece::Pack(b"PACK")));
        assert_eq!(piece(b"\x02x"), Some(Piece::Message(b"x")));
        assert_eq!(piece(b"\x03x"), Some(Piece::Fatal(b"x")));
        assert_eq!(piece(b""), None);
        assert_eq!(piece(b"\x04x"), None);
        assert_eq!(error_line(b"ERR not here\n"), Some(&b"not here"[..]));
        assert_eq!(error_line(b"ERROR"), None);
    }
}
