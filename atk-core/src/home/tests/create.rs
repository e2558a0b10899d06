//! New homes.

use super::super::{HomeDir, LockWait, NewHome, create};
use super::fixture::{Fixture, GITIGNORE, MANIFEST, access, assert_scratch_is_clean};
use crate::error::ErrorKind;
use crate::host::{CancelToken, Scope};

#[test]
fn a_new_home_has_its_files_and_its_first_commit() {
    let fixture = Fixture::new();
    let lines = fixture.snapshot();
    let files: Vec<_> = lines
        .iter()
        .filter(|line| !line.starts_with("HEAD") && !line.starts_with("INDEX"))
        .collect();
    assert_eq!(
        files,
        [
            &format!(".gitignore 644 {GITIGNORE:?}"),
            &format!("manifest.yaml 644 {MANIFEST:?}"),
            "plugins 755 directory",
            "commit \"Initialize ATK Home\"",
        ]
    );
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("HEAD")).count(),
        2
    );
    assert_scratch_is_clean(&fixture.root());
}

#[test]
fn a_home_is_not_made_twice() {
    let fixture = Fixture::new();
    fixture.write("manifest.yaml", "changed\n");
    let before = fixture.snapshot();
    assert!(!fixture.create(None).unwrap());
    assert_eq!(fixture.snapshot(), before);
}

#[test]
fn an_empty_directory_and_one_with_missing_parents_become_homes() {
    let fixture = Fixture::bare();
    std::fs::create_dir(fixture.root()).unwrap();
    assert!(fixture.create(None).unwrap());
    let deep = fixture.dir.join("a/b/home");
    let content = NewHome {
        manifest: Some(MANIFEST),
        gitignore: GITIGNORE.as_bytes(),
    };
    let cancel = CancelToken::new();
    let scope = Scope {
        cancel: &cancel,
        report: &|_| (),
    };
    assert!(create(&deep, content, &access(), None, LockWait::Wait, scope).unwrap());
    assert!(HomeDir::open(&deep, &access(), None).is_ok());
}

#[test]
fn a_directory_with_anything_in_it_is_left_alone() {
    let occupants: [&dyn Fn(&Fixture); 5] = [
        &|fixture| fixture.write("notes", "mine"),
        // A repository of the user's with files, and one whose branch has no commit yet.
        &|fixture| {
            drop(git2::Repository::init(fixture.root()).unwrap());
            fixture.write("notes", "mine");
        },
        // What looks like ours, and has objects.
        &|fixture| {
            fixture.write(".git/atk/lock", "");
            fixture.write(".git/objects/00/11", "mine");
        },
        // A repository of the user's, without a commit yet.
        &|fixture| drop(git2::Repository::init(fixture.root()).unwrap()),
        &|fixture| std::fs::write(fixture.root(), "a file").unwrap(),
    ];
    for occupy in occupants {
        let fixture = Fixture::bare();
        occupy(&fixture);
        let before = listing(&fixture);
        let error = fixture.create(None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HomeOccupied, "{error}");
        assert_eq!(listing(&fixture), before);
    }
}

#[test]
fn a_home_whose_files_are_gone_is_not_made_anew_over_its_history() {
    let fixture = Fixture::new();
    for file in ["manifest.yaml", ".gitignore"] {
        std::fs::remove_file(fixture.root().join(file)).unwrap();
    }
    std::fs::remove_dir(fixture.root().join("plugins")).unwrap();
    assert_eq!(
        fixture.create(None).unwrap_err().kind(),
        ErrorKind::HomeOccupied
    );
}

