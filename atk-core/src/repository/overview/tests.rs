//! The state of real repositories, each read in both ways.

use std::fs;

use super::*;
use crate::repository::fixture::Home;

/// What both ways say; they must agree.
#[track_caller]
fn overview(home: &Home) -> RepositoryStatus {
    let repository = home.open();
    let ours = repository.overview().unwrap();
    let program = Repository {
        engine: Backend::Program("of a test".into()),
        ..repository
    };
    let mut theirs = program.overview().unwrap();
    let mut sorted = ours.clone();
    sorted.changes.sort();
    theirs.changes.sort();
    assert_eq!(sorted, theirs);
    ours
}

fn committed() -> Home {
    let home = Home::empty();
    home.git(&["init", "-q", "-b", "main"]);
    home.write("manifest.yaml", "a\n");
    home.git(&["add", "-A"]);
    commit_all(&home, "Begin");
    home
}

fn commit_all(home: &Home, message: &str) {
    home.git(&[
        "-c",
        "user.name=U",
        "-c",
        "user.email=u@x",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        message,
    ]);
}

/// A bare repository beside the home, which `main` follows.
fn with_remote(home: &Home) -> String {
    let bare = home.dir.path().join("bare.git");
    let bare = bare.to_str().unwrap().to_owned();
    home.git(&["init", "-q", "--bare", &bare]);
    home.git(&["remote", "add", "origin", &bare]);
    home.git(&["push", "-q", "-u", "origin", "main"]);
    bare
}

#[test]
fn a_new_repository_has_a_branch_and_no_commit() {
    let home = Home::empty();
    home.git(&["init", "-q", "-b", "trunk"]);
    home.write("manifest.yaml", "a\n");
    let status = overview(&home);
    assert_eq!(status.branch.as_deref(), Some("trunk"));
    assert_eq!((status.commit, status.remote), (None, None));
    assert_eq!(status.changes, ["manifest.yaml"]);
}

#[test]
fn a_commit_is_shown_with_its_subject_and_time() {
    let home = committed();
    commit_all(&home, "Second\n\nwith a body");
    let status = overview(&home);
    assert_eq!(status.subject.as_deref(), Some("Second"));
    assert!(status.committed_at.unwrap() > 1_600_000_000);
    let head = home.git(&["rev-parse", "HEAD"]);
    assert_eq!(status.commit.unwrap().as_str(), head.trim());
    assert_eq!((status.changed, status.upstream), (0, None));
}

#[test]
fn ahead_and_behind_count_from_what_was_last_fetched() {
    let home = committed();
    let bare = with_remote(&home);
    let status = overview(&home);
    assert_eq!(status.upstream.as_deref(), Some("origin/main"));
    assert_eq!((status.ahead, status.behind), (Some(0), Some(0)));
    assert_eq!(status.url.as_deref(), Some(&*bare));
    commit_all(&home, "theirs");
    home.git(&["push", "-q"]);
    home.git(&["reset", "-q", "--hard", "HEAD^"]);
    commit_all(&home, "one");
    commit_all(&home, "two");
    let status = overview(&home);
    assert_eq!((status.ahead, status.behind), (Some(2), Some(1)));
}

#[test]
fn a_branch_may_follow_nothing_or_what_is_not_there() {
    let home = committed();
    with_remote(&home);
    home.git(&["checkout", "-q", "-b", "feature"]);
    let status = overview(&home);
    assert_eq!(status.remote.as_deref(), Some("origin"));
    assert_eq!((status.upstream, status.ahead), (None, None));
    home.git(&["config", "branch.feature.remote", "origin"]);
    home.git(&["config", "branch.feature.merge", "refs/heads/feature"]);
    let status = home.open().overview().unwrap();
    assert_eq!(status.upstream.as_deref(), Some("origin/feature"));
    assert_eq!((status.ahead, status.behind), (None, None));
}

#[test]
fn a_detached_head_has_no_branch() {
    let home = committed();
    with_remote(&home);
    home.git(&["checkout", "-q", "--detach"]);
    let status = overview(&home);
    assert_eq!(status.branch, None);
    assert_eq!(status.remote.as_deref(), Some("origin"));
    assert!(status.commit.is_some());
}

