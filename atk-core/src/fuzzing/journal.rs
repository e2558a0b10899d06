//! The journal of an interrupted operation, whoever wrote it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::host::Silent;
use crate::{Home, InitOptions, LockWait, Options};

/// What lies around and in the home, and must be there whatever a journal says.
const KEPT: &[(&str, &str)] = &[
    ("outside.txt", "mine"),
    ("home/notes.txt", "mine"),
    ("home/.git/hooks/pre-commit", "#!/bin/sh\nfalse\n"),
    ("home/plugins/other/.env", "KEY=secret\n"),
    ("home/plugins/other/custom/run.sh", "mine"),
    ("home/plugins/tool/.env", "KEY=secret\n"),
    ("home/plugins/tool/custom/run.sh", "mine"),
];

/// What a journal of the plugin `tool` may change.
const CHANGED: &[(&str, &str)] = &[
    (
        "home/manifest.yaml",
        "schema_version: '2026-02-06'\nplugins: []\n",
    ),
    ("home/plugins/tool/plugin.yaml", "name: Tool\n"),
    ("home/plugins/tool/lib/a", "a"),
    ("home/.git/atk/temp/new", "new"),
    ("home/.git/atk/staging/x/tool/plugin.yaml", "name: Tool\n"),
    ("home/.git/atk/transaction/1", "old"),
    ("home/.git/atk/transaction/2/f", "old"),
];

/// Recovery from any journal ends, keeps what is the user's, and changes nothing outside what
/// operations change. In the input `@<path>` stands for the identity of an entry of the home.
pub fn journal(input: &[u8]) {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().canonicalize().expect("its path");
    let path = root.join("home");
    let home = home(&path);
    for (name, content) in KEPT.iter().chain(CHANGED) {
        write(&root.join(name), content);
    }
    let config = fs::read(path.join(".git/config")).expect("git's configuration");
    let text = with_identities(&path, &String::from_utf8_lossy(input));
    write(&path.join(".git/atk/transaction/journal"), &text);
    for _ in 0..2 {
        // Whether it works is not the point.
        let _ = home.list();
        let _ = home.unhold("tool", &Silent);
    }
    for (name, content) in KEPT {
        let found = fs::read_to_string(root.join(name));
        // A journal may say that the operation itself put a whole plugin there.
        let is_named = name.contains("plugins/tool") && text.contains("\"plugin\":{");
        assert!(
            is_named || found.is_ok_and(|found| found == *content),
            "{name} of {text}"
        );
    }
    let now = fs::read(path.join(".git/config")).expect("git's configuration");
    assert_eq!(now, config, "git's configuration");
}

fn home(path: &Path) -> Home {
    let mut options = Options::new(path.with_file_name("cache"));
    options.env = BTreeMap::new();
    options.lock = LockWait::Fail;
    let home = Home::open(path, options).expect("a handle");
    home.init(&InitOptions::default(), &Silent).expect("a home");
    home
}

fn write(path: &PathBuf, content: &str) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    fs::write(path, content).expect("a file");
}

fn with_identities(home: &Path, text: &str) -> String {
    let mut parts = text.split('@');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find([',', '}', ']', '\n', '"']).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        match home.join(name.trim_start_matches('/')).symlink_metadata() {
            Ok(meta) if meta.is_dir() => {
                filled += &format!("{{\"kind\":\"dir\",\"inode\":{}}}", meta.ino());
            }
            Ok(meta) => {
                let kind = if meta.is_symlink() { "link" } else { "file" };
                filled += &format!(
                    "{{\"kind\":\"{kind}\",\"inode\":{},\"size\":{},\"modified\":[{},{}]}}",
                    meta.ino(),
                    meta.size(),
                    meta.mtime(),
                    meta.mtime_nsec()
                );
            }
            Err(_) => filled += "null",
        }
        filled += rest;
    }
    filled
}
