//! Rules that hold for whatever a git server sends.

use std::path::Path;
use std::time::Duration;

use super::bounds::Bounds;
use super::cache_file;
use super::message;
use super::object::ObjectId;
use super::pack::PackWriter;
use super::pack::scan::{Scan, ScanLimits};
use super::progress::Progress;
use super::protocol::answer::{self, Section};
use super::protocol::capabilities::Capabilities;
use super::protocol::packet::{self, MAX_PACKET, Packet};
use super::store::{Store, open_odb};
use super::tree::{parse_commit, parse_tree};
use crate::error::ErrorKind;
use crate::host::{CancelToken, Scope};
use crate::model::git_url::GitUrl;
use crate::text::escape_lines;

/// Packets are read alike however they come, and what they say can be shown.
pub(crate) fn protocol(input: &[u8]) {
    let url = GitUrl::parse("https://h.org/x").expect("a URL");
    let mut capabilities = Capabilities::default();
    let mut section = Section::default();
    let mut rest = input;
    while let Ok(Some((packet, length))) = packet::parse(rest) {
        assert!((4..=MAX_PACKET).contains(&length) && length <= rest.len());
        assert_eq!(
            packet::parse(&rest[..length - 1]),
            Ok(None),
            "more bytes are needed"
        );
        if let Packet::Data(data) = packet {
            capabilities.add(data);
            assert!(capabilities.object_format.chars().count() <= 20);
            section = section.after_line(data);
            let _ = answer::piece(data);
            if let Some(said) = answer::error_line(data) {
                let said = String::from_utf8_lossy(said);
                assert_error(&message::error(&url, &said));
            }
            if let Some(line) = answer::ref_line(data) {
                let name = line.name.unwrap_or_default();
                assert!(!name.contains([' ', '\n']), "{name:?}");
            }
        }
        rest = &rest[length..];
    }
    assert_error(&message::no_protocol(input));
    let cancel = CancelToken::new();
    let report = |_| {};
    let mut progress = Progress::new(
        url.to_string(),
        Scope {
            cancel: &cancel,
            report: &report,
        },
    );
    progress.message(input);
}

fn assert_error(error: &crate::Error) {
    let shown = [error.details().output.clone(), error.details().help.clone()];
    for text in shown.into_iter().flatten() {
        assert_eq!(text, escape_lines(&text), "control characters are shown");
        assert!(text.len() < 20_000, "{} bytes are shown", text.len());
    }
}

/// The limit of a transfer, for packs that are tried.
const TRANSFER: u64 = 4 << 20;

fn bounds() -> Bounds {
    Bounds {
        transfer: TRANSFER,
        blob: 1 << 16,
        timeout: Duration::from_secs(30),
        rate: 0,
        memory: std::sync::Arc::default(),
    }
}

/// A pack is refused as the server's fault, or is read with all its objects; either way nothing is
/// left over, and it is the same in whichever pieces it comes.
pub(crate) fn pack(input: &[u8]) {
    let limits = ScanLimits {
        inflated: TRANSFER,
        listed: 1 << 16,
    };
    let scan = |size: usize| -> Result<(u64, u64), String> {
        let mut scan = Scan::new(limits);
        for piece in input.chunks(size) {
            scan.feed(piece).map_err(|error| error.to_string())?;
        }
        let memory = scan.memory().map_err(|error| error.to_string())?;
        assert!(scan.inflated() <= TRANSFER);
        Ok((memory, scan.inflated()))
    };
    let whole = scan(input.len().max(1));
    assert_eq!(whole, scan(7), "in pieces of 7 bytes");
    assert_eq!(whole, scan(1), "byte by byte");
    let dir = tempfile::tempdir().expect("a directory");
    let bounds = bounds();
    let store = Store::open(dir.path().join("objects"), &bounds).expect("a store");
    let cancel = CancelToken::new();
    let report = |_| {};
    let scope = Scope {
        cancel: &cancel,
        report: &report,
    };
    let mut progress = Progress::new("https://h.org/x", scope);
    let mut writer = PackWriter::new(&store, &mut progress).expect("a writer");
    let written = input
        .chunks(4096)
        .try_for_each(|piece| writer.write(piece).map(drop));
    let finished = match written {
        Ok(()) => writer.finish(),
        Err(error) => {
            drop(writer);
            Err(error)
        }
    };
    let packs = std::fs::read_dir(dir.path().join("objects/pack"));
    let packs = packs.expect("a directory of packs").count();
    match finished {
        Ok(()) => {
            assert!(whole.is_ok() || input.is_empty(), "{whole:?}");
            let mut ids = Vec::new();
            let odb = open_odb(store.dir()).expect("the objects");
            let listed = odb.foreach(|id| {
                ids.push(ObjectId(*id));
                true
            });
            assert!(listed.is_ok());
            for id in ids {
                let _ = (
                    store.tree(id),
                    store.commit(id),
                    store.with_blob(id, |_| ()),
                );
            }
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::GitFailed, "{error}");
            assert_eq!(packs, 0, "what was refused is gone");
        }
    }
}

/// A file of a cache is refused as the caller's, or read; then it can be written again, and read again.
pub(crate) fn cache_file(input: &[u8]) {
    let dir = tempfile::tempdir().expect("a directory");
    let bounds = bounds();
    let cancel = CancelToken::new();
    let report = |_| {};
    let scope = Scope {
        cancel: &cancel,
        report: &report,
    };
    let at = |name: &str| dir.path().join(name);
    let read = |file: &Path, cache: &str| {
        let opened = std::fs::File::open(file).expect("a file");
        cache_file::read((opened, file), &at(cache), &bounds, scope)
    };
    let (file, again) = (at("file"), at("again"));
    std::fs::write(&file, input).expect("a file");
    let mut urls = match read(&file, "cache") {
        Ok(urls) => urls,
        Err(error) => return assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}"),
    };
    urls.sort();
    urls.dedup();
    let mut copy = std::fs::File::create(&again).expect("a file");
    let written = cache_file::write((&mut copy, &again), &at("cache"), &bounds, scope);
    let written: Vec<_> = written
        .expect("written")
        .into_iter()
        .map(|one| one.url)
        .collect();
    assert_eq!(written, urls);
    assert_eq!(read(&again, "cache-again").expect("read"), urls);
}

/// A tree is refused, or is one that git itself could have written.
pub(crate) fn tree(input: &[u8]) {
    let _ = parse_commit(input);
    let Ok(entries) = parse_tree(input) else {
        return;
    };
    let names: std::collections::HashSet<_> = entries.iter().map(|entry| &entry.name).collect();
    assert_eq!(names.len(), entries.len(), "no name comes twice");
    for entry in &entries {
        assert!(!entry.name.is_empty() && !entry.name.contains(&b'/') && !entry.name.contains(&0));
    }
}
