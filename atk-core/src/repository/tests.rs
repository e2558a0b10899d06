//! Commits, compared with those of the git program.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

mod content;
mod ignored;
mod large;
mod secret;

use super::fixture::{Forgetful, Home, commit, request, scope};
use super::{PushTarget, Repository};
use crate::error::ErrorKind;
use crate::host::CancelToken;
use crate::model::pin::Pin;

/// Commits the paths in three copies of the home: in this process, by the git program as we run
/// it, and as a user would, with `git add` and `git commit --only`. All three must agree.
fn assert_as_git(name: &str, change: impl Fn(&Home), paths: &[&str]) {
    let homes = [(); 3].map(|()| Home::new());
    for home in &homes {
        change(home);
    }
    let [ours, forced, user] = homes;
    let message = "Add plugin 'x'";
    assert!(ours.commit(paths).unwrap().is_some(), "{name}");
    let by_program = {
        let owned: Vec<&Path> = paths.iter().map(Path::new).collect();
        forced.open().commit_by_program(
            &request(&[]),
            &owned,
            "of a test",
            &mut Forgetful,
            scope(&CancelToken::new()),
        )
    };
    assert!(by_program.unwrap().commit.is_some(), "{name}");
    for path in paths {
        user.git(&["add", "-A", "--", path]);
    }
    user.git(
        &[
            &[
                "-c",
                "user.name=ATK",
                "-c",
                "user.email=atk@localhost",
                "commit",
                "-qm",
                message,
                "--only",
                "--",
            ],
            paths,
        ]
        .concat(),
    );
    assert_eq!(ours.state(), user.state(), "{name}: in this process");
    assert_eq!(forced.state(), user.state(), "{name}: by the program");
    for home in [&ours, &forced] {
        assert_eq!(
            home.git(&["log", "-1", "--format=%an <%ae> %cn <%ce>%n%B"]),
            user.git(&["log", "-1", "--format=%an <%ae> ATK <atk@localhost>%n%B"])
                .replace("U <u@u>", "ATK <atk@localhost>")
        );
        assert_eq!(
            home.git_dir_files(),
            ["HEAD", "config", "index", "info", "objects", "refs"],
            "{name}"
        );
        home.git(&["fsck", "--strict"]);
    }
}

#[test]
fn a_commit_has_the_tree_that_git_commit_only_makes() {
    let change_manifest = |home: &Home| home.write("manifest.yaml", "plugins:\n- x\n");
    assert_as_git("a changed file", change_manifest, &["manifest.yaml"]);
    assert_as_git(
        "a directory: added, changed, removed, ignored",
        |home| {
            home.write("plugins/one/custom/new/deep", "n");
            home.write("plugins/one/custom/a", "changed");
            home.write("plugins/one/custom/x.env", "SECRET=1");
            home.write("plugins/one/ignored", "i");
            home.remove("plugins/one/custom/b");
        },
        &["plugins/one"],
    );
    assert_as_git(
        "a whole plugin removed, and the manifest",
        |home| {
            change_manifest(home);
            home.remove("plugins");
        },
        &["manifest.yaml", "plugins/one"],
    );
    assert_as_git(
        "mode, link",
        |home| {
            let a = home.root().join("plugins/one/custom/a");
            fs::set_permissions(a, fs::Permissions::from_mode(0o755)).unwrap();
            home.remove("plugins/one/custom/b");
            symlink("a", home.root().join("plugins/one/custom/b")).unwrap();
            symlink("nowhere", home.root().join("plugins/one/custom/dangling")).unwrap();
        },
        &["plugins/one/custom"],
    );
    assert_as_git(
        "a directory that became a link",
        |home| {
            home.write("plugins/two/custom/x", "x");
            home.git(&["add", "plugins/two"]);
            home.remove("plugins/one/custom");
            symlink("../two/custom", home.root().join("plugins/one/custom")).unwrap();
            home.git(&["update-index", "--force-remove", "plugins/two/custom/x"]);
            home.write(".gitignore", "");
        },
        &["plugins/one", ".gitignore"],
    );
}