#[test]
fn a_worktree_has_its_own_branch_and_changes() {
    let home = committed();
    home.write("manifest.yaml", "changed in the other\n");
    let tree = home.dir.path().join("tree");
    home.git(&[
        "worktree",
        "add",
        "-q",
        "-b",
        "side",
        tree.to_str().unwrap(),
    ]);
    let access = home.open().access.clone();
    fs::write(tree.join("new"), "").unwrap();
    let status = Repository::open(&tree, &access)
        .unwrap()
        .overview()
        .unwrap();
    assert_eq!(status.branch.as_deref(), Some("side"));
    assert_eq!(status.changes, ["new"]);
}

#[test]
fn every_kind_of_change_counts_and_a_new_directory_once() {
    let home = committed();
    for file in ["gone", "staged", "edited", "kept"] {
        home.write(file, "1\n");
    }
    home.git(&["add", "-A"]);
    commit_all(&home, "files");
    fs::remove_file(home.dir.path().join("home/gone")).unwrap();
    home.write("staged", "22\n");
    home.git(&["add", "staged"]);
    home.write("edited", "22\n");
    home.write("new/a", "");
    home.write("new/b", "");
    home.write(".gitignore", "ignored\n");
    home.write("ignored", "");
    let mut status = overview(&home);
    status.changes.sort();
    assert_eq!(
        status.changes,
        [".gitignore", "edited", "gone", "new/", "staged"]
    );
    let index = home.dir.path().join("home/.git/index");
    let before = fs::read(&index).unwrap();
    overview(&home);
    assert_eq!(fs::read(&index).unwrap(), before, "a read changes nothing");
}

#[test]
fn many_changes_are_counted_and_some_are_listed() {
    let home = committed();
    for number in 0..150 {
        home.write(&format!("file-{number}"), "");
    }
    let status = home.open().overview().unwrap();
    assert_eq!((status.changed, status.changes.len()), (150, 100));
}

#[test]
fn credentials_in_a_remote_are_not_shown() {
    let home = committed();
    home.git(&[
        "remote",
        "add",
        "origin",
        "https://me:secret@example.com/home.git",
    ]);
    let status = overview(&home);
    let url = status.url.unwrap();
    assert!(
        !url.contains("secret") && url.contains("example.com/home.git"),
        "{url}"
    );
}

#[test]
fn what_a_clean_filter_stores_is_no_change() {
    let home = committed();
    home.git(&["config", "filter.upper.clean", "tr a-z A-Z"]);
    home.git(&["config", "filter.upper.smudge", "tr A-Z a-z"]);
    home.write(".gitattributes", "*.txt filter=upper\n");
    home.write("a.txt", "text\n");
    home.git(&["add", "-A"]);
    commit_all(&home, "filtered");
    // Only its time is another: what is in it must be compared.
    home.write("a.txt", "text\n");
    assert_eq!(overview(&home).changes, [""; 0]);
}

#[test]
fn a_remote_other_than_origin_is_found_if_it_is_the_only_one() {
    let home = committed();
    home.git(&["remote", "add", "backup", "/srv/backup.git"]);
    assert_eq!(overview(&home).remote.as_deref(), Some("backup"));
    home.git(&["remote", "add", "other", "/srv/other.git"]);
    assert_eq!(overview(&home).remote, None);
}

#[test]
fn a_subject_in_another_encoding_is_read_as_what_was_written() {
    let (latin1, sjis) = (&b"Caf\xe9\n"[..], &b"\x83\x65\x83\x58\x83\x67\n"[..]);
    for (encoding, bytes, subject) in [
        ("ISO-8859-1", latin1, "Caf\u{e9}"),
        ("latin1", latin1, "Caf\u{e9}"),
        ("Shift_JIS", sjis, "\u{30c6}\u{30b9}\u{30c8}"),
        ("utf8", "Caf\u{e9}\n".as_bytes(), "Caf\u{e9}"),
    ] {
        let home = committed();
        home.git(&["config", "--global", "i18n.commitEncoding", encoding]);
        let message = home.dir.path().join("message");
        fs::write(&message, bytes).unwrap();
        let message = format!("--file={}", message.display());
        let user = ["-c", "user.name=U", "-c", "user.email=u@x"];
        home.git(&[&user[..], &["commit", "-q", "--allow-empty", &message]].concat());
        assert_eq!(overview(&home).subject.as_deref(), Some(subject));
    }
}
