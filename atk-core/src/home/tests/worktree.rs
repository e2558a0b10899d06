//! Homes whose `.git` is a file, and journals that another user wrote.

use std::fs;
use std::path::Path;

use super::super::{Access, HomePath, Transaction};
use super::fixture::{Fixture, assert_scratch_is_clean, x};
use super::script::Script;
use crate::error::{Error, ErrorKind};

/// Everything under a directory, as text, but for git directories.
fn tree(dir: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name();
    let entries = entries
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".git");
    entries
        .map(|entry| entry.unwrap().path().display().to_string())
        .collect()
}

/// Writes a journal whose records are these, as an operation on `plugin` would.
fn forge(scratch: &Path, plugin: &str, records: &[&str]) {
    let dir = scratch.join("transaction");
    fs::create_dir_all(&dir).unwrap();
    let mut text = format!(r#"{{"version":1,"operation":"add","plugin":"{plugin}","pid":1}}"#);
    for (index, record) in records.iter().enumerate() {
        let left = records.len() - index - 1;
        text.push_str(&format!("\n{{\"batch\":1,\"left\":{left},{record}}}"));
    }
    fs::write(dir.join("journal"), text + "\n").unwrap();
}

fn recover(fixture: &Fixture) -> Result<(), Error> {
    fixture.locked_at(None, |_| ())
}

#[test]
fn the_scratch_of_a_worktree_lies_in_its_git_directory() {
    let fixture = Fixture::worktree();
    fixture.locked(|locked| Script::Add.run(locked)).unwrap();
    let git_dir = fixture.dir.join("main/.git/worktrees/home");
    assert!(git_dir.join("atk/receipts/xx.json").exists());
    assert!(!fixture.exists(".atk") && fixture.root().join(".git").is_file());
    assert!(fixture.open(None).receipt(&x()).is_some());
    assert!(!fixture.dir.join("main/.git/atk/receipts").exists());
    let exclude = fs::read_to_string(fixture.dir.join("main/.git/info/exclude"));
    assert!(!exclude.unwrap_or_default().contains("atk"));
    fixture
        .locked(|locked| Script::Upgrade.run(locked))
        .unwrap();
    fixture.locked(|locked| Script::Remove.run(locked)).unwrap();
    assert!(!fixture.exists("plugins/xx/run.sh"));
}

#[test]
fn an_interrupted_operation_of_a_worktree_is_undone() {
    let fixture = Fixture::worktree();
    let before = tree(&fixture.root());
    fixture.locked(|locked| {
        let staging = locked.staging().unwrap();
        fs::write(staging.path().join("run.sh"), "one\n").unwrap();
        let mut transaction = Transaction::begin(locked, "add", Some(&x())).unwrap();
        transaction.place_plugin(staging.path(), &x()).unwrap();
        let env = HomePath::env(&x());
        transaction.write(&env, b"A=1\n", Access::Private).unwrap();
        std::mem::forget(transaction);
    });
    assert!(fixture.exists("plugins/xx/.env"));
    recover(&fixture).unwrap();
    assert_eq!(tree(&fixture.root()), before);
    assert_scratch_is_clean(&fixture.dir.join("main/.git/worktrees/home/atk"));
}

#[test]
fn a_submodule_has_its_scratch_in_the_git_directory_of_the_submodule() {
    let fixture = Fixture::new();
    let modules = fixture.dir.join("super/.git/modules");
    fs::create_dir_all(&modules).unwrap();
    fs::rename(fixture.root().join(".git"), modules.join("home")).unwrap();
    fs::write(
        fixture.root().join(".git"),
        "gitdir: ../super/.git/modules/home\n",
    )
    .unwrap();
    fixture.locked(|locked| Script::Add.run(locked)).unwrap();
    assert!(modules.join("home/atk/receipts/xx.json").exists());
    assert!(!fixture.exists(".atk"));
}

#[test]
fn a_worktree_whose_repository_is_gone_can_be_read_and_names_what_is_missing() {
    let fixture = Fixture::worktree();
    fs::rename(fixture.dir.join("main"), fixture.dir.join("moved")).unwrap();
    assert!(fixture.open(None).manifest_text().is_ok());
    let error = recover(&fixture).unwrap_err();
    assert!(error.to_string().contains("main/.git"), "{error}");
}

#[test]
fn a_journal_in_the_work_tree_is_never_replayed() {
    let remove_git = r#""remove":{"path":".git","n":1}"#;
    for tracked in [true, false] {
        let fixture = Fixture::worktree();
        fixture.write(".atk/transaction/1/config", "[core]\nfsmonitor = evil\n");
        forge(&fixture.root().join(".atk"), "xx", &[remove_git]);
        if tracked {
            let repository = git2::Repository::open(fixture.root()).unwrap();
            let mut index = repository.index().unwrap();
            index
                .add_path(Path::new(".atk/transaction/journal"))
                .unwrap();
            index.write().unwrap();
        }
        let before = tree(&fixture.root());
        let error = recover(&fixture).unwrap_err();
        let kind = match tracked {
            true => ErrorKind::HomeInvalid,
            false => ErrorKind::RecoveryFailed,
        };
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(".atk"), "{error}");
        assert!(error.details().help.is_some());
        assert_eq!(tree(&fixture.root()), before);
        assert!(fixture.root().join(".git").is_file());
        // Reading does not mind it.
        assert!(fixture.open(None).manifest_text().is_ok());
    }
    let fixture = Fixture::worktree();
    fixture.write(".atk/plugin.yaml", "a plugin of this very repository\n");
    recover(&fixture).unwrap();
    assert!(fixture.exists(".atk/plugin.yaml"));
}