#[test]
fn a_file_and_a_directory_may_take_each_others_place() {
    // Here `git commit --only` itself fails; nothing else is staged, so a plain commit is the same.
    let [ours, forced, user] = [(); 3].map(|()| Home::new());
    for home in [&ours, &forced, &user] {
        home.write("plugins/one/custom/dir/f", "f");
        home.commit(&["plugins"]).unwrap();
        home.remove("plugins/one/custom/a");
        home.write("plugins/one/custom/a/inside", "i");
        home.remove("plugins/one/custom/dir");
        home.write("plugins/one/custom/dir", "now a file");
    }
    ours.commit(&["plugins/one"]).unwrap().unwrap();
    forced.hook("pre-commit", "exit 0");
    forced.commit(&["plugins/one"]).unwrap().unwrap();
    user.git(&["add", "-A"]);
    user.git(&[
        "-c",
        "user.name=U",
        "-c",
        "user.email=u@u",
        "commit",
        "-qm",
        "x",
    ]);
    assert_eq!(ours.state(), user.state());
    assert_eq!(forced.state(), user.state());
}

#[test]
fn what_the_user_staged_or_changed_elsewhere_stays_as_it_is() {
    assert_as_git(
        "staged and unstaged",
        |home| {
            home.write("notes", "staged");
            home.git(&["add", "notes"]);
            home.write("notes", "staged, then changed again");
            home.write("other", "new and staged");
            home.git(&["add", "other"]);
            home.write("untracked", "u");
            home.write("manifest.yaml", "plugins:\n- x\n");
        },
        &["manifest.yaml"],
    );
    assert_as_git(
        "a staged removal and an intent to add",
        |home| {
            home.git(&["rm", "-q", "--cached", "notes"]);
            home.write("later", "l");
            home.git(&["add", "-N", "later"]);
            home.write("manifest.yaml", "plugins:\n- x\n");
        },
        &["manifest.yaml"],
    );
}

#[test]
fn names_of_any_bytes_and_tracked_files_that_are_ignored_are_committed() {
    assert_as_git(
        "names",
        |home| {
            for name in [
                "*",
                "[a]",
                ":(top)x",
                "-x",
                " y ",
                "é",
                "line\nbreak",
                "quote\"\\",
            ] {
                home.write(&format!("plugins/one/custom/{name}"), name);
            }
        },
        &["plugins/one"],
    );
    assert_as_git(
        "ignored, tracked",
        |home| {
            home.write("plugins/one/forced", "f");
            home.git(&["add", "-f", "plugins/one/forced"]);
            home.write("plugins/one/beside", "not tracked");
            home.write("plugins/one/forced", "changed");
            home.write("plugins/one/custom/a", "again");
        },
        &["plugins/one"],
    );
}

#[test]
fn every_place_of_ignore_rules_counts() {
    assert_as_git(
        "ignore rules",
        |home| {
            home.write(".git/info/exclude", "*.log\n");
            home.write(
                "plugins/one/custom/.gitignore",
                "build/\n!keep.log\n/only-here\n",
            );
            home.write("plugins/one/custom/x.log", "");
            home.write("plugins/one/custom/keep.log", "");
            home.write("plugins/one/custom/build/out", "");
            home.write("plugins/one/custom/only-here", "");
            home.write("plugins/one/custom/deep/only-here", "");
        },
        &["plugins/one"],
    );
    assert_as_git(
        "a pattern that libgit2 misreads",
        |home| {
            home.write(
                ".gitignore",
                "*/\n!plugins/\n!plugins/one/\n!plugins/one/custom/\n",
            );
            home.write("plugins/one/custom/new", "n");
        },
        &["plugins/one", ".gitignore"],
    );
}

