//! The files of a directory, as an author writes them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// A directory to be filled; each method returns it, for the next.
#[derive(Debug)]
pub struct Tree {
    directory: PathBuf,
}

impl Tree {
    /// The directory, made when something is written into it.
    pub fn new(directory: impl Into<PathBuf>) -> Tree {
        Tree {
            directory: directory.into(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.directory
    }

    /// Writes a file with mode 0644.
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Tree {
        self.write(path, content.as_ref(), 0o644)
    }

    /// Writes a file with mode 0755.
    pub fn exec(self, path: &str, content: impl AsRef<[u8]>) -> Tree {
        self.write(path, content.as_ref(), 0o755)
    }

    /// Makes a symbolic link to `target`, whatever that is.
    pub fn link(self, path: &str, target: &str) -> Tree {
        let path = self.place(path);
        symlink(target, path).expect("make a link");
        self
    }

    /// Writes a `plugin.yaml` of this name; `more` are further lines of it.
    pub fn definition(self, name: &str, more: &str) -> Tree {
        let text = format!(
            "schema_version: '2026-01-23'\nname: {name}\ndescription: What {name} does\n{more}"
        );
        self.file("plugin.yaml", text)
    }

    /// Removes a file, or a directory with all that is in it.
    pub fn remove(self, path: &str) -> Tree {
        let path = self.directory.join(path);
        if path.is_dir() && !path.is_symlink() {
            fs::remove_dir_all(path).expect("remove a directory");
        } else {
            fs::remove_file(path).expect("remove a file");
        }
        self
    }

    /// Moves a file or a directory.
    pub fn rename(self, from: &str, to: &str) -> Tree {
        let to = self.place(to);
        fs::rename(self.directory.join(from), to).expect("rename");
        self
    }

    fn write(self, path: &str, content: &[u8], mode: u32) -> Tree {
        let path = self.place(path);
        fs::write(&path, content).expect("write a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set the mode");
        self
    }

    fn place(&self, path: &str) -> PathBuf {
        let path = self.directory.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("create the directory");
        path
    }
}
