//! A model of a disk: which names and which bytes would be there after a power cut.
//!
//! It follows the system calls of a process tree. A name is on the disk for sure once its
//! directory was synced, the bytes of a file once the file was; `syncfs` syncs all. Of the rest
//! any part may be lost: changes of names are kept or lost each by itself, across directories and
//! within one, only those of the same name or the same file stay in order, and those of git. A file that was not
//! synced has its old bytes, none, half of the new ones with or without zeros behind them, or all.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use crate::luck::Luck;
use crate::state::{self, Item};

/// The number of a file, a link or a directory.
type Id = usize;
type Entries = BTreeMap<OsString, Id>;
type Bytes = Rc<[u8]>;

const TOP: Id = 0;

enum Kind {
    Directory {
        now: Entries,
        synced: Entries,
    },
    File {
        /// The bytes that are on the disk for sure.
        synced: Option<Bytes>,
        /// True if it may have other bytes now.
        written: bool,
        /// True if it has them from another program than ATK and git.
        foreign: bool,
        /// What it held when its last name went.
        last: Option<Bytes>,
    },
    Link(PathBuf),
}

struct Node {
    kind: Kind,
    mode: u32,
    /// Its names now.
    places: Vec<(Id, OsString)>,
}

/// One system call's change of names.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The directory, the name, and what bears it then.
    entries: Vec<(Id, OsString, Option<Id>)>,
    /// All that it moves or removes.
    nodes: BTreeSet<Id>,
    by: Author,
}

/// Who changes a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    Atk,
    /// Git syncs bytes and no directory: it relies on a disk that keeps its own changes in order.
    Git,
    Other,
}

/// What is not on the disk for sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Missing {
    Name,
    Bytes,
    /// It is only shorter than what is on the disk.
    End,
}

pub(crate) struct Disk {
    root: PathBuf,
    nodes: Vec<Node>,
    /// Changes that are not synced, the oldest first.
    pending: Vec<Change>,
}

impl Disk {
    /// The disk with a sandbox on it, all of it synced.
    pub(crate) fn of(root: &Path) -> Disk {
        let root = root.canonicalize().expect("the sandbox");
        let mut disk = Disk {
            root: root.clone(),
            nodes: vec![directory(0o755)],
            pending: Vec::new(),
        };
        for part in state::parts(&root) {
            disk.load(&root.join(part), TOP);
        }
        disk
    }

    fn load(&mut self, path: &Path, parent: Id) {
        let Some(id) = self.see(path) else { return };
        let name = path.file_name().expect("a name").to_owned();
        self.name(parent, &name, Some(id));
        if let Kind::Directory { synced, .. } = &mut self.nodes[parent].kind {
            synced.insert(name, id);
        }
        match &mut self.nodes[id].kind {
            Kind::File { synced, .. } => *synced = fs::read(path).ok().map(Rc::from),
            Kind::Link(_) => {}
            Kind::Directory { .. } => {
                for entry in fs::read_dir(path).into_iter().flatten().flatten() {
                    self.load(&entry.path(), id);
                }
            }
        }
    }

    /// Takes up what lies at a path, if the model has it not.
    fn see(&mut self, path: &Path) -> Option<Id> {
        let metadata = path.symlink_metadata().ok()?;
        let mode = metadata.permissions().mode();
        let kind = if metadata.is_dir() {
            directory(mode).kind
        } else if metadata.is_symlink() {
            Kind::Link(fs::read_link(path).ok()?)
        } else if metadata.is_file() {
            Kind::File {
                synced: None,
                written: false,
                foreign: false,
                last: None,
            }
        } else {
            return None;
        };
        self.nodes.push(Node {
            kind,
            mode,
            places: Vec::new(),
        });
        Some(self.nodes.len() - 1)
    }

    /// Gives a name, as processes see it, to something else.
    fn name(&mut self, parent: Id, name: &OsStr, id: Option<Id>) {
        let Kind::Directory { now, .. } = &mut self.nodes[parent].kind else {
            return;
        };
        let old = match id {
            Some(id) => now.insert(name.to_owned(), id),
            None => now.remove(name),
        };
        if let Some(old) = old {
            self.nodes[old]
                .places
                .retain(|place| (place.0, place.1.as_os_str()) != (parent, name));
        }
        if let Some(id) = id {
            self.nodes[id].places.push((parent, name.to_owned()));
        }
    }

    /// The directory and the name of a path, which need not exist; None if that is not on this disk.
    pub(crate) fn locate(&self, path: &Path) -> Option<(Id, OsString)> {
        let name = path.file_name()?;
        let parent = path.parent()?.canonicalize().ok()?;
        let id = self.find(&parent)?;
        if id == TOP && !state::is_part(name) {
            return None;
        }
        Some((id, name.to_owned()))
    }

