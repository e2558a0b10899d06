//! What a transaction does when nothing goes wrong.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::super::{Access, Change, CommitPlan, HomePath, Receipt, Transaction};
use super::fixture::{Fixture, MANIFEST, assert_scratch_is_clean, x};
use super::script::Script;
use crate::error::ErrorKind;
use crate::model::pin::Pin;

fn path(path: &str) -> HomePath {
    HomePath::new(path).unwrap()
}

/// Makes changes without a git commit.
fn change(fixture: &Fixture, run: impl FnOnce(&mut Transaction<'_>)) {
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "test", Some(&x())).unwrap();
        run(&mut transaction);
        let plan = CommitPlan {
            message: "",
            paths: &[],
            auto_commit: false,
        };
        assert!(
            transaction
                .commit(&plan)
                .is_ok_and(|done| done.commit.is_none())
        );
    });
    assert_scratch_is_clean(&fixture.root());
}

#[test]
fn a_plugin_is_added_upgraded_and_removed() {
    let fixture = Fixture::new();
    let created = fixture.snapshot();
    let home = fixture.open(None);
    fixture.locked(|locked| Script::Add.run(locked)).unwrap();
    assert_eq!(fixture.read("plugins/xx/run.sh"), "one\n");
    assert_eq!(fixture.read("plugins/xx/link"), "one\n");
    assert_eq!(home.stamp(&x()), Some(Pin::new(&"a".repeat(40)).unwrap()));
    assert_eq!(home.receipt(&x()).unwrap().files.len(), 2);
    assert_eq!(home.manifest_text().unwrap(), format!("{MANIFEST}# xx\n"));

    fixture.write("plugins/xx/run.sh", "edited by the user\n");
    fixture
        .locked(|locked| Script::Upgrade.run(locked))
        .unwrap();
    assert_eq!(fixture.read("plugins/xx/run.sh"), "two\n");
    assert_eq!(fixture.read("plugins/xx/lib"), "now a file\n");
    assert_eq!(fixture.read("plugins/xx/docs/index"), "now a directory\n");
    assert_eq!(fixture.read("plugins/xx/made/by/install"), "1\n");
    assert!(!fixture.exists("plugins/xx/link"));
    let backed_up: Vec<_> = fixture
        .snapshot()
        .into_iter()
        .filter(|line| line.contains("backups"))
        .collect();
    assert_eq!(
        backed_up,
        [".git/atk/backups/xx/<time>/run.sh 644 \"edited by the user\\n\""]
    );

    fixture.locked(|locked| Script::Remove.run(locked)).unwrap();
    let removed: Vec<_> = fixture
        .snapshot()
        .into_iter()
        .filter(|line| !line.contains("backups"))
        .collect();
    let files = |lines: &[String]| -> Vec<String> {
        lines
            .iter()
            .filter(|line| !line.starts_with("commit"))
            .cloned()
            .collect()
    };
    assert_eq!(files(&removed), files(&created));
    assert_eq!(
        removed
            .iter()
            .filter(|line| line.starts_with("commit"))
            .count(),
        4
    );
}

#[test]
fn a_file_that_is_as_it_should_be_is_not_touched() {
    let fixture = Fixture::new();
    let manifest = fixture.root().join("manifest.yaml");
    let before = manifest.metadata().unwrap();
    change(&fixture, |transaction| {
        transaction
            .write(&HomePath::manifest(), MANIFEST.as_bytes(), Access::Shared)
            .unwrap();
        assert!(!transaction.has_changes());
    });
    let after = manifest.metadata().unwrap();
    assert_eq!(
        (before.ino(), before.mtime_nsec()),
        (after.ino(), after.mtime_nsec())
    );
}

