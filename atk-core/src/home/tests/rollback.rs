//! Taking a transaction back: after errors, panics, and what others did meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::{Access, Change, CommitPlan, HomePath, Transaction};
use super::fixture::{Fixture, MANIFEST, assert_scratch_is_clean, x};
use super::script::{SCRIPTS, Script};
use crate::error::ErrorKind;

fn path(path: &str) -> HomePath {
    HomePath::new(path).unwrap()
}

/// Begins to add a plugin, lets `meanwhile` happen, and takes it back.
fn rolled_back(fixture: &Fixture, meanwhile: impl FnOnce()) -> Vec<String> {
    fixture.locked(|locked| {
        let staging = locked.staging().unwrap();
        std::fs::write(staging.path().join("run.sh"), "one\n").unwrap();
        let mut transaction = Transaction::begin(locked, "add", Some(&x())).unwrap();
        transaction.place_plugin(staging.path(), &x()).unwrap();
        transaction
            .write(&HomePath::env(&x()), b"KEY=new\n", Access::Private)
            .unwrap();
        transaction
            .write(&HomePath::manifest(), b"new\n", Access::Shared)
            .unwrap();
        meanwhile();
        transaction.rollback().unwrap();
    });
    assert_scratch_is_clean(&fixture.root());
    fixture.events.take()
}

#[test]
fn a_panic_at_any_step_leaves_the_home_as_before_or_as_after() {
    for script in SCRIPTS {
        let whole = Fixture::new();
        script.prepare(&whole);
        let before = whole.snapshot();
        whole.locked(|locked| script.run(locked)).unwrap();
        let after = whole.snapshot();
        for step in 1.. {
            let fixture = Fixture::new();
            script.prepare(&fixture);
            let count = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&count);
            let checkpoint: super::super::Checkpoint = Arc::new(move |_| {
                assert!(
                    counted.fetch_add(1, Ordering::Relaxed) + 1 != step,
                    "stop here"
                );
            });
            let run = || fixture.locked_at(Some(checkpoint), |locked| script.run(locked));
            let ended = catch_unwind(AssertUnwindSafe(run));
            // What the panic prevented in the rollback itself, the next operation does.
            fixture.locked(|_| ());
            let found = fixture.snapshot();
            assert!(
                found == before || found == after,
                "{script:?} at {step}: {found:#?}"
            );
            assert_scratch_is_clean(&fixture.root());
            if ended.is_ok() {
                break;
            }
        }
    }
}

#[test]
fn an_early_return_takes_everything_back() {
    let fixture = Fixture::new();
    let before = fixture.snapshot();
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "test", Some(&x())).unwrap();
        transaction
            .write(&HomePath::manifest(), b"new", Access::Shared)
            .unwrap();
        assert!(transaction.remove(&path("plugins/none")).is_err());
    });
    assert_eq!(fixture.snapshot(), before);
    assert_scratch_is_clean(&fixture.root());
}

#[test]
fn a_commit_that_git_refuses_hands_the_transaction_back() {
    let fixture = Fixture::new();
    let before = fixture.snapshot();
    let hook = fixture.root().join(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\necho not today >&2\nexit 1\n").unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&hook, executable).unwrap();
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "test", Some(&x())).unwrap();
        transaction
            .write(&HomePath::manifest(), b"new", Access::Shared)
            .unwrap();
        let plan = CommitPlan {
            message: "refused",
            paths: &[HomePath::manifest()],
            auto_commit: true,
        };
        let failed = transaction.commit(&plan).map(drop).unwrap_err();
        assert_eq!(
            failed.error.kind(),
            ErrorKind::CommitRefused,
            "{}",
            failed.error
        );
        // Still there, for what has to happen before the files go.
        assert_eq!(fixture.read("manifest.yaml"), "new");
        failed.transaction.rollback().unwrap();
    });
    assert_eq!(fixture.snapshot(), before);
}

