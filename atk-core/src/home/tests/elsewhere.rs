//! Homes on file systems that do not move directories, homes that were copied in the middle of an
//! operation, and worktrees on another file system than their repository.

use std::path::Path;
use std::process::Command;

use super::super::{Access, HomePath, Transaction};
use super::fixture::{Fixture, assert_scratch_is_clean, x};
use super::kill::{Expected, killed};
use super::script::{SCRIPTS, Script};
use crate::error::ErrorKind;

fn runs(command: &str, args: &[&str]) -> bool {
    let output = Command::new(command).args(args).output();
    output.is_ok_and(|output| output.status.success())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A mount, until this is dropped.
struct Mount(String);

impl Mount {
    /// None if this machine does not let us mount.
    fn new(place: &Path, args: &[&str]) -> Option<Mount> {
        let mounted = runs("mount", &[args, &[text(place)]].concat());
        mounted.then(|| Mount(text(place).to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        runs("umount", &["-l", &self.0]);
    }
}

/// A copy of a home in the lower layer of an overlay: its directories cannot be renamed.
fn overlaid(home: &Fixture) -> Option<(Mount, Fixture)> {
    let fixture = home.copy();
    let lower = fixture.dir.join("lower");
    std::fs::rename(fixture.root(), &lower).unwrap();
    let [upper, work, root] = ["upper", "work", "home"].map(|name| {
        let dir = fixture.dir.join(name);
        std::fs::create_dir(&dir).unwrap();
        dir
    });
    let layers = format!(
        "lowerdir={},upperdir={},workdir={}",
        text(&lower),
        text(&upper),
        text(&work)
    );
    let mount = Mount::new(&root, &["-t", "overlay", "overlay", "-o", &layers])?;
    Some((mount, fixture))
}

/// True if directories of the lower layer cannot be renamed, as is the rule.
fn refuses_renames(fixture: &Fixture) -> bool {
    let dir = fixture.root().join("plugins");
    let moved = std::fs::rename(&dir, fixture.root().join("moved"));
    moved.is_err_and(|error| error.kind() == std::io::ErrorKind::CrossesDevices)
}

#[test]
fn directories_that_cannot_be_renamed_are_moved_piece_by_piece() {
    for script in [Script::Remove, Script::Upgrade, Script::EachKind] {
        let expected = Expected::new(script);
        let Some((_mount, fixture)) = overlaid(&expected.pristine) else {
            return;
        };
        assert!(refuses_renames(&fixture));
        fixture.locked(|locked| script.run(locked)).unwrap();
        assert!(expected.check(&fixture, "on an overlay"), "{script:?}");
    }
}

#[test]
fn a_kill_between_two_pieces_leaves_the_home_as_before_or_as_after() {
    for script in [Script::Remove, Script::Upgrade] {
        let expected = Expected::new(script);
        let mut steps = 0;
        for step in 1.. {
            let Some((_mount, fixture)) = overlaid(&expected.pristine) else {
                return;
            };
            let dead = killed(&fixture, &format!("{script:?}"), step);
            if dead {
                // Killed while it puts back, too.
                killed(&fixture, "recover", step % 17 + 1);
            }
            expected.check(&fixture, &format!("{script:?} killed at {step}"));
            if !dead {
                break;
            }
            steps = step;
        }
        assert!(steps > 20);
    }
}

#[test]
fn a_removal_of_a_directory_that_another_mount_lies_in_is_taken_back() {
    let fixture = Fixture::new();
    Script::Remove.prepare(&fixture);
    fixture.write("plugins/xx/data/inner/f", "below the mount\n");
    let place = fixture.root().join("plugins/xx/data");
    let Some(_mount) = Mount::new(&place, &["-t", "tmpfs", "-o", "size=64k", "none"]) else {
        return;
    };
    fixture.write("plugins/xx/data/store", "precious\n");
    let before = fixture.snapshot();
    // Linux moves the directory with the mount in it, or refuses: nothing is lost either way.
    let removed = fixture.locked(|locked| {
        let mut transaction = Transaction::begin(locked, "remove", Some(&x())).unwrap();
        let removed = transaction.remove(&HomePath::plugin(&x()));
        transaction.rollback().unwrap();
        removed
    });
    assert_eq!(fixture.snapshot(), before, "{removed:?}");
}

/// Copies a home as `cp -a` and backups do, and takes the original away.
fn restored(fixture: &Fixture) -> Fixture {
    let copy = Fixture::bare();
    assert!(runs(
        "cp",
        &["-a", text(&fixture.root()), text(&copy.root())]
    ));
    std::fs::remove_dir_all(fixture.root()).unwrap();
    copy
}

#[test]
fn a_home_restored_from_a_backup_of_an_interrupted_operation_is_as_before_or_as_after() {
    for script in SCRIPTS {
        let expected = Expected::new(script);
        for step in 1.. {
            let fixture = expected.prepared();
            let dead = killed(&fixture, &format!("{script:?}"), step);
            let restored = restored(&fixture);
            expected.check(&restored, &format!("{script:?} copied at {step}"));
            if !dead {
                break;
            }
        }
    }
}

#[test]
fn what_the_user_wrote_in_a_copied_home_stays() {
    let fixture = Fixture::new();
    fixture.locked(|locked| {
        let staging = locked.staging().unwrap();
        std::fs::write(staging.path().join("run.sh"), "one\n").unwrap();
        let mut transaction = Transaction::begin(locked, "add", Some(&x())).unwrap();
        transaction.place_plugin(staging.path(), &x()).unwrap();
        let env = HomePath::env(&x());
        transaction.write(&env, b"A=1\n", Access::Private).unwrap();
        std::mem::forget(transaction);
    });
    let copy = restored(&fixture);
    copy.write("plugins/xx/.env", "A=edited\n");
    copy.write("plugins/xx/custom/mine", "mine\n");
    copy.locked(|_| ());
    assert_eq!(copy.read("plugins/xx/.env"), "A=edited\n");
    assert_eq!(copy.read("plugins/xx/custom/mine"), "mine\n");
    assert!(!copy.exists("plugins/xx/run.sh"));
    assert_scratch_is_clean(&copy.root());
}

#[test]
fn a_worktree_on_another_file_system_than_its_repository_can_be_read_but_not_changed() {
    let fixture = Fixture::worktree();
    let aside = fixture.dir.join("aside");
    std::fs::rename(fixture.root(), &aside).unwrap();
    std::fs::create_dir(fixture.root()).unwrap();
    // A bind mount of the same file system moves no files either.
    for args in [
        &["-t", "tmpfs", "-o", "size=1m", "none"][..],
        &["--bind", text(&aside)],
    ] {
        let Some(_mount) = Mount::new(&fixture.root(), args) else {
            return;
        };
        let files = format!("{}/.", text(&aside));
        assert!(args[0] == "--bind" || runs("cp", &["-a", &files, text(&fixture.root())]));
        let home = fixture.open(None);
        assert!(home.manifest_text().is_ok());
        let error = fixture.locked_at(None, |_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HomeInvalid, "{error}");
        assert!(error.to_string().contains("worktrees/home"), "{error}");
        assert!(error.details().help.is_some());
    }
}
