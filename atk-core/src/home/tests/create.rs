//! New homes.

use super::super::{Home, LockWait, NewHome, create};
use super::fixture::{Fixture, GITIGNORE, MANIFEST, access, assert_scratch_is_clean};
use crate::error::ErrorKind;
use crate::host::{CancelToken, Scope};

#[test]
fn a_new_home_has_its_files_and_its_first_commit() {
    let fixture = Fixture::new();
    let lines = fixture.snapshot();
    let files: Vec<_> = lines
        .iter()
        .filter(|line| !line.starts_with("HEAD"))
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
        manifest: MANIFEST,
        gitignore: GITIGNORE,
    };
    let cancel = CancelToken::new();
    let scope = Scope {
        cancel: &cancel,
        report: &|_| (),
    };
    assert!(create(&deep, content, &access(), None, LockWait::Wait, scope).unwrap());
    assert!(Home::open(&deep, &access(), None).is_ok());
}

#[test]
fn a_directory_with_anything_in_it_is_left_alone() {
    let occupants: [&dyn Fn(&Fixture); 4] = [
        &|fixture| fixture.write("notes", "mine"),
        &|fixture| fixture.write("manifest.yaml", "mine"),
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
