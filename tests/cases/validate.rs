//! `validate`: every mistake of a plugin at its place, all at once, in each format.

mod sarif;
mod wrong_trees;

use std::fs;
use std::path::Path;

use atk_tests::repository::{Repository, Tree};
use atk_tests::sandbox::Sandbox;

/// A plugin without a mistake, to which a case adds one.
pub(crate) fn right(tree: Tree) -> Tree {
    tree.file(
        "plugin.yaml",
        "schema_version: \"2026-01-23\"\nname: Tool\ndescription: A tool\n",
    )
    .file("README.md", "# Tool\n")
}

/// The mistakes in definitions, each with what is found.
pub(crate) fn definition_cases() -> &'static [wrong_trees::Case] {
    wrong_trees::definitions::CASES
}

/// Each finding as `<file>:<line>:<column> <severity> <rule>`.
fn findings(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    let words = [&["validate", "--format", "json"], args].concat();
    let finished = sandbox.atk(&words);
    let outcome = finished.json();
    let lines = outcome["diagnostics"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let lines: Vec<_> = lines
        .map(|one| {
            assert!(!text(&one["message"]).is_empty() && !text(&one["fix"]).is_empty());
            let (line, column) = (&one["line"], &one["column"]);
            let (file, severity) = (text(&one["file"]), text(&one["severity"]));
            format!("{file}:{line}:{column} {severity} {}", text(&one["rule"]))
        })
        .collect();
    let has_error = lines.iter().any(|line| line.contains(" error "));
    let is_strict = args.contains(&"--strict");
    let has_warning = lines.iter().any(|line| line.contains(" warning "));
    let valid = !(has_error || is_strict && has_warning);
    assert_eq!(outcome["valid"], valid, "{lines:?}");
    let _ = match valid {
        true => finished.succeeds(),
        false => finished.fails(5),
    };
    lines
}

#[test]
fn the_real_definitions_have_no_error() {
    let sandbox = Sandbox::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/registry/plugins");
    let mut count = 0;
    for entry in fs::read_dir(data).unwrap() {
        let directory = entry.unwrap().path();
        let name = directory.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(directory.join("plugin.yaml")).unwrap();
        let alone = directory.join("plugin.yaml").display().to_string();
        let alone = findings(&sandbox, &[&alone]);
        assert!(
            alone
                .iter()
                .all(|line| line.contains(" warning secret-default")),
            "{alone:?}"
        );
        // With the scripts and compose files that it names, which are not among the data.
        let mut tree = sandbox
            .files(&format!("work/{name}"))
            .file("plugin.yaml", &text);
        tree = tree.file("README.md", "# It\n");
        for script in ["install", "uninstall", "start", "stop", "mcp"] {
            tree = tree.exec(&format!("{script}.sh"), "#!/bin/sh\n");
        }
        tree.file("docker-compose.yml", "services: {}\n")
            .file("server.py", "");
        let found = findings(&sandbox, &[&name]);
        assert!(
            found.iter().all(|line| !line.contains(" error ")),
            "{found:?}"
        );
        count += 1;
    }
    assert_eq!(count, 10);
}

#[test]
fn text_is_as_compilers_write_it_and_every_finding_has_help() {
    let sandbox = Sandbox::new();
    right(sandbox.files("work/tool"))
        .file(
            "plugin.yaml",
            "schema_version: \"2026-01-23\"\nname: Tool\ndescripton: A tool\nlifecycle:\n  start: ./run.sh\n",
        )
        .exec("runn.sh", "#!/bin/sh\n");
    let finished = sandbox.atk(&["validate", "./tool"]).fails(5);
    insta::assert_snapshot!(finished.stdout, @r"
    tool/plugin.yaml:1:1: error: description: is missing [missing-field]
      help: add `description`
    tool/plugin.yaml:3:1: error: descripton: unknown field (did you mean `description`?) [unknown-field]
      help: rename the field to `description`
    tool/plugin.yaml:5:10: error: lifecycle.start: `run.sh` does not exist in the plugin [script-missing]
      help: write `runn.sh`, or add `run.sh`
    `Tool` is not valid: 3 errors
    ");
    let before = sandbox.snapshot();
    let json = sandbox
        .atk(&["validate", "--json", "./tool"])
        .fails(5)
        .json();
    assert_eq!(json["valid"], false);
    before.assert_unchanged();
}

#[test]
fn strict_counts_warnings_and_never_notes() {
    let sandbox = Sandbox::new();
    right(sandbox.files("work/tool")).file(".gitignore", "x\n");
    assert_eq!(
        findings(&sandbox, &["./tool", "--strict"]),
        ["tool/.gitignore:1:1 note git-file-left-out"]
    );
    let shown = |args: &[&str]| sandbox.atk(args).succeeds().stdout;
    assert_eq!(shown(&["validate", "./tool"]), "`Tool` is valid\n");
    let note = "tool/.gitignore:1:1: note: `.gitignore` is left out: it would change what git tracks in the home \
                [git-file-left-out]\n  help: nothing needs to be done\n`Tool` is valid: 1 note\n";
    assert_eq!(shown(&["validate", "./tool", "-v"]), note);
    fs::remove_file(sandbox.path("work/tool/README.md")).unwrap();
    findings(&sandbox, &["./tool"]);
    sandbox.atk(&["validate", "./tool"]).succeeds();
    sandbox.atk(&["validate", "./tool", "--strict"]).fails(5);
}

#[test]
fn without_a_source_it_is_the_plugin_of_the_working_directory() {
    let sandbox = Sandbox::new();
    let inside = |directory: &str| {
        let mut command = sandbox.command(&["validate"]);
        command.current_dir(sandbox.path(directory));
        sandbox.run_with_input(command, "")
    };
    // A tool's repository.
    right(sandbox.files("work/repo/.atk")).remove("README.md");
    fs::create_dir_all(sandbox.path("work/repo/src/deep")).unwrap();
    for directory in ["work/repo", "work/repo/src/deep", "work/repo/.atk"] {
        let said = inside(directory).succeeds().stdout;
        assert!(said.contains("plugin.yaml:1:1: warning: "), "{said}");
    }
    let said = inside("work/repo").succeeds().stdout;
    assert!(said.starts_with(".atk/plugin.yaml:1:1: "), "{said}");
    // Not beyond the top of a repository.
    fs::create_dir_all(sandbox.path("work/repo/other/.git")).unwrap();
    let said = inside("work/repo/other").fails(5).stderr;
    assert!(said.contains("belongs to no plugin"), "{said}");
}

#[test]
fn files_that_git_ignores_do_not_count_unless_it_tracks_them() {
    let sandbox = Sandbox::new();
    let secret = "-----BEGIN RSA PRIVATE KEY-----\n";
    right(sandbox.files("work/tool"))
        .file(".gitignore", "/build/\n*.log\n.env\n")
        .file("build/con", "")
        .file("a.log", secret)
        .file(".env", "A=1\n");
    let git = |args: &[&str]| {
        let mut command = sandbox.program("git");
        command.current_dir(sandbox.path("work/tool")).args(args);
        sandbox.run_with_input(command, "").succeeds();
    };
    git(&["init", "-q"]);
    let ignored = "tool/.gitignore:1:1 note git-file-left-out";
    assert_eq!(findings(&sandbox, &["./tool"]), [ignored]);
    git(&["add", "-f", "a.log", "build/con"]);
    assert_eq!(
        findings(&sandbox, &["./tool"]),
        [
            ignored,
            "tool/a.log:1:1 error secret-committed",
            "tool/build/con:1:1 error path-not-allowed",
        ]
    );
}

#[test]
fn an_installed_plugin_may_have_what_is_the_users() {
    let sandbox = Sandbox::with_home();
    right(sandbox.files("work/tool"));
    sandbox.atk(&["add", "./tool"]).succeeds();
    right(sandbox.files("home/plugins/tool"))
        .file("custom/overrides.yaml", "ports: [{port: 0}]\n")
        .file(".env", "A=1\n");
    let plugin = sandbox.home().join("plugins/tool").display().to_string();
    let found = findings(&sandbox, &[&plugin]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].ends_with("plugins/tool/custom/overrides.yaml:1:16 error invalid-value"),
        "{found:?}"
    );
}

#[test]
fn a_plugin_of_a_repository_is_checked_as_it_would_be_fetched() {
    let sandbox = Sandbox::new();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        right(files)
            .file("con", "")
            .file("custom/x", "")
            .link("out", "../../x")
            .file(
                "plugin.yaml",
                "schema_version: \"2026-01-23\"\nname: Tool\ndescription: A tool\nlifecycle: {start: ./run.sh}\n",
            )
    });
    assert_eq!(
        findings(&sandbox, &[&tool.file_url()]),
        [
            ".atk/plugin.yaml:4:20 error script-missing",
            ".atk/con:1:1 error path-not-allowed",
            ".atk/custom:1:1 warning left-out",
            ".atk/out:1:1 error link-not-allowed",
        ]
    );
}

#[test]
fn what_is_no_plugin_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.files("work/empty").file("x", "");
    for (source, expected) in [
        ("./empty", "has no `plugin.yaml`"),
        ("./missing", "does not exist"),
        ("./empty/x", "neither a directory nor a `.yaml` file"),
    ] {
        let said = sandbox.atk(&["validate", source]).fails(5).stderr;
        assert!(said.contains(expected), "{said}");
    }
}
