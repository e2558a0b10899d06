//! Whether the home is what was pinned: `verify`.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use atk_tests::repository::Repository;
use atk_tests::sandbox::{Sandbox, python_atk};
use atk_tests::server::GitServer;
use serde_json::{Value, json};

/// A home with a plugin of a repository and a local one.
struct Case {
    sandbox: Sandbox,
    tool: Repository,
    server: GitServer,
}

impl Case {
    fn new() -> Case {
        let sandbox = Sandbox::with_home();
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files
                .definition("Tool", "")
                .file("lib/a.txt", "a\n")
                .exec("run.sh", "#!/bin/sh\n")
                .link("link", "lib/a.txt")
        });
        let server = GitServer::start(sandbox.repos());
        sandbox
            .files("work/mine")
            .definition("Mine", "")
            .file("SKILL.md", "# Skill\n");
        sandbox.atk(&["add", "-y", &server.url("tool")]).succeeds();
        sandbox.atk(&["add", "./mine"]).succeeds();
        Case {
            sandbox,
            tool,
            server,
        }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.sandbox.home().join(path)
    }

    /// Makes a directory of the sandbox a copy of another.
    fn copy(&self, from: &str, to: &str) {
        let script = format!("rm -rf ../{to} && cp -a ../{from} ../{to}");
        let mut shell = self.sandbox.program("sh");
        shell.args(["-c", &script]);
        self.sandbox.spawn(shell).wait().succeeds();
    }

    /// What `verify` found, as `<kind> <path>`, and whether all is well.
    fn verify(&self, args: &[&str]) -> (bool, Vec<String>) {
        let before = self.sandbox.snapshot();
        let words = [&["verify", "--json"], args].concat();
        let done = self.sandbox.atk(&words);
        let outcome = match done.code {
            0 => done.succeeds(),
            _ => done.fails(13),
        }
        .json();
        before.assert_unchanged();
        let plugins = outcome["plugins"].as_array().unwrap();
        let of_plugins = plugins.iter().map(|line| &line["outcome"]["findings"]);
        let all = of_plugins.chain([&outcome["findings"]]);
        let found = all.flat_map(|findings| findings.as_array().unwrap().iter());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let found = found.map(|one| format!("{} {}", text(&one["kind"]), text(&one["path"])));
        (outcome["intact"] == true, found.collect())
    }
}

