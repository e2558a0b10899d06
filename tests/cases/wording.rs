//! The words that scripts and people search for: in the command's output and in its documents.

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;

/// A home with a local plugin `mine`, and a git plugin `tool` at its newest commit.
fn home() -> Sandbox {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    sandbox.atk(&["add", &tool.file_url(), "-y"]).succeeds();
    sandbox
}

fn message(sandbox: &Sandbox, args: &[&str], code: i32) -> String {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let document = sandbox.atk(&args).fails(code).json();
    document["error"]["message"].as_str().unwrap().to_owned()
}

#[test]
fn an_unknown_plugin_is_not_found_whatever_the_command() {
    let sandbox = home();
    for command in [
        &["install", "nope"][..],
        &["upgrade", "nope"],
        &["upgrade", "nope", "--dry-run"],
        &["setup", "nope"],
        &["remove", "nope", "--force"],
        &["uninstall", "nope", "-y"],
        &["start", "nope"],
        &["status", "nope"],
        &["logs", "nope"],
        &["mcp", "nope"],
        &["help", "nope"],
    ] {
        assert_eq!(
            message(&sandbox, command, 4),
            "plugin `nope` not found",
            "{command:?}"
        );
        let shown = sandbox.atk(command).fails(4).stderr;
        assert!(
            shown.starts_with("error: plugin `nope` not found\n"),
            "{command:?}: {shown}"
        );
    }
    let run = sandbox.atk(&["run", "nope", "script"]).fails(4).stderr;
    assert!(run.starts_with("error: plugin `nope` not found\n"), "{run}");
}

#[test]
fn a_plugin_that_exists_names_the_command_that_upgrades_it() {
    let sandbox = home();
    let tool = format!("file://{}", sandbox.path("repos/tool").display());
    for (source, directory) in [("./mine", "mine"), (tool.as_str(), "tool")] {
        let core = format!("plugin `{directory}` exists");
        // What is said of a repository that is known under another spelling stands before it.
        let message = message(&sandbox, &["add", source, "-y"], 5);
        assert!(message.ends_with(&core), "{message}");
        let shown = sandbox.atk(&["add", source, "-y"]).fails(5).stderr;
        let error = format!("{core}, use `atk upgrade {directory}`\n");
        let help = format!("help: to replace it, run `atk remove {directory}` first\n");
        assert!(shown.contains(&format!("{error}{help}")), "{shown}");
        let there = "help: its files are in the home: change them there\n";
        assert_eq!(shown.ends_with(there), directory == "mine", "{shown}");
    }
}

#[test]
fn a_local_plugin_cannot_be_upgraded_and_the_newest_is_up_to_date() {
    let sandbox = home();
    let words = "local plugins cannot be upgraded";
    assert_eq!(message(&sandbox, &["upgrade", "mine"], 1), words);
    assert_eq!(
        message(&sandbox, &["upgrade", "mine", "--dry-run"], 1),
        words
    );
    let shown = sandbox.atk(&["upgrade", "mine"]).fails(1).stderr;
    assert!(
        shown.starts_with(&format!("error: {words}, use `atk add`\n")),
        "{shown}"
    );
    let one = sandbox.atk(&["upgrade", "tool"]).succeeds().stdout;
    assert_eq!(one, "tool: already up to date\n");
    let all = sandbox.atk(&["upgrade", "--all"]).succeeds().stdout;
    assert!(all.contains(&format!("mine: {words}\n")), "{all}");
    assert!(all.contains("tool: already up to date\n"), "{all}");
}
