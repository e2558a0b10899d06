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

/// A line about a ref.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefLine<'a> {
    /// The full name; none if it is not UTF-8.
    pub(crate) name: Option<&'a str>,
    /// What it points to, behind annotated tags; none if it names a branch that has no commit.
    pub(crate) id: Option<ObjectId>,
}

/// Reads `<id> <ref> <attributes>`; `None` if it is nothing of the kind.
pub(crate) fn ref_line(data: &[u8]) -> Option<RefLine<'_>> {
    let Ok(text) = std::str::from_utf8(line(data)) else {
        // Names of refs need not be UTF-8; those that are asked for are.
        let name = None;
        return data.contains(&b' ').then_some(RefLine { name, id: None });
    };
    let mut words = text.split(' ');
    let (id, name) = (words.next()?, words.next()?);
    if name.contains(char::is_control) {
        // No ref of git's has such a name.
        return None;
    }
    let id = match id {
        "unborn" => None,
        id => Some(ObjectId::parse(id)?),
    };
    let peeled = words.find_map(|word| word.strip_prefix("peeled:"));
    Some(RefLine {
        name: Some(name),
        id: peeled.map_or(id, ObjectId::parse),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ref_is_read_with_what_is_behind_an_annotated_tag() {
        let (id, other) = ("0".repeat(39) + "1", "0".repeat(39) + "2");
        let read = |line: &str| {
            let read = ref_line(line.as_bytes())?;
            Some((read.name?.to_owned(), read.id.map(|id| id.to_string())))
        };
        let at = |name: &str, id: &str| Some((name.to_owned(), Some(id.to_owned())));
        assert_eq!(
            read(&format!("{id} HEAD symref-target:refs/heads/main\n")),
            at("HEAD", &id)
        );
        assert_eq!(read(&format!("{id} HEADS")), at("HEADS", &id));
        assert_eq!(
            read(&format!("{id} refs/tags/v1 peeled:{other}\n")),
            at("refs/tags/v1", &other)
        );
        assert_eq!(read("unborn HEAD\n"), Some(("HEAD".to_owned(), None)));
        assert_eq!(ref_line(b"x refs/\xff\n").unwrap().name, None);
        for hostile in [&b""[..], b"\n", b"HEAD", b"0123 HEAD", b"\xff", b"-1 HEAD"] {
            assert_eq!(ref_line(hostile), None, "{hostile:?}");
        }
        assert_eq!(ref_line(format!("{id} HE\nAD").as_bytes()), None);
        let wrong = format!("{id} refs/tags/v1 peeled:x");
        assert_eq!(ref_line(wrong.as_bytes()).unwrap().id, None);
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