#[test]
fn a_creation_that_fails_leaves_nothing() {
    let fixture = Fixture::bare();
    let cancelled = fixture.cancel.clone();
    let checkpoint: super::super::Checkpoint = std::sync::Arc::new(move |step| {
        if step == "sync-changes" || step == "changed" {
            cancelled.cancel();
        }
    });
    let error = fixture.create(Some(checkpoint)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(!fixture.exists(""));
}

#[test]
fn two_processes_that_make_one_home_make_one() {
    let fixture = Fixture::bare();
    let dir = &fixture.dir;
    let made: Vec<_> = std::thread::scope(|threads| {
        let threads: Vec<_> = (0..4)
            .map(|_| threads.spawn(move || Fixture::at(dir).create(None).unwrap()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
    assert_eq!(fixture.snapshot(), Fixture::new().snapshot());
}

fn listing(fixture: &Fixture) -> Vec<String> {
    let mut paths: Vec<_> = walkdir::WalkDir::new(&fixture.dir)
        .into_iter()
        .map(|entry| entry.unwrap().path().display().to_string())
        .collect();
    paths.sort();
    paths
}

#[test]
fn a_manifest_without_a_repository_is_left_alone_and_the_way_out_is_named() {
    let fixture = Fixture::bare();
    fixture.write("manifest.yaml", MANIFEST);
    let before = listing(&fixture);
    let opened = HomeDir::open(&fixture.root(), &access(), None).unwrap_err();
    for error in [fixture.create(None).unwrap_err(), opened] {
        assert_eq!(error.kind(), ErrorKind::HomeNotInitialized, "{error}");
        assert!(error.to_string().contains("manifest.yaml"), "{error}");
        let help = error.details().help.as_deref().unwrap_or_default();
        assert!(
            help.contains("git init") && help.contains("--adopt"),
            "{help}"
        );
        assert_eq!(listing(&fixture), before);
    }
}

fn adopt(
    fixture: &Fixture,
    checkpoint: Option<super::super::Checkpoint>,
) -> crate::error::Result<bool> {
    let content = NewHome {
        manifest: None,
        gitignore: GITIGNORE.as_bytes(),
    };
    let (root, cancel) = (fixture.root(), &fixture.cancel);
    let scope = Scope {
        cancel,
        report: &|_| (),
    };
    create(&root, content, &access(), checkpoint, LockWait::Wait, scope)
}

#[test]
fn a_directory_with_a_manifest_is_adopted_with_what_is_tracked_of_its_plugins() {
    let fixture = Fixture::bare();
    fixture.write("manifest.yaml", MANIFEST);
    fixture.write("notes", "mine");
    fixture.write("plugins/xx/plugin.yaml", "fetched");
    fixture.write("plugins/xx/custom/run.sh", "mine");
    fixture.write("plugins/xx/.env", "A=1");
    assert!(adopt(&fixture, None).unwrap());
    let tracked: Vec<_> = fixture
        .snapshot()
        .into_iter()
        .filter(|line| line.starts_with("HEAD:"))
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    for path in [".gitignore", "manifest.yaml", "plugins/xx/custom/run.sh"] {
        assert!(tracked.contains(&format!("HEAD:{path}")), "{tracked:?}");
    }
    for path in ["notes", "plugins/xx/plugin.yaml", "plugins/xx/.env"] {
        assert!(!tracked.contains(&format!("HEAD:{path}")), "{tracked:?}");
    }
    assert!(!adopt(&fixture, None).unwrap(), "it is a home now");
    assert_eq!(fixture.read("notes"), "mine");
}

#[test]
fn an_adoption_that_fails_leaves_the_directory_as_it_was() {
    let fixture = Fixture::bare();
    fixture.write("manifest.yaml", MANIFEST);
    let before = listing(&fixture);
    let cancelled = fixture.cancel.clone();
    let checkpoint: super::super::Checkpoint = std::sync::Arc::new(move |step| {
        if step == "changed" {
            cancelled.cancel();
        }
    });
    assert!(adopt(&fixture, Some(checkpoint)).is_err());
    assert_eq!(listing(&fixture), before);
}

#[test]
fn what_an_older_version_left_half_made_is_replaced() {
    for left in [
        &["atk/lock"][..],
        &["atk/lock", "HEAD"],
        &[
            "atk/temp/1",
            "HEAD",
            "config",
            "description",
            "hooks/README.sample",
        ],
        &["atk/lock", "objects/info/.keep_not", "HEAD.lock"],
    ] {
        let fixture = Fixture::bare();
        for file in left.iter().filter(|file| !file.ends_with("not")) {
            fixture.write(&format!(".git/{file}"), "");
        }
        std::fs::create_dir_all(fixture.root().join(".git/objects/pack")).unwrap();
        assert!(fixture.create(None).unwrap(), "{left:?}");
        assert_eq!(fixture.snapshot(), Fixture::new().snapshot(), "{left:?}");
    }
}

#[test]
fn what_a_killed_creation_left_under_construction_goes() {
    let fixture = Fixture::bare();
    let site = ".git.atk-0123456789abcdef0123456789abcdef";
    fixture.write(&format!("{site}/.git/HEAD"), "");
    fixture.write(&format!("{site}/.git/atk/lock"), "");
    assert!(fixture.create(None).unwrap());
    assert_eq!(fixture.snapshot(), Fixture::new().snapshot());
    let fixture = Fixture::bare();
    fixture.write(".git.atk-mine/notes", "mine");
    let error = fixture.create(None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HomeOccupied);
}

#[test]
fn the_empty_place_of_a_construction_goes_with_the_next_change() {
    let fixture = Fixture::new();
    let site = |id: char| format!(".git.atk-{}", id.to_string().repeat(32));
    std::fs::create_dir(fixture.root().join(site('0'))).unwrap();
    fixture.write(&format!("{}/.git/HEAD", site('1')), "");
    fixture.locked(|_| ());
    assert!(!fixture.root().join(site('0')).exists());
    assert!(fixture.root().join(site('1')).exists(), "it may be in use");
}