#[test]
fn line_ends_are_converted_as_git_would() {
    assert_as_git(
        "attributes",
        |home| {
            home.write(
                "plugins/one/custom/.gitattributes",
                "*.txt text\n*.bin -text\n",
            );
            home.write("plugins/one/custom/x.txt", "a\r\nb\r\n");
            home.write("plugins/one/custom/x.bin", "a\r\nb\r\n");
        },
        &["plugins/one"],
    );
}

#[test]
fn nothing_to_commit_is_none_and_changes_nothing() {
    let home = Home::new();
    home.write("notes", "staged");
    home.git(&["add", "notes"]);
    let before = (
        home.state(),
        fs::read(home.root().join(".git/index")).unwrap(),
    );
    assert_eq!(
        home.commit(&["manifest.yaml", "plugins/none", "plugins"])
            .unwrap(),
        None
    );
    assert_eq!(home.commit(&[]).unwrap(), None);
    home.hook("pre-commit", "exit 1");
    assert_eq!(
        home.commit(&["manifest.yaml", "plugins/none", "plugins"])
            .unwrap(),
        None
    );
    assert_eq!(
        (
            home.state(),
            fs::read(home.root().join(".git/index")).unwrap()
        ),
        before
    );
}

#[test]
fn an_unborn_branch_a_detached_head_and_a_worktree_take_commits() {
    let home = Home::empty();
    home.git(&["init", "-q", "-b", "trunk"]);
    home.write("manifest.yaml", "m");
    assert_eq!(home.open().head().unwrap(), None);
    let first = home.commit(&["manifest.yaml"]).unwrap().unwrap();
    assert_eq!(home.git(&["rev-parse", "trunk"]), first.as_str());
    assert_eq!(home.open().head().unwrap(), Some(first.clone()));

    home.git(&["checkout", "-q", "--detach"]);
    home.write("manifest.yaml", "m2");
    let second = home.commit(&["manifest.yaml"]).unwrap().unwrap();
    assert_eq!(
        home.git(&["rev-parse", "HEAD", "trunk", "HEAD^"]),
        format!("{second}\n{first}\n{first}")
    );

    home.git(&["worktree", "add", "-q", "-b", "side", "../side"]);
    let side = Repository::open(&home.dir.path().join("side"), &home.access()).unwrap();
    fs::write(side.root.join("manifest.yaml"), "m3").unwrap();
    let third = commit(&side, &["manifest.yaml"]).unwrap().unwrap();
    assert_eq!(
        home.git(&["rev-parse", "side", "HEAD"]),
        format!("{third}\n{second}")
    );
    assert_eq!(home.git(&["status", "--porcelain"]), "");
}

#[test]
fn only_the_top_of_a_work_tree_is_a_home() {
    let home = Home::new();
    let kind = |path: &Path| Repository::open(path, &home.access()).err().unwrap().kind();
    assert_eq!(
        kind(&home.root().join("plugins")),
        ErrorKind::HomeNotInitialized
    );
    assert_eq!(kind(home.dir.path()), ErrorKind::HomeNotInitialized);
    assert_eq!(
        kind(&home.root().join("manifest.yaml")),
        ErrorKind::HomeNotInitialized
    );
    assert_eq!(
        kind(&home.root().join(".git")),
        ErrorKind::HomeNotInitialized
    );
    fs::create_dir(home.root().join("plugins/.git")).unwrap();
    assert_eq!(
        kind(&home.root().join("plugins")),
        ErrorKind::HomeNotInitialized
    );
    home.git(&[
        "config",
        "core.worktree",
        &home.dir.path().to_string_lossy(),
    ]);
    assert_eq!(kind(&home.root()), ErrorKind::HomeNotInitialized);
}