#[test]
fn a_forged_journal_undoes_nothing_that_atk_does_not_change() {
    let identity = r#"{"kind":"dir","inode":1}"#;
    let plugin = |path: &str, from: &str| {
        format!(
            r#""plugin":{{"path":"{path}","from":["{from}",{identity}],"custom":null,"env":null}}"#
        )
    };
    let put = |path: &str, from: &str| {
        format!(
            r#""put":{{"path":"{path}","n":1,"from":"{from}","new":{identity},"old":null,"swap":false}}"#
        )
    };
    let staged = ".git/atk/staging/1";
    let forged = [
        r#""remove":{"path":".git/config","n":1}"#.to_owned(),
        r#""remove":{"path":".git","n":1}"#.to_owned(),
        r#""remove":{"path":"plugins/xx/.git","n":1}"#.to_owned(),
        r#""remove":{"path":"plugins/xx/.GIT/hooks","n":1}"#.to_owned(),
        r#""remove":{"path":"notes","n":1}"#.to_owned(),
        r#""remove":{"path":"plugins/xx/custom/a","n":1}"#.to_owned(),
        r#""remove":{"path":"plugins/xx/.env","n":1}"#.to_owned(),
        r#""remove":{"path":"plugins/other","n":1}"#.to_owned(),
        r#""make_dir":{"path":"plugins/other/custom"}"#.to_owned(),
        r#""make_dir":{"path":".git/hooks"}"#.to_owned(),
        r#""remove_dir":{"path":"plugins/xx/custom","mode":511}"#.to_owned(),
        plugin("plugins/other", staged),
        plugin("plugins/xx/custom", staged),
        plugin("plugins", staged),
        plugin(".git/atk", staged),
        plugin("plugins/xx", "plugins/other"),
        r#""plugin":{"path":"plugins/other","from":null,"custom":null,"env":null}"#.to_owned(),
        put("plugins/xx", staged),
        put("plugins/xx/a", "plugins/other/.env"),
        put(".git/hooks/pre-commit", staged),
        put("plugins/other/.env", staged),
    ];
    for record in &forged {
        let fixture = Fixture::new();
        fixture.write("notes", "mine\n");
        for plugin in ["xx", "other"] {
            fixture.write(&format!("plugins/{plugin}/custom/a"), "mine\n");
            fixture.write(&format!("plugins/{plugin}/.env"), "A=1\n");
            fixture.write(&format!("plugins/{plugin}/run.sh"), "run\n");
        }
        let scratch = fixture.root().join(".git/atk");
        // A record of ATK's own above it is not undone either.
        let own = r#""make_dir":{"path":"plugins/xx/lib"}"#;
        fixture.write("plugins/xx/lib/.keep", "");
        fs::remove_file(fixture.root().join("plugins/xx/lib/.keep")).unwrap();
        forge(&scratch, "xx", &[record, own]);
        fs::write(scratch.join("transaction/1"), "planted").unwrap();
        let before = (fixture.snapshot(), fixture.read(".git/config"));
        let error = recover(&fixture).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RecoveryFailed, "{record}: {error}");
        assert!(error.details().help.is_some(), "{record}");
        assert_eq!(
            (fixture.snapshot(), fixture.read(".git/config")),
            before,
            "{record}"
        );
    }
}
