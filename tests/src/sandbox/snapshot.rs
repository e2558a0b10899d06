//! What a directory holds at a moment, to be compared with what it holds later.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::repository::git;

/// Every path of a directory with its mode and content.
///
/// Of `.git` the parts that mean something: configuration, refs, the commit and the staged files,
/// and whatever ATK has left in its scratch there, except for the lock, empty directories, and the
/// note whether the home is trusted: an answer once given holds, whatever becomes of the operation.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    root: PathBuf,
    /// Whether what git has is looked at.
    with_git: bool,
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, PartialEq, Eq)]
enum Entry {
    Directory(u32),
    File(u32, Vec<u8>),
    Link(PathBuf),
    /// What git says of a repository.
    Git(String),
}

impl Snapshot {
    /// Takes a snapshot of a directory, which need not exist.
    #[must_use]
    pub fn of(root: &Path) -> Snapshot {
        Snapshot::taken(root, true)
    }

    /// The same without `.git`: what the user sees.
    #[must_use]
    pub fn of_tree(root: &Path) -> Snapshot {
        Snapshot::taken(root, false)
    }

    fn taken(root: &Path, with_git: bool) -> Snapshot {
        let mut snapshot = Snapshot {
            root: root.to_owned(),
            with_git,
            entries: BTreeMap::new(),
        };
        if root.symlink_metadata().is_ok() {
            snapshot.visit(root, ".");
        }
        snapshot
    }

    /// Compares with what the directory holds now.
    ///
    /// # Panics
    /// Where anything has changed; the message is the difference.
    #[track_caller]
    pub fn assert_unchanged(&self) {
        let difference = self.difference(&Snapshot::taken(&self.root, self.with_git));
        assert!(
            difference.is_empty(),
            "{} changed:\n{difference}",
            self.root.display()
        );
    }

    /// What is gone (`-`), new (`+`) or different (`-` and `+`), one a line; empty if nothing is.
    #[must_use]
    pub fn difference(&self, now: &Snapshot) -> String {
        let paths = self.entries.keys().chain(now.entries.keys());
        let paths: std::collections::BTreeSet<_> = paths.collect();
        let mut text = String::new();
        for path in paths {
            let (before, after) = (self.entries.get(path), now.entries.get(path));
            if before == after {
                continue;
            }
            text.extend(before.map(|entry| format!("- {path} {entry:?}\n")));
            text.extend(after.map(|entry| format!("+ {path} {entry:?}\n")));
        }
        text
    }

    /// The paths, in order; those of directories end with `/`.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let with_slash = |(path, entry): (&String, &Entry)| match entry {
            Entry::Directory(_) => format!("{path}/"),
            Entry::File(..) | Entry::Link(_) | Entry::Git(_) => path.clone(),
        };
        self.entries.iter().map(with_slash).collect()
    }

    fn visit(&mut self, path: &Path, name: &str) {
        let metadata = path.symlink_metadata().expect("read the metadata");
        let mode = metadata.permissions().mode() & 0o7777;
        if metadata.is_symlink() {
            let target = fs::read_link(path).expect("read a link");
            self.entries.insert(name.to_owned(), Entry::Link(target));
        } else if metadata.is_dir() {
            self.entries.insert(name.to_owned(), Entry::Directory(mode));
            for child in children(path) {
                let child_name = format!("{name}/{child}");
                let child_name = child_name.trim_start_matches("./");
                if child == ".git" && !self.with_git {
                    continue;
                }
                if child == ".git" && path.join(&child).is_dir() {
                    self.visit_git(&path.join(&child), child_name);
                } else {
                    self.visit(&path.join(&child), child_name);
                }
            }
        } else {
            let content = fs::read(path).unwrap_or_default();
            self.entries
                .insert(name.to_owned(), Entry::File(mode, content));
        }
    }

    fn visit_git(&mut self, git_dir: &Path, name: &str) {
        for part in ["HEAD", "config", "info", "hooks"] {
            if git_dir.join(part).exists() {
                self.visit(&git_dir.join(part), &format!("{name}/{part}"));
            }
        }
        let scratch = git_dir.join("atk");
        for child in children(&scratch) {
            let path = scratch.join(&child);
            // The lock and the places for what an operation needs stay; what was put there may not.
            let is_place = path.is_dir() && children(&path).is_empty();
            let stays = ["lock", "trusted", "unconfirmed"].contains(&child.as_str());
            if child == "trash" {
                // Its directories are called by the time.
                for time in children(&path) {
                    self.visit(&path.join(time), &format!("{name}/atk/trash/<time>"));
                }
            } else if !stays && !is_place {
                self.visit(&path, &format!("{name}/atk/{child}"));
            }
        }
        // Read through git, because loose and packed, refreshed and not, mean the same.
        for (what, args) in [
            ("refs", ["show-ref", "--head"]),
            ("index", ["ls-files", "--stage"]),
        ] {
            let output = git().arg("--git-dir").arg(git_dir).args(args).output();
            let text = String::from_utf8_lossy(&output.expect("run git").stdout).into_owned();
            self.entries
                .insert(format!("{name}/({what})"), Entry::Git(text));
        }
    }
}

/// The names in a directory; `None` if it is not there.
fn children(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).into_iter().flatten();
    entries
        .map(|entry| {
            entry
                .expect("read a directory")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.entries).finish()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Directory(mode) => write!(f, "{mode:04o} directory"),
            Entry::Link(target) => write!(f, "-> {}", target.display()),
            Entry::Git(text) => write!(f, "{text:?}"),
            Entry::File(mode, content) => {
                let text = String::from_utf8_lossy(content);
                let start: String = text.chars().take(400).collect();
                write!(f, "{mode:04o} {} bytes {start:?}", content.len())
            }
        }
    }
}
