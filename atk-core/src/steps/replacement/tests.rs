//! Plans, carried out on a disk in memory: every way in which a few paths can stand to each other.

use super::*;
use crate::error::ErrorKind;

/// What lies where below a plugin's directory, by path; `None` is a directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Memory(BTreeMap<String, Option<Content>>);

type Content = (FileKind, ObjectId);

const PLUGIN: &str = "plugins/tool";

/// The path below the plugin's directory; empty for the directory itself.
fn inner(path: &HomePath) -> String {
    let inner = path.as_path().strip_prefix(PLUGIN);
    inner
        .unwrap_or(Path::new(""))
        .to_string_lossy()
        .into_owned()
}

fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

impl Disk for Memory {
    fn root(&self) -> &Path {
        Path::new("/home")
    }

    fn look(&self, path: &HomePath) -> Result<PathState> {
        let path = inner(path);
        Ok(match self.0.get(&path) {
            Some(Some((kind, id))) => PathState::Content(*kind, *id),
            Some(None) => PathState::Directory,
            None if path.is_empty() => PathState::Directory,
            None => PathState::Nothing,
        })
    }

    fn names(&self, dir: &HomePath) -> Result<Vec<OsString>> {
        let inside = format!("{}/", inner(dir));
        let below = self.0.keys().filter_map(|path| path.strip_prefix(&inside));
        let names = below.filter(|path| !path.contains('/'));
        Ok(names.map(OsString::from).collect())
    }
}

impl Memory {
    fn of(files: &Managed) -> Memory {
        let mut memory = Memory::default();
        for (path, content) in files {
            for parent in parents(path) {
                memory.0.insert(parent.to_owned(), None);
            }
            memory.0.insert(path.clone(), Some(*content));
        }
        memory
    }

    fn remove(&mut self, path: &str) {
        let inside = format!("{path}/");
        assert!(self.0.remove(path).is_some(), "`{path}` is there");
        self.0.retain(|other, _| !other.starts_with(&inside));
    }

    fn put(&mut self, path: &str, content: Option<Content>) {
        for parent in parents(path) {
            assert_eq!(self.0.get(parent), Some(&None), "`{parent}` for `{path}`");
        }
        let there = self.0.insert(path.to_owned(), content);
        assert_eq!(there, None, "nothing is at `{path}`");
    }

    /// What a transaction makes of the steps: first it takes away, then it puts in place.
    fn carry_out(&mut self, steps: &[PathStep], new: &Managed) {
        for step in steps {
            match step {
                PathStep::Remove(path) | PathStep::Replace(_, path) => self.remove(&inner(path)),
                PathStep::RemoveEmpty(path) => {
                    let inside = format!("{}/", inner(path));
                    if !self.0.keys().any(|path| path.starts_with(&inside)) {
                        self.0.remove(&inner(path));
                    }
                }
                PathStep::MakeDir(_) | PathStep::Place(..) => {}
            }
        }
        for step in steps {
            match step {
                PathStep::MakeDir(path) => self.put(&inner(path), None),
                PathStep::Place(from, path) | PathStep::Replace(from, path) => {
                    let path = inner(path);
                    assert_eq!(from, &Path::new("/staged").join(&path));
                    self.put(&path, Some(new[&path]));
                }
                PathStep::Remove(_) | PathStep::RemoveEmpty(_) => {}
            }
        }
    }
}

fn content(number: u8) -> Content {
    (FileKind::File, ObjectId::of_blob(&[number]))
}

/// Every set of files among these paths with these contents in which none lies within another.
fn trees(paths: &[&str], contents: &[u8]) -> Vec<Managed> {
    let mut trees = vec![Managed::new()];
    for path in paths {
        let more = trees.iter().flat_map(|tree| {
            contents.iter().map(|number| {
                let mut tree = tree.clone();
                tree.insert((*path).to_owned(), content(*number));
                tree
            })
        });
        let more: Vec<Managed> = more.collect();
        trees.extend(more);
    }
    let apart = |tree: &Managed| {
        let mut paths = tree.keys();
        paths.all(|path| parents(path).all(|parent| !tree.contains_key(parent)))
    };
    trees.retain(apart);
    trees
}

fn plan(disk: &Memory, old: Option<&Managed>, new: &Managed) -> Replacement {
    let plugin = PluginDir::new("tool").unwrap();
    let mut planner = ReplacementPlanner::new(disk, &plugin, old, new.clone());
    planner.remove_old().unwrap();
    planner.put_new(Path::new("/staged")).unwrap();
    planner.done
}

