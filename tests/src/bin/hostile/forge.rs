//! A repository whose objects are written byte by byte, as no git program would.

use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};

pub(crate) const DEFINITION: &str =
    "schema_version: \"2026-01-23\"\nname: Tool\ndescription: a tool\nmaturity: verified\n";

/// An entry of a tree: mode, name, object.
pub(crate) type Entry<'e> = (&'e str, &'e [u8], Oid);

pub(crate) struct Forge {
    repository: git2::Repository,
    path: PathBuf,
}

impl Forge {
    /// An empty repository below a directory.
    pub(crate) fn new(root: &Path) -> Forge {
        let path = root.join("forged");
        let repository = git2::Repository::init_bare(&path).unwrap();
        Forge { repository, path }
    }

    pub(crate) fn url(&self) -> String {
        format!("file://{}", self.path.display())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, kind: ObjectType, bytes: &[u8]) -> Oid {
        self.repository.odb().unwrap().write(kind, bytes).unwrap()
    }

    pub(crate) fn blob(&self, content: impl AsRef<[u8]>) -> Oid {
        self.write(ObjectType::Blob, content.as_ref())
    }

    /// A tree of these entries, in the order in which they stand.
    pub(crate) fn tree(&self, entries: &[Entry<'_>]) -> Oid {
        let mut bytes = Vec::new();
        for (mode, name, id) in entries {
            bytes.extend_from_slice(mode.as_bytes());
            bytes.push(b' ');
            bytes.extend_from_slice(name);
            bytes.push(0);
            bytes.extend_from_slice(id.as_bytes());
        }
        self.write(ObjectType::Tree, &bytes)
    }

    /// A plugin's tree: its definition, and these entries, in git's order.
    pub(crate) fn plugin(&self, entries: &[Entry<'_>]) -> Oid {
        let mut all = entries.to_vec();
        all.push(("100644", b"plugin.yaml", self.blob(DEFINITION)));
        all.sort_by_key(|(mode, name, _)| {
            let slash: &[u8] = if *mode == "40000" { b"/" } else { b"" };
            [name, slash].concat()
        });
        self.tree(&all)
    }

    /// Lets the branch point to this.
    pub(crate) fn point_to(&self, id: Oid) {
        let head = std::fs::read_to_string(self.path.join("HEAD")).unwrap();
        let branch = head.trim().trim_start_matches("ref: ").to_owned();
        std::fs::write(self.path.join(branch), format!("{id}\n")).unwrap();
    }

    /// Commits a tree as the root of the repository.
    pub(crate) fn commit(&self, root: Oid) -> Oid {
        let text = format!("tree {root}\nauthor A <a@x> 0 +0000\ncommitter A <a@x> 0 +0000\n\nm\n");
        let id = self.write(ObjectType::Commit, text.as_bytes());
        self.point_to(id);
        id
    }

    /// Commits a tree as that of the plugin.
    pub(crate) fn commit_plugin(&self, plugin: Oid) -> Oid {
        self.commit(self.tree(&[("40000", b".atk", plugin)]))
    }
}