/// What can go wrong, and what is found then.
type Damage = (&'static str, fn(&Case));

const DAMAGES: &[Damage] = &[
    ("changed plugins/tool/lib/a.txt", |case| {
        fs::write(case.at("plugins/tool/lib/a.txt"), "b\n").unwrap();
    }),
    ("mode plugins/tool/run.sh", |case| {
        let mode = fs::Permissions::from_mode(0o644);
        fs::set_permissions(case.at("plugins/tool/run.sh"), mode).unwrap();
    }),
    ("missing plugins/tool/lib/a.txt", |case| {
        fs::remove_file(case.at("plugins/tool/lib/a.txt")).unwrap();
    }),
    ("changed plugins/tool/link", |case| {
        fs::remove_file(case.at("plugins/tool/link")).unwrap();
        fs::write(case.at("plugins/tool/link"), "lib/a.txt").unwrap();
    }),
    ("changed plugins/tool/run.sh", |case| {
        fs::remove_file(case.at("plugins/tool/run.sh")).unwrap();
        symlink("lib/a.txt", case.at("plugins/tool/run.sh")).unwrap();
    }),
    ("stamp plugins/tool/.atk-ref", |case| {
        let other = format!("{}\n", "1".repeat(40));
        fs::write(case.at("plugins/tool/.atk-ref"), other).unwrap();
    }),
    ("missing plugins/tool", |case| {
        fs::remove_dir_all(case.at("plugins/tool")).unwrap();
    }),
    ("uncommitted plugins/mine/SKILL.md", |case| {
        fs::write(case.at("plugins/mine/SKILL.md"), "# Other\n").unwrap();
    }),
    ("uncommitted plugins/mine/new.txt", |case| {
        fs::write(case.at("plugins/mine/new.txt"), "new\n").unwrap();
        case.sandbox.git(&["add", "plugins/mine/new.txt"]);
    }),
    ("missing plugins/mine/SKILL.md", |case| {
        fs::remove_file(case.at("plugins/mine/SKILL.md")).unwrap();
    }),
    ("secret_tracked plugins/mine/prod.env", |case| {
        fs::write(case.at("plugins/mine/prod.env"), "TOKEN=1\n").unwrap();
        case.sandbox.git(&["add", "-f", "plugins/mine/prod.env"]);
        case.sandbox.git(&["commit", "-qm", "by hand"]);
    }),
    ("uncommitted .gitignore", |case| {
        let text = case.sandbox.read(".gitignore");
        fs::write(case.at(".gitignore"), format!("# mine\n{text}")).unwrap();
    }),
];

#[test]
fn each_damage_is_found_and_nothing_else() {
    let case = Case::new();
    assert_eq!(case.verify(&[]), (true, Vec::new()));
    case.copy("home", "whole");
    for (expected, damage) in DAMAGES {
        damage(&case);
        assert_eq!(case.verify(&[]), (false, vec![(*expected).to_owned()]));
        case.copy("whole", "home");
    }
}

#[test]
fn one_plugin_is_verified_alone() {
    let case = Case::new();
    fs::write(case.at("plugins/tool/lib/a.txt"), "b\n").unwrap();
    fs::write(case.at("plugins/tool/made"), "").unwrap();
    fs::write(case.at("plugins/tool/lib/made"), "").unwrap();
    assert_eq!(case.verify(&["mine"]), (true, Vec::new()));
    let said = case.sandbox.atk(&["verify", "--extra"]).fails(13).stdout;
    assert_eq!(
        said,
        "tool  different\n  changed      plugins/tool/lib/a.txt\n  extra        plugins/tool/made\n  \
         extra        plugins/tool/lib/made\n1 plugin verified\n"
    );
}

#[test]
fn a_home_that_commits_by_its_user_may_be_behind() {
    let case = Case::new();
    let text = case.sandbox.read("manifest.yaml");
    let text = text.replace("auto_commit: true", "auto_commit: false");
    fs::write(case.at("manifest.yaml"), text).unwrap();
    fs::write(case.at("plugins/mine/SKILL.md"), "# Other\n").unwrap();
    assert_eq!(case.verify(&[]), (true, Vec::new()));
}

#[test]
fn a_plugin_whose_files_are_not_known_is_unknown_until_they_are_fetched() {
    let case = Case::new();
    fs::remove_file(case.at(".git/atk/receipts/tool.json")).unwrap();
    // The download cache has the commit.
    assert_eq!(case.verify(&["tool"]), (true, Vec::new()));
    fs::remove_dir_all(case.sandbox.path("cache")).unwrap();
    let asked = case.server.stats().requests;
    let unknown = case.sandbox.atk(&["verify", "--json"]).fails(13).json();
    let state = &unknown["plugins"][0]["outcome"];
    assert_eq!(state["state"], "unknown", "{state}");
    assert_eq!(case.server.stats().requests, asked);
    assert_eq!(case.verify(&["tool", "--online"]), (true, Vec::new()));
    fs::write(case.at("plugins/tool/lib/a.txt"), "b\n").unwrap();
    let found = vec!["changed plugins/tool/lib/a.txt".to_owned()];
    assert_eq!(case.verify(&["tool"]), (false, found));
    // A source that is gone is no error: nothing is known.
    fs::remove_dir_all(case.sandbox.path("cache")).unwrap();
    fs::remove_dir_all(case.tool.git_dir()).unwrap();
    let unknown = case
        .sandbox
        .atk(&["verify", "--online", "--json"])
        .fails(13);
    let state = &unknown.json()["plugins"][0]["outcome"];
    assert_eq!(state["state"], json!("unknown"), "{state}");
}

#[test]
fn a_home_of_the_python_tool_is_ok_after_one_fetch() {
    let Some(python) = python_atk() else {
        return;
    };
    let sandbox = Sandbox::new();
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").exec("run.sh", "#!/bin/sh\n")
    });
    sandbox.files("work/mine").definition("Mine", "");
    let server = GitServer::start(sandbox.repos());
    for args in [
        &["init"][..],
        &["add", "-y", &server.url("tool")],
        &["add", "-y", "./mine"],
    ] {
        let mut command = sandbox.program(&python);
        command.args(args);
        sandbox.run_with_input(command, "\n\n").succeeds();
    }
    let said = sandbox.atk(&["verify"]).fails(13).stdout;
    assert!(said.starts_with("tool  unknown\n"), "{said}");
    let said = sandbox.atk(&["verify", "--online"]).succeeds().stdout;
    assert_eq!(said, "2 plugins verified\n");
    assert_eq!(sandbox.atk(&["verify"]).succeeds().stdout, said);
}

