//! Packs that are not what was asked for, or unpack to more than they are.

use atk_core::ErrorKind;
use atk_tests::packs::{Object, pack, varint};
use atk_tests::repository::Repository;
use atk_tests::server::{GitServer, Instead};
use git2::{ObjectType, Oid};

use crate::attack::{Attack, Bytes, Expected, Input};

const REFUSED: Expected = Expected::Refused(&[ErrorKind::GitFailed]);

pub(crate) fn all(inputs: &mut Vec<Input>) {
    let list: &[(&str, Bytes, bool)] = &[
        ("other objects than were asked for", other, true),
        ("no objects", || pack(&[]), true),
        ("cut off in its header", || other()[..7].to_vec(), false),
        ("cut off in an object", || other()[..20].to_vec(), true),
        (
            "cut off in its checksum",
            || other()[..other().len() - 5].to_vec(),
            false,
        ),
        (
            "a wrong checksum",
            || changed(|pack| *pack.last_mut().unwrap() ^= 1),
            true,
        ),
        (
            "more bytes than a pack",
            || changed(|pack| pack.extend([0; 100])),
            false,
        ),
        (
            "damaged compression",
            || changed(|pack| pack[16] ^= 0x55),
            true,
        ),
        (
            "a version that does not exist",
            || changed(|pack| pack[7] = 9),
            false,
        ),
        (
            "4,294,967,295 objects announced",
            || changed(|pack| pack[8..12].fill(0xff)),
            true,
        ),
        (
            "fewer objects than announced",
            || changed(|pack| pack[11] = 100),
            false,
        ),
        (
            "text",
            || b"no pack at all, but long enough to be one".to_vec(),
            false,
        ),
        (
            "an object type that does not exist",
            || pack(&[(5, 6, b"", HELLO)]),
            true,
        ),
        (
            "an object larger than announced",
            || pack(&[(3, 2, b"", HELLO)]),
            false,
        ),
        (
            "an object smaller than announced",
            || pack(&[(3, 1 << 40, b"", HELLO)]),
            true,
        ),
        (
            "a size that overflows",
            || pack(&[(3, u64::MAX, b"", HELLO)]),
            false,
        ),
        (
            "600 MB of zeros in an object",
            || pack(&[(3, 600 << 20, b"", &vec![0; 600 << 20])]),
            false,
        ),
        ("a delta by id to 2 GB", || by_id(&delta(1 << 31)), true),
        (
            "a delta by place to 2 GB",
            || by_place(&delta(1 << 31), &[90]),
            false,
        ),
        (
            "a delta of itself",
            || by_place(&delta(1 << 17), &[0]),
            false,
        ),
        (
            "a delta of what is before the pack",
            || by_place(&delta(1 << 17), &[0xff, 0x7f]),
            false,
        ),
        (
            "a delta of nothing that is there",
            || pack(&[(7, 4, &[9; 20], &[1, 1, 1, 7])]),
            false,
        ),
        ("a delta that ends in its head", || by_id(&[0x80]), false),
        (
            "4,001 deltas by id",
            || repeated((7, 4, &[1; 20], &[1, 1, 1, 7]), 4_001),
            false,
        ),
        (
            "499,999 empty objects",
            || repeated((3, 0, b"", b""), 499_999),
            false,
        ),
        ("a tree of a million entries", || tree_of(1_000_000), false),
        (
            "a commit that is not one",
            || pack(&[(1, 6, b"", HELLO)]),
            false,
        ),
    ];
    for &(name, bytes, in_sample) in list {
        inputs.push(Input {
            group: "pack",
            name: name.to_owned(),
            in_sample,
            seconds: 120,
            expected: REFUSED,
            prepare: Box::new(move |sandbox| served(sandbox, Instead::Pack(bytes().into()))),
        });
    }
    for (name, instead, v2) in [
        ("without end", Instead::Endless, true),
        ("without end, in the old protocol", Instead::Endless, false),
    ] {
        inputs.push(Input {
            group: "pack",
            name: name.to_owned(),
            in_sample: false,
            seconds: 240,
            expected: REFUSED,
            prepare: Box::new(move |sandbox| {
                let attack = served(sandbox, instead);
                let server = attack.around.downcast_ref::<GitServer>().unwrap();
                server.change(|behaviour| behaviour.protocol_v2 = v2);
                attack
            }),
        });
    }
}

const HELLO: &[u8] = b"hello\n";

fn other() -> Vec<u8> {
    pack(&[(3, 6, b"", HELLO)])
}

fn repeated(object: Object<'_>, times: usize) -> Vec<u8> {
    pack(&vec![object; times])
}

fn changed(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut pack = other();
    change(&mut pack);
    pack
}

/// A difference that repeats 64 KiB of its base until the result has this size.
fn delta(result: u64) -> Vec<u8> {
    let mut delta = [varint(1 << 16), varint(result)].concat();
    let times = usize::try_from(result >> 16).unwrap();
    delta.extend(std::iter::repeat_n(0x80, times));
    delta
}

fn by_id(delta: &[u8]) -> Vec<u8> {
    let base = vec![7_u8; 1 << 16];
    let id = Oid::hash_object(ObjectType::Blob, &base).unwrap();
    let delta = (7, delta.len() as u64, id.as_bytes(), delta);
    pack(&[(3, base.len() as u64, b"", &base), delta])
}

fn by_place(delta: &[u8], back: &[u8]) -> Vec<u8> {
    let base = vec![7_u8; 1 << 16];
    let delta = (6, delta.len() as u64, back, delta);
    pack(&[(3, base.len() as u64, b"", &base), delta])
}

/// A tool behind a server that sends this in place of every pack.
fn served(sandbox: &mut atk_tests::sandbox::Sandbox, instead: Instead) -> Attack {
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").file("data", "x".repeat(3000))
    });
    let server = GitServer::start(sandbox.repos());
    server.change(|behaviour| behaviour.instead = Some(instead));
    Attack::add(server.url("tool")).with(server)
}

fn tree_of(entries: usize) -> Vec<u8> {
    let mut tree = Vec::new();
    for number in 0..entries {
        tree.extend(format!("100644 {number:06}\0").bytes());
        tree.extend([7; 20]);
    }
    pack(&[(2, tree.len() as u64, b"", &tree)])
}
