//! Packs as they come, and packs made of what the input says: whole objects and deltas that are
//! deflated, with a checksum that is right.
#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha1::{Digest, Sha1};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    atk_core::fuzzing::run("pack", input);
    if let Some(pack) = made(input) {
        atk_core::fuzzing::run("pack", &pack);
    }
});

/// An object is a byte for its kind, one for what it differs from, one for how much its size lies,
/// two for its length, and its content.
fn made(mut input: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    let mut starts = Vec::new();
    let mut ids: Vec<[u8; 20]> = Vec::new();
    while let Some((&[kind, base, lie, low, high], rest)) = input.split_first_chunk() {
        let length = usize::from(u16::from_le_bytes([low, high])).min(rest.len());
        let (content, rest) = rest.split_at(length);
        input = rest;
        let kind = [1, 2, 3, 3, 4, 6, 7, 7][usize::from(kind & 7)];
        let start = body.len() + 12;
        let size = content.len() + usize::from(lie.saturating_sub(250));
        body.extend(head(kind, size));
        if kind == 6 {
            let at = starts.get(usize::from(base) % starts.len().max(1)).copied();
            body.extend(offset(start - at.unwrap_or(0)));
        } else if kind == 7 {
            let id = ids.get(usize::from(base) % ids.len().max(1)).copied();
            body.extend(id.unwrap_or([base; 20]));
        } else {
            let name = ["", "commit", "tree", "blob", "tag"][usize::from(kind)];
            let mut hash = Sha1::new();
            hash.update(format!("{name} {}\0", content.len()));
            hash.update(content);
            ids.push(hash.finalize().into());
        }
        starts.push(start);
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).ok()?;
        body.extend(encoder.finish().ok()?);
    }
    let count = u32::try_from(starts.len()).ok()?;
    let mut pack = [b"PACK\0\0\0\x02".as_slice(), &count.to_be_bytes(), &body].concat();
    let sum = Sha1::digest(&pack);
    pack.extend(sum);
    (count > 0).then_some(pack)
}

fn head(kind: u8, mut size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut byte = kind << 4 | (size & 15) as u8;
    size >>= 4;
    while size > 0 {
        bytes.push(byte | 0x80);
        byte = (size & 127) as u8;
        size >>= 7;
    }
    bytes.push(byte);
    bytes
}

/// How far back a base is: seven bits a byte, the highest first, each byte but the last one more.
fn offset(mut back: usize) -> Vec<u8> {
    let mut bytes = vec![(back & 127) as u8];
    back >>= 7;
    while back > 0 {
        back -= 1;
        bytes.insert(0, (back & 127) as u8 | 0x80);
        back >>= 7;
    }
    bytes
}