#[test]
fn a_cancel_is_heard_until_the_commit_begins() {
    let fixture = Fixture::new();
    let before = fixture.snapshot();
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "test", Some(&x())).unwrap();
        transaction
            .write(&HomePath::manifest(), b"new", Access::Shared)
            .unwrap();
        fixture.cancel.cancel();
        let plan = CommitPlan {
            message: "cancelled",
            paths: &[HomePath::manifest()],
            auto_commit: true,
        };
        let failed = transaction.commit(&plan).map(drop).unwrap_err();
        assert_eq!(failed.error.kind(), ErrorKind::Cancelled);
    });
    assert_eq!(fixture.snapshot(), before);
}

#[test]
fn what_install_made_goes_and_what_the_user_made_meanwhile_stays() {
    let fixture = Fixture::new();
    let said = rolled_back(&fixture, || {
        fixture.write("plugins/xx/venv/lib", "made by install");
        fixture.write("plugins/xx/custom/mine", "written while install ran");
    });
    assert_eq!(
        fixture.read("plugins/xx/custom/mine"),
        "written while install ran"
    );
    assert!(!fixture.exists("plugins/xx/venv"));
    assert!(!fixture.exists("plugins/xx/run.sh"));
    assert!(!fixture.exists("plugins/xx/.env"));
    assert_eq!(said, [""; 0]);
}

#[test]
fn an_env_that_was_changed_meanwhile_stays_and_the_older_one_is_kept() {
    let fixture = Fixture::new();
    fixture.write("plugins/xx/.env", "KEY=old\n");
    let said = rolled_back(&fixture, || {
        fixture.write("plugins/xx/.env", "KEY=edited\n")
    });
    assert_eq!(fixture.read("plugins/xx/.env"), "KEY=edited\n");
    let kept: Vec<_> = fixture
        .snapshot()
        .into_iter()
        .filter(|line| line.contains("backups"))
        .collect();
    assert_eq!(kept, [".git/atk/backups/xx/<time>/.env 644 \"KEY=old\\n\""]);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(fixture.read("manifest.yaml"), MANIFEST);
}

#[test]
fn a_manifest_that_was_changed_meanwhile_gives_way_and_is_kept() {
    let fixture = Fixture::new();
    let said = rolled_back(&fixture, || {
        fixture.write("manifest.yaml", "edited meanwhile\n")
    });
    assert_eq!(fixture.read("manifest.yaml"), MANIFEST);
    let kept: Vec<_> = fixture
        .snapshot()
        .into_iter()
        .filter(|line| line.contains("backups"))
        .collect();
    assert_eq!(kept.len(), 1);
    assert!(
        kept[0].ends_with("manifest.yaml 644 \"edited meanwhile\\n\""),
        "{kept:?}"
    );
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn a_removed_directory_that_came_back_meanwhile_gives_way_and_is_kept() {
    let fixture = Fixture::new();
    Script::Remove.prepare(&fixture);
    let before = fixture.snapshot();
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "remove", Some(&x())).unwrap();
        transaction.remove(&HomePath::plugin(&x())).unwrap();
        fixture.write("plugins/xx/log", "a service still writes\n");
        transaction.rollback().unwrap();
    });
    let (kept, rest): (Vec<_>, Vec<_>) = fixture
        .snapshot()
        .into_iter()
        .partition(|line| line.contains("backups"));
    assert_eq!(rest, before);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(kept[0].contains("a service still writes"), "{kept:?}");
}

