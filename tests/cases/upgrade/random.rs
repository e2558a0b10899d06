//! Version after version, with edits of the user's in between, all by chance (the same each time):
//! whatever lies there, the new files come and no byte of the user's is lost.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::Case;

const PATHS: [&str; 10] = [
    "a", "a/b", "a/b/c", "a/d", "e", "e/f", "g", "h/i/j", "h/i", "k/l",
];
const ROUNDS: usize = 25;

/// A sequence of numbers that look like chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A file, a program, or a link.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    File(String),
    Program(String),
    Link(String),
}

impl Content {
    fn by_chance(chance: &mut Chance, who: &str) -> Content {
        let text = format!("{who} {}\n", chance.below(4));
        match chance.below(6) {
            0 => Content::Program(text),
            1 => Content::Link(format!("target-{}", text.trim().replace(' ', "-"))),
            _ => Content::File(text),
        }
    }

    fn write(&self, path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let (text, mode) = match self {
            Content::Link(target) => return symlink(target, path).unwrap(),
            Content::File(text) => (text, 0o644),
            Content::Program(text) => (text, 0o755),
        };
        fs::write(path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

type Files = BTreeMap<String, Content>;

/// The files and links below a directory; nothing of what ATK, the case and the user own there.
fn read(directory: &Path) -> Files {
    fn walk(directory: &Path, above: &str, files: &mut Files) {
        for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            let (path, inner) = (entry.path(), format!("{above}{name}"));
            let metadata = path.symlink_metadata().unwrap();
            let text = || fs::read_to_string(&path).unwrap();
            let content = if metadata.is_dir() {
                walk(&path, &format!("{inner}/"), files);
                continue;
            } else if metadata.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                Content::Link(target.into_os_string().into_string().unwrap())
            } else if metadata.permissions().mode() & 0o111 == 0 {
                Content::File(text())
            } else {
                Content::Program(text())
            };
            files.insert(inner, content);
        }
    }
    let mut files = Files::new();
    walk(directory, "", &mut files);
    files.retain(|path, _| path != ".atk-ref" && path != "plugin.yaml");
    files
}

/// Takes away whatever is at a path, and what is in the way of it.
fn clear(root: &Path, path: &str) {
    let above = path.match_indices('/').map(|(end, _)| &path[..end]);
    for place in above.map(|place| root.join(place)) {
        if place
            .symlink_metadata()
            .is_ok_and(|metadata| !metadata.is_dir())
        {
            fs::remove_file(place).unwrap();
        }
    }
    let place = root.join(path);
    match place.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(place).unwrap(),
        Ok(_) => fs::remove_file(place).unwrap(),
        Err(_) => {}
    }
}

/// Changes some files below a directory.
fn change(root: &Path, chance: &mut Chance, who: &str) {
    for path in PATHS {
        match chance.below(4) {
            0 => clear(root, path),
            1 => {
                clear(root, path);
                Content::by_chance(chance, who).write(&root.join(path));
            }
            _ => {}
        }
    }
}

#[test]
fn version_after_version_the_files_come_and_nothing_of_the_users_is_lost() {
    let case = Case::new();
    let files = case.tool.tree(".atk");
    for path in [
        "install.sh",
        "kept",
        "changes",
        "goes",
        "turns",
        "becomes",
        "mode",
        "link",
    ] {
        clear(files.path(), path);
    }
    files.definition("Tool", "");
    case.tool.commit("Nothing in it");
    case.upgrade();
    let mut chance = Chance(20_261_124);
    let mut managed = Files::new();
    let mut upgrades = 0;
    for round in 0..ROUNDS {
        change(case.tool.tree(".atk").path(), &mut chance, "author");
        case.tool.tree("").file("round", round.to_string());
        case.tool.commit("A round");
        if chance.below(3) > 0 {
            change(&case.plugin(""), &mut chance, "user");
        }
        if chance.below(4) == 0 {
            let _ = fs::remove_dir_all(case.sandbox.home().join(".git/atk/receipts"));
        }
        let before = read(&case.plugin(""));
        let new = read(case.tool.tree(".atk").path());
        let line = case.upgrade();
        let after = read(&case.plugin(""));
        if line["result"] == "skipped" {
            assert_eq!(before, after, "{round}: {line}");
            continue;
        }
        upgrades += 1;
        for (path, content) in &new {
            assert_eq!(after.get(path), Some(content), "{round} {path}: {line}");
        }
        let backup = line["outcome"]["backup"].as_str();
        let kept = backup.map_or(Files::new(), |backup| read(Path::new(backup)));
        for (path, content) in &before {
            let is_there = after.get(path) == Some(content) || kept.get(path) == Some(content);
            assert!(
                is_there || managed.get(path) == Some(content),
                "{round} {path}: {line}"
            );
        }
        for (path, content) in &after {
            let is_known = new.get(path) == Some(content) || before.get(path) == Some(content);
            assert!(is_known, "{round} {path} is from nowhere: {line}");
            let is_old = managed.contains_key(path) && !new.contains_key(path);
            assert!(!is_old, "{round} {path} is left over: {line}");
        }
        managed = new;
    }
    assert!(
        upgrades > ROUNDS / 2,
        "only {upgrades} rounds changed something"
    );
}
