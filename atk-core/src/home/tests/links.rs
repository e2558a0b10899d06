//! Links planted in the directories that ATK works in.

use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::super::{Access, HomeDir, HomePath, Transaction};
use super::fixture::{Fixture, access, temp_dir, x};
use super::script::Script;
use crate::error::{ErrorKind, Result};

/// Puts a link to something outside in the place of an entry of the home. Returns what it names.
fn plant(fixture: &Fixture, place: &str, outside: &tempfile::TempDir) -> PathBuf {
    let path = fixture.root().join(place);
    let target = outside.path().join("target");
    match path.symlink_metadata() {
        Ok(found) if found.is_dir() => std::fs::rename(&path, &target).unwrap(),
        Ok(_) => std::fs::rename(&path, &target).unwrap(),
        Err(_) => std::fs::write(&target, "outside").unwrap(),
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    symlink(&target, &path).unwrap();
    target
}

fn everything(fixture: &Fixture) -> Result<()> {
    fixture.locked_at(None, |locked| {
        Script::Add.run(locked)?;
        Script::Upgrade.run(locked)?;
        Script::Remove.run(locked)
    })?
}

#[test]
fn a_link_in_the_place_of_what_atk_writes_is_an_error_and_never_followed() {
    for place in [
        ".gitignore",
        "plugins",
        "plugins/xx",
        "plugins/xx/.env",
        ".git/atk/lock",
        ".git/atk/temp",
        ".git/atk/discarded",
        ".git/atk/staging",
        ".git/atk/receipts",
        ".git/atk/backups",
        ".git/atk",
    ] {
        let fixture = Fixture::new();
        let outside = temp_dir();
        fixture.locked(|_| ());
        let target = plant(&fixture, place, &outside);
        let look = |path: &PathBuf| -> Vec<String> {
            if !path.is_dir() {
                return vec![std::fs::read_to_string(path).unwrap()];
            }
            let entries = std::fs::read_dir(path).unwrap();
            entries
                .map(|entry| format!("{:?}", entry.unwrap().path()))
                .collect()
        };
        let before = look(&target);
        let error = everything(&fixture).unwrap_err();
        let kind = error.kind();
        assert!(
            matches!(
                kind,
                ErrorKind::HomeInvalid | ErrorKind::Io | ErrorKind::DirectoryOccupied
            ),
            "{place}: {kind}: {error}"
        );
        assert_eq!(look(&target), before, "{place}");
    }
}

#[test]
fn a_manifest_that_is_a_link_makes_no_home() {
    let fixture = Fixture::new();
    let outside = temp_dir();
    plant(&fixture, "manifest.yaml", &outside);
    let error = HomeDir::open(&fixture.root(), &access(), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HomeInvalid);
}

#[test]
fn a_home_may_be_reached_through_a_link() {
    let fixture = Fixture::new();
    let link = fixture.dir.join("link");
    symlink(fixture.root(), &link).unwrap();
    let home = HomeDir::open(&link, &access(), None).unwrap();
    assert_eq!(home.root(), fixture.root());
}

#[test]
fn a_link_planted_while_a_transaction_runs_is_not_followed_by_its_rollback() {
    let fixture = Fixture::new();
    let outside = temp_dir();
    std::fs::write(outside.path().join(".env"), "theirs").unwrap();
    fixture.locked(|locked| {
        let staging = locked.staging().unwrap();
        let mut transaction = Transaction::begin(locked, "add", Some(&x())).unwrap();
        transaction.place_plugin(staging.path(), &x()).unwrap();
        transaction
            .write(&HomePath::env(&x()), b"A=1\n", Access::Private)
            .unwrap();
        let dir = fixture.root().join("plugins/xx");
        std::fs::remove_dir_all(&dir).unwrap();
        symlink(outside.path(), &dir).unwrap();
        transaction.rollback().unwrap();
    });
    assert_eq!(
        std::fs::read_to_string(outside.path().join(".env")).unwrap(),
        "theirs"
    );
}