    /// What lies at a resolved path.
    pub(crate) fn find(&self, path: &Path) -> Option<Id> {
        let mut id = TOP;
        for part in path.strip_prefix(&self.root).ok()?.components() {
            let Component::Normal(name) = part else {
                return None;
            };
            id = self.entry(id, name)?;
        }
        Some(id)
    }

    pub(crate) fn entry(&self, parent: Id, name: &OsStr) -> Option<Id> {
        match &self.nodes[parent].kind {
            Kind::Directory { now, .. } => now.get(name).copied(),
            Kind::File { .. } | Kind::Link(_) => None,
        }
    }

    /// Where it lies now.
    pub(crate) fn path(&self, id: Id) -> Option<PathBuf> {
        if id == TOP {
            return Some(self.root.clone());
        }
        let (parent, name) = self.nodes[id].places.first()?;
        Some(self.path(*parent)?.join(name))
    }

    /// A file was opened to be written, or was written.
    pub(crate) fn written(&mut self, id: Id, by: Author) {
        if let Kind::File {
            written, foreign, ..
        } = &mut self.nodes[id].kind
        {
            *written = true;
            *foreign = by == Author::Other;
        }
    }

    /// A name came into being by a call.
    pub(crate) fn made(&mut self, parent: Id, name: &OsStr, by: Author) {
        if self.entry(parent, name).is_some() {
            return;
        }
        let Some(path) = self.path(parent).map(|path| path.join(name)) else {
            return;
        };
        if let Some(id) = self.see(&path) {
            self.written(id, by);
            self.change(vec![(parent, name.to_owned(), Some(id))], by);
        }
    }

    /// Names have changed.
    pub(crate) fn change(&mut self, entries: Vec<(Id, OsString, Option<Id>)>, by: Author) {
        let mut nodes: BTreeSet<Id> = entries.iter().filter_map(|(_, _, id)| *id).collect();
        for (parent, name, _) in &entries {
            nodes.extend(self.entry(*parent, name));
        }
        for (parent, name, id) in &entries {
            self.name(*parent, name, *id);
        }
        self.pending.push(Change { entries, nodes, by });
    }

    /// Keeps what a file holds whose name is about to go.
    pub(crate) fn keep(&mut self, id: Id) {
        let content = self.content(id);
        let mode = self.path(id).and_then(|path| mode(&path));
        let node = &mut self.nodes[id];
        node.mode = mode.unwrap_or(node.mode);
        if let Kind::File { last, .. } = &mut node.kind {
            *last = content;
        }
    }

    /// What a file holds now.
    fn content(&self, id: Id) -> Option<Bytes> {
        let Kind::File {
            synced,
            written,
            last,
            ..
        } = &self.nodes[id].kind
        else {
            return None;
        };
        if !written {
            return synced.clone();
        }
        match self.path(id) {
            Some(path) => fs::read(path).ok().map(Rc::from),
            None => last.clone(),
        }
    }

    /// The bytes of a file that are on the disk for sure, and those that it has now.
    fn bytes(&self, id: Id) -> (Option<Bytes>, Option<Bytes>) {
        match &self.nodes[id].kind {
            Kind::File { synced, .. } => (synced.clone(), self.content(id)),
            Kind::Directory { .. } | Kind::Link(_) => (None, None),
        }
    }

    /// A file or a directory was synced.
    pub(crate) fn sync(&mut self, id: Id) {
        match &self.nodes[id].kind {
            Kind::Link(_) => {}
            Kind::File { .. } => {
                let content = self.content(id);
                if let Kind::File {
                    synced, written, ..
                } = &mut self.nodes[id].kind
                {
                    *synced = content;
                    // It may be mapped, or be written by a descriptor that is open.
                    *written = true;
                }
            }
            Kind::Directory { .. } => {
                let touches = |change: &Change| change.entries.iter().any(|entry| entry.0 == id);
                let chosen = self.with_earlier(self.pending.iter().map(touches).collect(), false);
                let mut chosen = chosen.into_iter();
                let (done, pending) = std::mem::take(&mut self.pending)
                    .into_iter()
                    .partition(|_| chosen.next() == Some(true));
                self.pending = pending;
                for change in done {
                    self.apply(&change);
                }
            }
        }
    }

