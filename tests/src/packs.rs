//! Packs made byte by byte, also such as git would never make.

use std::io::Write;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// An object of a pack: type, size as it is announced, what it differs from, content.
pub type Object<'o> = (u8, u64, &'o [u8], &'o [u8]);

/// A pack of these objects.
#[must_use]
pub fn pack(objects: &[Object<'_>]) -> Vec<u8> {
    let count = u32::try_from(objects.len()).unwrap();
    let mut pack = [b"PACK\0\0\0\x02".as_slice(), &count.to_be_bytes()].concat();
    for (kind, size, base, content) in objects {
        let mut rest = size >> 4;
        let mut byte = kind << 4 | (size & 15) as u8;
        while rest > 0 {
            pack.push(byte | 0x80);
            (byte, rest) = ((rest & 127) as u8, rest >> 7);
        }
        pack.push(byte);
        pack.extend_from_slice(base);
        let mut zlib = ZlibEncoder::new(&mut pack, Compression::best());
        zlib.write_all(content).unwrap();
        zlib.finish().unwrap();
    }
    let sum = sha1(&pack);
    pack.extend(sum);
    pack
}

/// The SHA-1 of bytes, by the program that is on every machine with git.
fn sha1(bytes: &[u8]) -> Vec<u8> {
    let mut child = Command::new("sha1sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let said = child.wait_with_output().unwrap().stdout;
    let hex = String::from_utf8(said).unwrap();
    (0..20)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}

/// A number as packs have it: seven bits a byte, the lowest first.
#[must_use]
pub fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 127 {
        bytes.push((value & 127) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
