//! Rules that hold for whatever files a plugin has.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::check::FileOrigin;
use super::tree::{RawFile, RawTree};
use crate::error::ErrorKind;
use crate::fetching::object::{EntryKind, ObjectId};
use crate::model::limits::Limits;

/// Files are refused, or can be written to a directory and stay in it, on every disk. A line of
/// the input is a file: `f <path>`, `x <path>`, `s <path>`, or `l <path> -> <target>`.
pub(crate) fn files(input: &[u8]) {
    let mut files: Vec<RawFile> = input.split(|byte| *byte == b'\n').filter_map(raw).collect();
    files.sort_by(|a, b| a.names.cmp(&b.names));
    let mut limits = Limits::default();
    (limits.files, limits.file_bytes, limits.plugin_bytes) = (100, 1000, 10_000);
    let checked = match (RawTree { files }).check(&limits, FileOrigin::Repository) {
        Ok(checked) => checked,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::ContentRefused, "{error}");
            return;
        }
    };
    assert!(checked.files.len() <= limits.files);
    let mut seen = HashSet::new();
    for file in &checked.files {
        let path = file.path.as_str();
        assert!(
            path.len() <= 4096 && !path.contains(['\\', ':', '\0']),
            "{path:?}"
        );
        let lower = path.to_lowercase().nfc().collect::<String>();
        for name in lower.split('/') {
            assert!(
                !matches!(name, "" | "." | ".." | ".git" | "git~1" | ".env"),
                "{path:?}"
            );
        }
        assert_ne!(lower.split('/').next(), Some("custom"), "{path:?}");
        assert!(seen.insert(lower), "{path:?} is a duplicate");
    }
    let dir = tempfile::tempdir().expect("a directory");
    for file in &checked.files {
        let path = dir.path().join(file.path.as_str());
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        match checked.targets.get(&file.path) {
            Some(target) => {
                let target: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(target);
                std::os::unix::fs::symlink(target, &path).expect("a link");
            }
            None => std::fs::write(&path, "x").expect("a file"),
        }
    }
    #[cfg(target_os = "linux")]
    for link in checked.targets.keys() {
        assert_beneath(dir.path(), link.as_str());
    }
}

/// Follows a path as Linux does, and fails if it leaves the directory anywhere on its way.
#[cfg(target_os = "linux")]
fn assert_beneath(dir: &std::path::Path, path: &str) {
    use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = rustix::fs::open(dir, flags, Mode::empty()).expect("a directory");
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let opened = openat2(root, path, flags, Mode::empty(), ResolveFlags::BENEATH);
    assert_ne!(
        opened.err(),
        Some(rustix::io::Errno::XDEV),
        "{path:?} leaves the plugin"
    );
}

fn raw(line: &[u8]) -> Option<RawFile> {
    let (kind, rest) = (line.first()?, line.get(2..)?);
    let kind = match kind {
        b'f' => EntryKind::File,
        b'x' => EntryKind::Executable,
        b'l' => EntryKind::Link,
        b's' => EntryKind::Submodule,
        _ => return None,
    };
    let arrow = b" -> ";
    let at = rest.windows(arrow.len()).position(|window| window == arrow);
    let at = at.filter(|_| kind == EntryKind::Link);
    let path = &rest[..at.unwrap_or(rest.len())];
    let target = at.map(|at| rest[at + arrow.len()..].to_vec());
    Some(RawFile {
        names: path
            .split(|byte| *byte == b'/')
            .map(<[u8]>::to_vec)
            .collect(),
        kind,
        id: ObjectId::parse(&"1".repeat(40))?,
        size: Some(rest.len() as u64),
        target: (kind == EntryKind::Link).then(|| target.unwrap_or_default()),
    })
}
