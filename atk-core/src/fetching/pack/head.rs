//! The heads of a pack's objects.

use git2::ObjectType;

/// What stands before an object's deflated bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ObjectHead {
    pub(super) kind: ObjectForm,
    /// Bytes of what follows, inflated.
    pub(super) size: u64,
}

/// How an object is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectForm {
    Whole(ObjectType),
    /// As a difference from the object so many bytes before.
    Offset(u64),
    /// As a difference from the object of an id.
    Id,
}

/// The bytes are no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MalformedHead;

impl ObjectHead {
    /// Reads a head; `None` if more bytes are needed. All of the bytes belong to it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<Self>, MalformedHead> {
        let Some((&first, rest)) = bytes.split_first() else {
            return Ok(None);
        };
        let mut size = u64::from(first & 15);
        let mut rest = rest;
        if first & 0x80 != 0 {
            let Some((more, after)) = little_endian(rest)? else {
                return Ok(None);
            };
            size |= more.checked_mul(16).ok_or(MalformedHead)?;
            rest = after;
        }
        let whole = |kind| Ok(Some(ObjectForm::Whole(kind)));
        let kind = match first >> 4 & 7 {
            1 => whole(ObjectType::Commit),
            2 => whole(ObjectType::Tree),
            3 => whole(ObjectType::Blob),
            4 => whole(ObjectType::Tag),
            6 => offset(rest),
            7 => Ok((rest.len() >= 20).then_some(ObjectForm::Id)),
            _ => Err(MalformedHead),
        }?;
        Ok(kind.map(|kind| ObjectHead { kind, size }))
    }

    pub(super) fn is_delta(&self) -> bool {
        !matches!(self.kind, ObjectForm::Whole(_))
    }
}

/// The start of a difference, inflated: the sizes of what it is applied to and of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DeltaHead {
    pub(super) base: u64,
    pub(super) result: u64,
}

impl DeltaHead {
    /// The most bytes that it takes.
    pub(super) const LONGEST: usize = 20;

    /// Reads it; `None` if more bytes are needed, or if it is malformed.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (base, rest) = little_endian(bytes).ok()??;
        let (result, _) = little_endian(rest).ok()??;
        Some(DeltaHead { base, result })
    }
}

/// Seven bits a byte, the lowest first.
fn little_endian(bytes: &[u8]) -> Result<Option<(u64, &[u8])>, MalformedHead> {
    let mut value = 0u64;
    for (at, &byte) in bytes.iter().enumerate() {
        let shift = u32::try_from(at * 7).map_err(|_| MalformedHead)?;
        let part = u64::from(byte & 0x7F);
        if shift >= 63 {
            return Err(MalformedHead);
        }
        value |= part << shift;
        if byte & 0x80 == 0 {
            return Ok(Some((value, bytes.get(at + 1..).unwrap_or_default())));
        }
    }
    Ok(None)
}

/// Seven bits a byte, the highest first, each further byte one more.
fn offset(bytes: &[u8]) -> Result<Option<ObjectForm>, MalformedHead> {
    let mut value = 0u64;
    for (at, &byte) in bytes.iter().enumerate() {
        if at > 0 {
            value += 1;
        }
        value = value.checked_mul(128).ok_or(MalformedHead)? | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Ok(Some(ObjectForm::Offset(value)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_as_git_writes_them() {
        let head =
            |bytes: &[u8]| ObjectHead::parse(bytes).map(|head| head.map(|h| (h.kind, h.size)));
        assert_eq!(
            head(&[0x35]),
            Ok(Some((ObjectForm::Whole(ObjectType::Blob), 5)))
        );
        assert_eq!(head(&[0x95]), Ok(None));
        assert_eq!(
            head(&[0x95, 0x0A]),
            Ok(Some((ObjectForm::Whole(ObjectType::Commit), 0xA5)))
        );
        assert_eq!(head(&[0x61, 0x80]), Ok(None));
        assert_eq!(
            head(&[0x61, 0x80, 0x05]),
            Ok(Some((ObjectForm::Offset(133), 1)))
        );
        assert_eq!(head(&[0x72]), Ok(None));
        assert_eq!(
            head(&[[0x72].as_slice(), &[0; 20]].concat()),
            Ok(Some((ObjectForm::Id, 2)))
        );
        assert_eq!(head(&[0x05]), Err(MalformedHead));
        assert_eq!(head(&[0x51]), Err(MalformedHead));
        assert_eq!(head(&[0xFF; 12]), Err(MalformedHead));
        assert_eq!(
            DeltaHead::parse(&[0x80, 0x01, 0x05]),
            Some(DeltaHead {
                base: 128,
                result: 5
            })
        );
        assert_eq!(DeltaHead::parse(&[0x80]), None);
    }
}