#[test]
fn answers_can_outlive_a_failed_add() {
    let fixture = Fixture::new();
    let before = fixture.snapshot();
    fixture.locked(|locked| {
        let staging = locked.staging().unwrap();
        std::fs::write(staging.path().join("run.sh"), "one\n").unwrap();
        let mut transaction = Transaction::begin(locked, "add", Some(&x())).unwrap();
        transaction.place_plugin(staging.path(), &x()).unwrap();
        transaction
            .write(&HomePath::env(&x()), b"KEY=new\n", Access::Private)
            .unwrap();
        transaction
            .write(&HomePath::manifest(), b"new\n", Access::Shared)
            .unwrap();
        transaction
            .rollback_keeping(&[HomePath::env(&x())])
            .unwrap();
    });
    assert_scratch_is_clean(&fixture.root());
    let more: Vec<_> = fixture
        .snapshot()
        .into_iter()
        .filter(|line| !before.contains(line))
        .collect();
    assert_eq!(
        more,
        [
            "plugins/xx 755 directory",
            "plugins/xx/.env 600 \"KEY=new\\n\""
        ]
    );
}

#[test]
fn what_was_deleted_from_the_scratch_is_named_and_the_rest_is_undone() {
    let fixture = Fixture::new();
    Script::Remove.prepare(&fixture);
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "remove", Some(&x())).unwrap();
        transaction.remove(&path("plugins/xx/run.sh")).unwrap();
        transaction
            .write(&HomePath::manifest(), b"new\n", Access::Shared)
            .unwrap();
        std::fs::remove_file(fixture.root().join(".git/atk/transaction/1")).unwrap();
        let error = transaction.rollback().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RecoveryFailed);
        assert!(error.to_string().contains("`plugins/xx/run.sh`"), "{error}");
        assert!(error.details().help.is_some());
    });
    assert_eq!(fixture.read("manifest.yaml"), format!("{MANIFEST}# xx\n"));
    // Said once; the home is not stuck.
    fixture.locked(|_| ());
    assert_scratch_is_clean(&fixture.root());
}

#[test]
fn a_journal_that_was_deleted_by_hand_does_not_take_the_old_files_with_it() {
    let fixture = Fixture::new();
    Script::Remove.prepare(&fixture);
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "remove", Some(&x())).unwrap();
        transaction.remove(&path("plugins/xx/run.sh")).unwrap();
        std::mem::forget(transaction);
    });
    std::fs::remove_file(fixture.root().join(".git/atk/transaction/journal")).unwrap();
    fixture.locked(|_| ());
    let kept = fixture
        .snapshot()
        .into_iter()
        .find(|line| line.contains("backups"));
    assert!(kept.is_some_and(|kept| kept.contains("edited by the user")));
    assert_scratch_is_clean(&fixture.root());
}

#[test]
fn a_damaged_journal_stops_everything_and_says_what_to_do() {
    let fixture = Fixture::new();
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "test", Some(&x())).unwrap();
        transaction
            .write(&HomePath::manifest(), b"new\n", Access::Shared)
            .unwrap();
        transaction
            .write(&HomePath::gitignore(), b"new\n", Access::Shared)
            .unwrap();
        std::mem::forget(transaction);
    });
    let journal = fixture.root().join(".git/atk/transaction/journal");
    let text = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, text.replacen("put", "dup", 1)).unwrap();
    let error = fixture.locked_at(None, |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RecoveryFailed);
    assert_eq!(error.details().path.as_deref(), Some(journal.as_path()));
    assert_eq!(fixture.read("manifest.yaml"), "new\n");
    std::fs::write(&journal, text).unwrap();
    fixture.locked(|_| ());
    assert_eq!(fixture.read("manifest.yaml"), MANIFEST);
}

#[test]
fn a_rollback_puts_back_a_directory_whose_parent_is_gone() {
    let fixture = Fixture::new();
    fixture.write("plugins/xx/lib/a", "a");
    let before = fixture.snapshot();
    fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "test", Some(&x())).unwrap();
        let a = path("plugins/xx/lib/a");
        transaction.apply(&[Change::Remove { path: &a }]).unwrap();
        std::fs::remove_dir(fixture.root().join("plugins/xx/lib")).unwrap();
        transaction.rollback().unwrap();
    });
    assert_eq!(fixture.snapshot(), before);
}