#[test]
fn a_new_repository_starts_on_the_branch_that_the_user_prefers() {
    for (config, branch) in [
        ("", "master"),
        ("[init]\n\tdefaultBranch = trunk\n", "trunk"),
        ("[init]\n\tdefaultBranch = '..'\n", "master"),
    ] {
        let home = Home::empty();
        fs::write(home.dir.path().join("user/.gitconfig"), config).unwrap();
        Repository::init(&home.root(), &home.access()).unwrap();
        assert_eq!(
            home.git(&["symbolic-ref", "HEAD"]),
            format!("refs/heads/{branch}")
        );
        assert_eq!(home.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn a_nested_repository_is_refused_with_its_path() {
    for forced in [false, true] {
        let refused = |home: &Home, paths: &[&str], path: &str| {
            let before = home.state();
            if forced {
                home.hook("pre-commit", "exit 0");
            }
            let error = home.commit(paths).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ContentRefused, "{error}");
            assert_eq!(error.details().path.as_deref(), Some(Path::new(path)));
            assert_eq!(home.state(), before);
        };
        let home = Home::new();
        home.write("plugins/one/custom/lib/f", "f");
        home.git(&["init", "-q", "plugins/one/custom/lib"]);
        refused(&home, &["plugins/one"], "plugins/one/custom/lib");
        let home = Home::new();
        home.git(&["init", "-q", "plugins/one/custom"]);
        refused(&home, &["plugins/one/custom"], "plugins/one/custom");
    }
}

#[test]
fn a_home_in_the_middle_of_something_takes_no_commit() {
    for (mark, operation) in [
        ("MERGE_HEAD", "merge"),
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("BISECT_LOG", "bisect"),
    ] {
        let home = Home::new();
        assert_eq!(home.open().in_progress().unwrap(), None);
        let head = home.git(&["rev-parse", "HEAD"]);
        home.write(&format!(".git/{mark}"), &head);
        home.write("manifest.yaml", "changed");
        assert_eq!(home.open().in_progress().unwrap(), Some(operation));
        assert_eq!(
            home.commit(&["manifest.yaml"]).unwrap_err().kind(),
            ErrorKind::HomeInProgress
        );
    }
}

#[test]
fn paths_outside_the_work_tree_are_no_paths() {
    let home = Home::new();
    for path in ["", ".", "..", "a/../b", "/etc/passwd", ".git/config", "./a"] {
        assert_eq!(
            home.commit(&[path]).unwrap_err().kind(),
            ErrorKind::Internal,
            "{path:?}"
        );
    }
}

#[test]
fn another_git_process_is_waited_for() {
    let home = Home::new();
    home.write("manifest.yaml", "changed");
    let lock = home.root().join(".git/index.lock");
    let ref_lock = home.root().join(".git/refs/heads/main.lock");
    for lock in [lock, ref_lock] {
        home.write("manifest.yaml", &format!("changed for {}", lock.display()));
        fs::write(&lock, "").unwrap();
        let release = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(150));
            fs::remove_file(lock).unwrap();
        });
        assert!(home.commit(&["manifest.yaml"]).unwrap().is_some());
        release.join().unwrap();
    }
}

#[test]
fn parallel_commits_are_all_made() {
    let home = Home::new();
    let made: Vec<Pin> = std::thread::scope(|threads| {
        let runs: Vec<_> = (0..8)
            .map(|n| {
                let home = &home;
                threads.spawn(move || {
                    let path = format!("plugins/p{n}/custom/f");
                    home.write(&path, "x");
                    home.commit(&[&path]).unwrap().unwrap()
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(made.len(), 8);
    assert_eq!(home.git(&["rev-list", "--count", "HEAD"]), "9");
    assert_eq!(home.git(&["status", "--porcelain"]), "");
}

#[test]
fn without_a_git_program_plain_commits_work() {
    let home = Home::new();
    home.write("manifest.yaml", "changed");
    let repository = home.open_without_git();
    assert!(commit(&repository, &["manifest.yaml"]).unwrap().is_some());
    assert_eq!(
        repository
            .push(&mut PushTarget::default(), scope(&CancelToken::new()))
            .unwrap_err()
            .kind(),
        ErrorKind::GitMissing
    );
    home.hook("pre-commit", "exit 0");
    home.write("manifest.yaml", "changed again");
    let before = home.state();
    let error = commit(&repository, &["manifest.yaml"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::GitMissing);
    assert_eq!(home.state(), before);
}
