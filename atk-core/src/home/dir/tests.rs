//! Tests of directories that are opened without following links.

use std::os::unix::fs::symlink;

use super::*;

fn dir() -> (tempfile::TempDir, Dir) {
    let temp = tempfile::tempdir().unwrap();
    let dir = Dir::open(&temp.path().canonicalize().unwrap()).unwrap();
    (temp, dir)
}

fn name(name: &str) -> &OsStr {
    OsStr::new(name)
}

#[test]
fn a_link_in_the_place_of_a_file_or_directory_is_named_and_not_followed() {
    let (temp, dir) = dir();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("f"), "secret").unwrap();
    symlink(outside.path(), temp.path().join("d")).unwrap();
    symlink(outside.path().join("f"), temp.path().join("f")).unwrap();
    let refused = [
        dir.child(name("d")).unwrap_err(),
        dir.child_or_new(name("d")).unwrap_err(),
        dir.read(name("f")).unwrap_err(),
        dir.parent_or_new(&HomePath::new("d/f").unwrap())
            .unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.kind(), ErrorKind::HomeInvalid, "{error}");
        assert!(error.to_string().contains("symbolic link"), "{error}");
    }
    assert!(dir.write_new(name("f"), b"x", None).is_err());
    assert_eq!(std::fs::read(outside.path().join("f")).unwrap(), b"secret");
}

#[test]
fn a_pipe_in_the_place_of_a_file_does_not_block() {
    let (temp, dir) = dir();
    let path = temp.path().join("p");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    assert_eq!(
        dir.read(name("p")).unwrap_err().kind(),
        ErrorKind::HomeInvalid
    );
}

#[test]
fn a_rename_to_a_new_name_never_replaces() {
    let (temp, dir) = dir();
    for file in ["a", "b"] {
        dir.write_new(name(file), file.as_bytes(), None).unwrap();
    }
    assert!(dir.rename_new(name("a"), &dir, name("b")).is_err());
    assert!(rename_after_look(&dir.file, name("a"), &dir.file, name("b")).is_err());
    assert_eq!(std::fs::read(temp.path().join("b")).unwrap(), b"b");
}

#[test]
fn a_tree_goes_with_links_and_closed_directories_but_not_what_links_name() {
    let (temp, dir) = dir();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("kept"), "").unwrap();
    let deep = temp.path().join("t/closed");
    std::fs::create_dir_all(&deep).unwrap();
    symlink(outside.path(), deep.join("link")).unwrap();
    std::fs::set_permissions(&deep, std::fs::Permissions::from_mode(0o500)).unwrap();
    dir.remove_tree(name("t")).unwrap();
    assert!(!temp.path().join("t").exists());
    assert!(outside.path().join("kept").exists());
}

/// Makes directories in each other, without a long path.
fn nest(at: &Dir, depth: usize) {
    let mut dir = at.duplicate().unwrap();
    for level in 0..depth {
        dir.write_new(name("f"), b"", None).unwrap();
        if level % 500 == 7 {
            dir.make(name("closed"), 0o555).unwrap();
        }
        dir = dir.child_or_new(name("d")).unwrap();
    }
}

#[test]
fn a_deep_tree_goes_with_few_open_files() {
    let (temp, dir) = dir();
    nest(&dir.child_or_new(name("deep")).unwrap(), 3000);
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    assert!(limit.current.is_none_or(|limit| limit > 64 + 32));
    dir.remove_tree(name("deep")).unwrap();
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
}

#[test]
fn what_resists_stays_and_all_else_goes() {
    let (temp, dir) = dir();
    for file in ["t/a/1", "t/b/2", "t/c/3", "t/4"] {
        let file = temp.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "").unwrap();
    }
    // A directory that is mounted on cannot be removed, by root neither. Without the right to
    // mount there is nothing to be seen here.
    let place = temp.path().join("t/b");
    let mount = |command: &str, args: &[&str]| {
        let status = std::process::Command::new(command)
            .args(args)
            .arg(&place)
            .status();
        status.is_ok_and(|status| status.success())
    };
    if !mount("mount", &["-t", "tmpfs", "-o", "size=64k", "none"]) {
        return;
    }
    let removed = dir.remove_tree(name("t"));
    assert!(mount("umount", &[]));
    assert!(removed.is_err());
    let left: Vec<_> = walkdir::WalkDir::new(temp.path().join("t"))
        .into_iter()
        .map(|entry| entry.unwrap().file_name().to_owned())
        .collect();
    assert_eq!(left, ["t", "b", "2"]);
}

#[test]
fn a_copy_has_the_bytes_and_the_mode() {
    let (temp, dir) = dir();
    let bytes = vec![7; 3 << 20];
    dir.write_new(name("a"), &bytes, Some(0o750)).unwrap();
    dir.copy(name("a"), &dir, name("b")).unwrap();
    assert_eq!(std::fs::read(temp.path().join("b")).unwrap(), bytes);
    let mode = std::fs::metadata(temp.path().join("b"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o750);
}