/// Says what must be true of any replacement.
fn check(before: &Memory, old: Option<&Managed>, new: &Managed) {
    let done = plan(before, old, new);
    let mut after = before.clone();
    after.carry_out(&done.steps, new);
    let case = || format!("{before:?}\nold {old:?}\nnew {new:?}\n{done:?}\nafter {after:?}");
    let managed = |path: &str| old.and_then(|old| old.get(path));

    for (path, is) in new {
        assert_eq!(
            after.0.get(path),
            Some(&Some(*is)),
            "{path} is new: {}",
            case()
        );
    }
    let listed: Vec<&String> = done.files.edited.iter().collect();
    let kept: Vec<String> = done.kept.iter().map(inner).collect();
    assert_eq!(listed, kept.iter().collect::<Vec<_>>(), "{}", case());
    for (path, was) in &before.0 {
        let Some(was) = was else {
            continue;
        };
        let stays = after.0.get(path) == Some(&Some(*was));
        let is_ours = managed(path) == Some(was);
        assert!(
            stays || is_ours || kept.contains(path),
            "{path} is lost: {}",
            case()
        );
        assert!(
            !stays || !kept.contains(path),
            "{path} is kept in vain: {}",
            case()
        );
        // A file that ATK did not put there, and that nothing new replaces, stays.
        let within = |new: &str| {
            new == path
                || parents(path)
                    .chain(parents(new))
                    .any(|parent| parent == new || parent == path)
        };
        if managed(path).is_none() && !new.keys().any(|new| within(new)) {
            assert!(stays, "{path} is foreign: {}", case());
        }
        if stays {
            let touched = |step: &PathStep| match step {
                PathStep::Remove(at) | PathStep::Place(_, at) | PathStep::Replace(_, at) => {
                    inner(at) == *path
                }
                PathStep::RemoveEmpty(_) | PathStep::MakeDir(_) => false,
            };
            assert!(
                !done.steps.iter().any(touched),
                "{path} is touched: {}",
                case()
            );
        }
    }
    for path in after.0.iter().filter_map(|(path, at)| at.map(|_| path)) {
        assert!(
            new.contains_key(path) || managed(path).is_none(),
            "{path} is left: {}",
            case()
        );
    }
    for (path, at) in &after.0 {
        let inside = format!("{path}/");
        let empty = at.is_none() && !after.0.keys().any(|path| path.starts_with(&inside));
        let was_ours = old.is_some_and(|old| old.keys().any(|path| path.starts_with(&inside)));
        let had_ours = before
            .0
            .iter()
            .any(|(path, is)| is.is_some() && path.starts_with(&inside));
        assert!(
            !(empty && was_ours && had_ours),
            "{path} is empty: {}",
            case()
        );
    }
    // A second time there is nothing to do.
    let again = plan(&after, Some(new), new);
    assert_eq!(again.steps, [], "{}", case());
    assert_eq!(again.files, FileChanges::default());
}

const PATHS: [&str; 5] = ["a", "a/x", "a/x/z", "a/y", "b"];

#[test]
fn whatever_lies_there_the_new_files_come_and_nothing_of_the_users_is_lost() {
    let (olds, news) = (trees(&PATHS, &[1]), trees(&PATHS, &[1, 2]));
    let disks = trees(&PATHS, &[1, 3]);
    for disk in disks.iter().map(Memory::of) {
        for new in &news {
            check(&disk, None, new);
            for old in &olds {
                check(&disk, Some(old), new);
            }
        }
    }
}

#[test]
fn empty_directories_of_others_make_way_only_where_they_must() {
    let mut disk = Memory::default();
    for path in ["empty", "spot", "spot/deep", "dir"] {
        disk.0.insert(path.to_owned(), None);
    }
    let new = [("spot", 1), ("dir/file", 1)];
    let new = new.map(|(path, number)| (path.to_owned(), content(number)));
    let new = Managed::from(new);
    let done = plan(&disk, None, &new);
    let mut after = disk.clone();
    after.carry_out(&done.steps, &new);
    let paths: Vec<&str> = after.0.keys().map(String::as_str).collect();
    assert_eq!(paths, ["dir", "dir/file", "empty", "spot"]);
    assert!(done.kept.is_empty());
}

#[test]
fn kind_and_content_both_count() {
    let file = |kind| Managed::from([("a".to_owned(), (kind, ObjectId::of_blob(b"x")))]);
    let (old, new) = (file(FileKind::File), file(FileKind::Executable));
    let done = plan(&Memory::of(&old), Some(&old), &new);
    assert_eq!(done.files.changed, ["a"]);
    assert!(done.kept.is_empty());
    let done = plan(&Memory::of(&file(FileKind::Link)), Some(&old), &new);
    assert_eq!(done.files.edited, ["a"]);
}

#[test]
fn what_is_the_users_never_goes_whatever_a_receipt_says() {
    let paths = ["custom/notes", ".env", "plain"];
    let old = Managed::from(paths.map(|path| (path.to_owned(), content(1))));
    let done = plan(&Memory::of(&old), Some(&old), &Managed::new());
    assert_eq!(done.files.removed, ["plain"]);
    assert_eq!(
        done.steps,
        [PathStep::Remove(
            HomePath::new("plugins/tool/plain").unwrap()
        )]
    );
}

/// A disk with a pipe on it.
struct Pipe;

impl Disk for Pipe {
    fn root(&self) -> &Path {
        Path::new("/home")
    }

    fn look(&self, path: &HomePath) -> Result<PathState> {
        Ok(match inner(path).as_str() {
            "" => PathState::Directory,
            "a" => PathState::Other,
            _ => PathState::Nothing,
        })
    }

    fn names(&self, _: &HomePath) -> Result<Vec<OsString>> {
        Ok(Vec::new())
    }
}

#[test]
fn a_pipe_in_the_way_is_left_alone_and_named() {
    let plugin = PluginDir::new("tool").unwrap();
    for path in ["a", "a/b"] {
        let new = Managed::from([(path.to_owned(), content(1))]);
        let mut planner = ReplacementPlanner::new(&Pipe, &plugin, None, new);
        let error = planner.put_new(Path::new("/staged")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DirectoryOccupied);
        assert_eq!(
            error.details().path.as_deref(),
            Some(Path::new("/home/plugins/tool/a"))
        );
    }
}
