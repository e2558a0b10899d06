//! What a removal keeps in backups: files of the user that git never had.

use super::*;

/// The files below a directory, with their contents.
fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(next) = dirs.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                dirs.push(path);
            } else {
                let inner = path.strip_prefix(dir).unwrap().display().to_string();
                found.push(format!("{inner}: {}", fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn files_that_git_never_had_are_shown_and_kept_in_private_backups() {
    let sandbox = with_local("");
    sandbox
        .files("home/plugins/mine")
        .file(".gitignore", "data/\n*.log\n")
        .file("data/deep/table", "rows")
        .file("run.log", "log")
        .file("prod.env", "TOKEN=s3cret")
        .file(".env", "ANSWER=s3cret")
        .file("custom/.ENV.bak", "TOKEN=s3cret")
        .file("custom/notes", "tracked");
    let said = sandbox
        .atk_with_input(&["remove", "mine"], "no\n")
        .succeeds()
        .stderr;
    for shown in [
        "moves to the backups plugins/mine/data/, which git does not have (ignored by a rule)",
        "moves to the backups plugins/mine/run.log, which git does not have (ignored by a rule)",
        "moves to the backups plugins/mine/prod.env, which git does not have (may hold secrets)",
        "moves to the backups plugins/mine/custom/.ENV.bak, which git does not have",
    ] {
        assert!(said.contains(shown), "{shown}: {said}");
    }
    let removed = sandbox
        .atk(&["remove", "mine", "--force", "--json"])
        .succeeds()
        .json();
    let kept = Path::new(removed["backup"].as_str().unwrap());
    assert_eq!(
        files(kept),
        [
            "custom/.ENV.bak: TOKEN=s3cret",
            "data/deep/table: rows",
            "prod.env: TOKEN=s3cret",
            "run.log: log"
        ]
    );
    assert_eq!(kept.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let warning = removed["warnings"].to_string();
    assert!(warning.contains("prod.env") && !warning.contains("s3cret"));
    assert!(!sandbox.home().join("plugins/mine").exists());
    let ever = sandbox.git(&["log", "--all", "--name-only", "--format="]);
    assert!(
        ever.contains("custom/notes") && !ever.to_lowercase().contains(".env"),
        "{ever}"
    );
}

#[test]
fn of_a_fetched_plugin_only_what_is_the_users_is_kept() {
    let sandbox = Sandbox::with_home();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").file("lib/code", "code\n")
    });
    sandbox.atk(&["add", "-y", &tool.file_url()]).succeeds();
    let remove = |kept: bool| {
        let removed = sandbox
            .atk(&["remove", "tool", "--force", "--json"])
            .succeeds()
            .json();
        assert_eq!(removed["backup"].is_string(), kept, "{removed}");
        removed["backup"]
            .as_str()
            .map(|kept| files(Path::new(kept)))
    };
    sandbox
        .files("home/plugins/tool")
        .file("venv/bin/python", "made by the plugin\n")
        .file(".env", "A=1\n")
        .file("custom/run.sh", "mine\n");
    let asked = sandbox
        .atk_with_input(&["remove", "tool"], "no\n")
        .succeeds()
        .stderr;
    assert!(
        asked.contains("deletes plugins/tool/venv, which is not part of the plugin"),
        "{asked}"
    );
    assert!(!asked.contains("tool/lib,"), "{asked}");
    assert_eq!(remove(false), None);
    sandbox.atk(&["add", "-y", &tool.file_url()]).succeeds();
    sandbox
        .files("home/plugins/tool")
        .file("custom/prod.env", "TOKEN=x")
        .file("custom/.gitignore", "scratch\n")
        .file("custom/scratch/x", "x");
    assert_eq!(
        remove(true).unwrap(),
        ["prod.env: TOKEN=x", "scratch/x: x"].map(|line| format!("custom/{line}"))
    );
}

#[test]
fn nothing_of_a_home_that_does_not_commit_is_lost_either() {
    let sandbox = with_local("");
    let manifest = sandbox
        .read("manifest.yaml")
        .replace("auto_commit: true", "auto_commit: false");
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox
        .files("home/plugins/mine")
        .file("skill.md", "edited\n")
        .file("new", "new\n");
    let removed = sandbox
        .atk(&["remove", "mine", "--force", "--json"])
        .succeeds()
        .json();
    let kept = files(Path::new(removed["backup"].as_str().unwrap()));
    assert!(kept.contains(&"skill.md: edited\n".to_owned()), "{kept:?}");
    assert!(kept.contains(&"new: new\n".to_owned()), "{kept:?}");
}

#[test]
fn what_the_plugins_own_commands_write_at_the_end_is_kept() {
    let lifecycle = "lifecycle: {install: 'true', uninstall: 'echo dump >custom/dump.sql'}\n";
    let sandbox = with_local(lifecycle);
    sandbox
        .files("home/plugins/mine")
        .file("custom/notes", "n\n");
    let removed = sandbox
        .atk(&["remove", "mine", "-y", "--json"])
        .succeeds()
        .json();
    let kept = files(Path::new(removed["backup"].as_str().unwrap()));
    assert!(
        kept.contains(&"custom/dump.sql: dump\n".to_owned()),
        "{kept:?}"
    );
}

#[test]
fn a_secret_that_the_user_committed_is_in_history_and_needs_no_backup() {
    for change in [None, Some("TOKEN=changed\n")] {
        let sandbox = with_local("");
        sandbox
            .files("home/plugins/mine")
            .file("custom/prod.env", "TOKEN=so-be-it\n");
        sandbox.git(&["add", "-f", "plugins/mine/custom/prod.env"]);
        sandbox.git(&["commit", "-qm", "So be it"]);
        if let Some(text) = change {
            sandbox
                .files("home/plugins/mine")
                .file("custom/prod.env", text);
        }
        let removed = sandbox
            .atk(&["remove", "mine", "-y", "--json"])
            .succeeds()
            .json();
        assert_eq!(removed["backup"].is_string(), change.is_some(), "{removed}");
    }
}

#[test]
fn a_removal_that_fails_leaves_no_backup() {
    let sandbox = with_local("");
    sandbox
        .files("home/plugins/mine")
        .file("prod.env", "TOKEN=x\n");
    sandbox
        .files("home/.git/hooks")
        .exec("pre-commit", "#!/bin/sh\nexit 1\n");
    let before = sandbox.snapshot();
    sandbox.atk(&["remove", "mine", "--force"]).fails(7);
    assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    let backups = sandbox.home().join(".git/atk/backups/mine");
    let left = fs::read_dir(backups).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}

#[test]
fn a_filter_that_fails_stops_a_removal_and_nothing_is_stored_unfiltered() {
    let sandbox = with_local("");
    sandbox.git(&["config", "filter.crypt.clean", "exit 1"]);
    sandbox.git(&["config", "filter.crypt.required", "true"]);
    sandbox
        .files("home/plugins/mine")
        .file("custom/.gitattributes", "secret filter=crypt\n")
        .file("custom/secret", "attack at dawn\n");
    let before = sandbox.snapshot();
    for how in ["-y", "--force"] {
        let failed = sandbox
            .atk(&["remove", "mine", how, "--json"])
            .fails(7)
            .json();
        let message = failed["error"]["message"].as_str().unwrap();
        assert!(message.contains("was not removed"), "{message}");
        assert_eq!(changes(&before, &sandbox), Vec::<String>::new());
    }
    let removed = sandbox
        .atk(&["remove", "mine", "--force", "--ignore-failures", "--json"])
        .succeeds()
        .json();
    let kept = files(Path::new(removed["backup"].as_str().unwrap()));
    assert!(
        kept.contains(&"custom/secret: attack at dawn\n".to_owned()),
        "{kept:?}"
    );
    let objects = sandbox.git(&["cat-file", "--batch-all-objects", "--batch"]);
    assert!(!objects.contains("attack"), "{objects}");
}

#[test]
fn a_hook_that_deletes_files_loses_none() {
    for hook in [
        "rm -f plugins/mine/custom/notes",
        "rm -rf plugins/mine/custom",
        "git reset -q; rm -f plugins/mine/skill.md",
    ] {
        let sandbox = with_local("");
        sandbox
            .files("home/plugins/mine")
            .file("custom/notes", "precious\n");
        sandbox
            .files("home/.git/hooks")
            .exec("pre-commit", format!("#!/bin/sh\n{hook}\n"));
        let removed = sandbox.atk(&["remove", "mine", "--force"]);
        let there = sandbox.home().join("plugins/mine/custom/notes").exists();
        let history = sandbox.git(&["log", "--all", "--format=", "--name-only"]);
        assert!(
            there || history.contains("custom/notes"),
            "{hook}: {}{}",
            removed.stdout,
            removed.stderr
        );
    }
}