#[test]
fn repair_puts_each_right_and_touches_nothing_else() {
    let case = Case::new();
    fs::create_dir(case.at("plugins/tool/custom")).unwrap();
    fs::write(case.at("plugins/tool/custom/note"), "mine\n").unwrap();
    fs::write(case.at("plugins/tool/.env"), "A=1\n").unwrap();
    fs::write(case.at("plugins/tool/made"), "by install\n").unwrap();
    let whole = case.sandbox.snapshot();
    case.copy("home", "whole");
    for (expected, damage) in DAMAGES {
        damage(&case);
        let damaged = case.sandbox.snapshot();
        let refused = case.sandbox.atk(&["repair"]).fails(1).stderr;
        assert!(refused.contains("confirmation"), "{refused}");
        damaged.assert_unchanged();
        case.sandbox.atk(&["repair", "-y"]).succeeds();
        assert_eq!(case.verify(&[]), (true, Vec::new()), "{expected}");
        let repaired = case.sandbox.snapshot();
        let is_kept = |line: &&str| !line.contains(".git/atk/backups");
        match expected.split(' ').next().unwrap() {
            // What is on disk stays, and a commit has it, or no longer has it.
            "uncommitted" | "secret_tracked" => {
                let difference = damaged.difference(&repaired);
                let mut lines = difference.lines();
                assert!(
                    lines.all(
                        |line| line[2..].starts_with(".git ") || line[2..].starts_with(".git/")
                    ),
                    "{difference}"
                );
                assert_eq!(case.sandbox.log()[0], "Repair the home");
                assert_eq!(
                    case.sandbox.git(&["status", "--porcelain", "plugins/mine"]),
                    ""
                );
            }
            _ if *expected == "missing plugins/tool" => {
                assert!(case.at("plugins/tool/run.sh").exists());
            }
            _ => {
                let difference = whole.difference(&repaired);
                let left: Vec<&str> = difference.lines().filter(is_kept).collect();
                assert!(left.is_empty(), "{expected}: {difference}");
            }
        }
        case.copy("whole", "home");
    }
}

#[test]
fn what_cannot_be_repaired_is_said_and_the_rest_is_repaired() {
    let case = Case::new();
    fs::remove_file(case.at("plugins/tool/run.sh")).unwrap();
    fs::remove_file(case.at("plugins/mine/SKILL.md")).unwrap();
    fs::remove_dir_all(case.sandbox.path("cache")).unwrap();
    fs::remove_dir_all(case.tool.git_dir()).unwrap();
    let said = case.sandbox.atk(&["repair", "-y"]).fails(13).stdout;
    assert!(said.contains("tool  failed: "), "{said}");
    assert!(said.contains("mine  1 file restored"), "{said}");
    case.sandbox.atk(&["repair", "-y", "mine"]).succeeds();
    case.sandbox.atk(&["repair", "-y", "tool"]).fails(7);
}