    /// The whole disk was synced.
    pub(crate) fn sync_all(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            self.apply(&change);
        }
        for id in 0..self.nodes.len() {
            if matches!(self.nodes[id].kind, Kind::File { written: true, .. }) {
                self.sync(id);
            }
        }
    }

    fn apply(&mut self, change: &Change) {
        for (parent, name, id) in &change.entries {
            if let Kind::Directory { synced, .. } = &mut self.nodes[*parent].kind {
                match id {
                    Some(id) => synced.insert(name.clone(), *id),
                    None => synced.remove(name),
                };
            }
        }
    }

    /// Adds to a choice of changes those that came earlier for the same name or the same file. A
    /// disk may keep those of git in order, but a sync of one directory promises nothing of others.
    fn with_earlier(&self, mut chosen: Vec<bool>, git_in_order: bool) -> Vec<bool> {
        for at in (0..chosen.len()).rev().filter(|at| *at > 0) {
            if !chosen[at] {
                continue;
            }
            let change = &self.pending[at];
            for (earlier, other) in self.pending[..at].iter().enumerate() {
                let same_name = other.entries.iter().any(|(parent, name, _)| {
                    let same = |entry: &(Id, OsString, _)| entry.0 == *parent && entry.1 == *name;
                    change.entries.iter().any(same)
                });
                let of_git = git_in_order && (other.by, change.by) == (Author::Git, Author::Git);
                chosen[earlier] |= same_name || of_git || !other.nodes.is_disjoint(&change.nodes);
            }
        }
        chosen
    }

    /// What is not on the disk for sure, but for the names that these gave.
    pub(crate) fn unsynced(&self, but: &[Author]) -> Vec<(PathBuf, Missing)> {
        let mut found = Vec::new();
        for change in self
            .pending
            .iter()
            .filter(|change| !but.contains(&change.by))
        {
            for (parent, name, _) in &change.entries {
                if let Some(path) = self.path(*parent) {
                    found.push((path.join(name), Missing::Name));
                }
            }
        }
        for (id, node) in self.nodes.iter().enumerate() {
            if let Kind::File {
                written: true,
                foreign,
                ..
            } = node.kind
                && !(foreign && but.contains(&Author::Other))
                && let Some(path) = self.path(id)
            {
                let (synced, now) = self.bytes(id);
                let is_shorter = |old: &Bytes| now.as_ref().is_some_and(|now| old.starts_with(now));
                if synced != now {
                    let what = match synced.as_ref().is_some_and(is_shorter) {
                        true => Missing::End,
                        false => Missing::Bytes,
                    };
                    found.push((path, what));
                }
            }
        }
        found
    }

    /// What is on the disk after a power cut now, below the directories of the sandbox.
    pub(crate) fn after_a_cut(&self, luck: Luck<'_>) -> BTreeMap<PathBuf, Item> {
        let chosen = luck.choose(self.pending.len());
        let mut names: BTreeMap<Id, Entries> = BTreeMap::new();
        for (id, node) in self.nodes.iter().enumerate() {
            if let Kind::Directory { synced, .. } = &node.kind {
                names.insert(id, synced.clone());
            }
        }
        let chosen = self.with_earlier(chosen, true);
        for (change, _) in self.pending.iter().zip(chosen).filter(|(_, kept)| *kept) {
            for (parent, name, id) in &change.entries {
                let entries = names.entry(*parent).or_default();
                match id {
                    Some(id) => entries.insert(name.clone(), *id),
                    None => entries.remove(name),
                };
            }
        }
        let mut items = BTreeMap::new();
        self.collect(&names, TOP, Path::new(""), luck, &mut items);
        items
    }

    fn collect(
        &self,
        names: &BTreeMap<Id, Entries>,
        directory: Id,
        path: &Path,
        luck: Luck<'_>,
        items: &mut BTreeMap<PathBuf, Item>,
    ) {
        for (name, id) in names.get(&directory).into_iter().flatten() {
            let (path, node) = (path.join(name), &self.nodes[*id]);
            let at = self.path(*id).and_then(|path| mode(&path));
            let mode = at.unwrap_or(node.mode) & 0o7777;
            let item = match &node.kind {
                Kind::Directory { .. } => {
                    items.insert(path.clone(), Item::Directory(mode));
                    self.collect(names, *id, &path, luck, items);
                    continue;
                }
                Kind::Link(target) => Item::Link(target.clone()),
                Kind::File { .. } => Item::File(mode, self.bytes_after_a_cut(*id, luck)),
            };
            items.insert(path, item);
        }
    }

    fn bytes_after_a_cut(&self, id: Id, luck: Luck<'_>) -> Bytes {
        let (synced, now) = self.bytes(id);
        let now = now.unwrap_or_default();
        if synced.as_ref() == Some(&now) {
            return now;
        }
        luck.bytes(&synced.unwrap_or_default(), now)
    }
}

fn directory(mode: u32) -> Node {
    Node {
        kind: Kind::Directory {
            now: Entries::new(),
            synced: Entries::new(),
        },
        mode,
        places: Vec::new(),
    }
}

fn mode(path: &Path) -> Option<u32> {
    Some(path.symlink_metadata().ok()?.permissions().mode())
}