#[test]
fn a_replaced_file_keeps_its_mode_and_env_is_the_users_alone() {
    let fixture = Fixture::new();
    let mode = |file: &str| {
        let metadata = fixture.root().join(file).metadata().unwrap();
        metadata.permissions().mode() & 0o7777
    };
    let closed = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(fixture.root().join("manifest.yaml"), closed).unwrap();
    fixture.write("plugins/xx/.env", "A=1\n");
    assert_eq!(mode("plugins/xx/.env"), 0o644);
    change(&fixture, |transaction| {
        transaction
            .write(&HomePath::manifest(), b"new", Access::Shared)
            .unwrap();
        // The same content, but others could read it.
        transaction
            .write(&HomePath::env(&x()), b"A=1\n", Access::Shared)
            .unwrap();
        transaction
            .write(&path("plugins/xx/other"), b"", Access::Private)
            .unwrap();
    });
    assert_eq!(mode("manifest.yaml"), 0o640);
    assert_eq!(mode("plugins/xx/.env"), 0o600);
    assert_eq!(mode("plugins/xx/other"), 0o600);
}

#[test]
fn a_directory_with_other_files_is_not_taken_over() {
    let fixture = Fixture::new();
    fixture.write("plugins/xx/custom/mine", "");
    fixture.write("plugins/xx/.env", "");
    fixture.write("plugins/xx/notes.txt", "");
    let before = fixture.snapshot();
    let error = fixture
        .locked(|locked| Script::AddOver.run(locked))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DirectoryOccupied);
    assert!(error.to_string().contains("`notes.txt`"), "{error}");
    assert_eq!(fixture.snapshot(), before);
}

#[test]
fn what_is_the_users_or_gits_cannot_be_changed() {
    let fixture = Fixture::new();
    fixture.write("plugins/xx/custom/mine", "");
    fixture.write("README", "the user's");
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "test", Some(&x())).unwrap();
        for place in [
            ".git/config",
            ".git/atk/lock",
            "plugins/xx/custom/new",
            "README",
            ".atk/x",
        ] {
            let written = transaction.write(&path(place), b"", Access::Shared);
            assert_eq!(written.unwrap_err().kind(), ErrorKind::Internal, "{place}");
        }
        for place in [
            ".git",
            "plugins/xx/custom",
            "plugins/xx/custom/mine",
            "plugins/xx/none",
        ] {
            let removed = transaction.remove(&path(place));
            assert_eq!(removed.unwrap_err().kind(), ErrorKind::Internal, "{place}");
        }
        let outside = transaction.place(&fixture.root().join("README"), &path("plugins/xx/r"));
        assert_eq!(outside.unwrap_err().kind(), ErrorKind::Internal);
        assert!(!transaction.has_changes());
    });
}

#[test]
fn one_path_is_not_changed_twice_at_once() {
    let fixture = Fixture::new();
    let manifest = HomePath::manifest();
    let write = Change::Write {
        path: &manifest,
        bytes: b"twice",
        access: Access::Shared,
    };
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "test", Some(&x())).unwrap();
        assert!(transaction.apply(&[write, write]).is_err());
    });
    assert_eq!(fixture.read("manifest.yaml"), MANIFEST);
}

#[test]
fn a_damaged_receipt_is_none() {
    let fixture = Fixture::new();
    let home = fixture.open(None);
    assert_eq!(home.receipt(&x()), None);
    for text in [
        "",
        "{",
        "{}",
        r#"{"version":9,"pin":null,"tree":null,"files":[]}"#,
    ] {
        fixture.write(".git/atk/receipts/xx.json", text);
        assert_eq!(home.receipt(&x()), None, "{text}");
    }
    let escaping = r#"[{"path":"../../x","kind":"file","blob":"a"}]"#;
    let text = format!(r#"{{"version":1,"pin":null,"tree":null,"files":{escaping}}}"#);
    fixture.write(".git/atk/receipts/xx.json", &text);
    assert_eq!(home.receipt(&x()), None);
    let receipt = Receipt {
        pin: Some(Pin::new(&"a".repeat(40)).unwrap()),
        tree: None,
        files: Vec::new(),
    };
    change(&fixture, |transaction| {
        transaction.write_receipt(&x(), &receipt).unwrap()
    });
    assert_eq!(home.receipt(&x()), Some(receipt));
    change(&fixture, |transaction| {
        transaction.remove_receipt(&x()).unwrap()
    });
    assert!(!fixture.exists(".git/atk/receipts/xx.json"));
}
