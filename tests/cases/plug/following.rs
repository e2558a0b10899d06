//! Entries follow their plugin: when it is upgraded, and when it is removed.

use super::*;

/// A home with the git plugin `tool`, whose server has one argument.
fn git_tool(sandbox: &Sandbox) -> Repository {
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition(
            "Tool",
            "mcp: {transport: stdio, command: sh, args: [one]}\n",
        )
    });
    sandbox.atk(&["add", "-y", &tool.file_url()]).succeeds();
    tool
}

fn next(tool: &Repository, more: &str) {
    tool.tree(".atk").definition("Tool", more);
    tool.commit("next");
}

#[test]
fn an_upgrade_changes_the_entries_whose_content_changes() {
    let sandbox = Sandbox::with_home();
    let tool = git_tool(&sandbox);
    let say = |args: &[&str]| sandbox.atk(args).succeeds();
    say(&["plug", "tool", "--to", "claude"]);
    say(&["plug", "tool", "--to", "cursor,kiro", "--values"]);
    let file = |path: &str| fs::read_to_string(sandbox.path(path)).unwrap();
    let kiro = file("user/.kiro/settings/mcp.json").replace("one", "mine");
    fs::write(sandbox.path("user/.kiro/settings/mcp.json"), &kiro).unwrap();
    let claude = file("user/.claude.json");

    next(&tool, "mcp: {transport: stdio, command: sh, args: [two]}\n");
    let plan = say(&["upgrade", "tool", "--dry-run", "--json"]).json();
    let planned = &plan["plugins"][0]["outcome"]["plugs"];
    assert_eq!(planned.as_array().unwrap().len(), 1, "{planned}");
    assert_eq!(planned[0]["agent"], "cursor");
    let shown = say(&["upgrade", "tool", "--dry-run"]).stdout;
    assert!(shown.contains("~ entry for the agent cursor\n"), "{shown}");
    assert!(file("user/.cursor/mcp.json").contains("one"), "nothing yet");

    say(&["upgrade", "tool", "-y"]);
    assert!(file("user/.cursor/mcp.json").contains("two"));
    assert_eq!(file("user/.claude.json"), claude, "`atk exec` is the same");
    assert_eq!(file("user/.kiro/settings/mcp.json"), kiro, "edited");
    assert_eq!(plugs(&sandbox), ["claude ok", "cursor ok", "kiro edited"]);
}

#[test]
fn a_failed_upgrade_leaves_the_files_of_agents_alone() {
    let sandbox = Sandbox::with_home();
    let tool = git_tool(&sandbox);
    let args = ["plug", "tool", "--to", "cursor", "--values"];
    sandbox.atk(&args).succeeds();
    let before = tree(&sandbox.path("user"));
    next(
        &tool,
        "lifecycle: {install: 'exit 3', uninstall: 'true'}\nmcp: {transport: stdio, command: sh, args: [two]}\n",
    );
    sandbox.atk(&["upgrade", "tool", "-y"]).fails(6);
    assert_eq!(tree(&sandbox.path("user")), before);
    assert_eq!(plugs(&sandbox), ["cursor ok"]);
    // A file that cannot be changed does not fail the upgrade: the entry is outdated then.
    next(&tool, "mcp: {transport: stdio, command: sh, args: [two]}\n");
    let file = sandbox.path("user/.cursor/mcp.json");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    let said = sandbox.atk(&["upgrade", "tool", "-y"]).succeeds().stderr;
    assert!(said.contains("is still that of the old version"), "{said}");
    assert_eq!(plugs(&sandbox), ["cursor outdated"]);
    // The server is gone from the plugin.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    sandbox.atk(&args).succeeds();
    next(&tool, "");
    sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(plugs(&sandbox), ["cursor outdated"]);
}

#[test]
fn removing_a_plugin_unplugs_it_first() {
    let sandbox = home();
    sandbox.files("user").file(".claude.json", "{\"a\": 1}\n");
    let before = tree(&sandbox.path("user"));
    plug(&sandbox, &["--to", "claude,cursor"]);
    let removed = sandbox.atk(&["remove", "srv-tool", "-y", "--json"]);
    let removed = removed.succeeds().json();
    assert_eq!(removed["unplugged"].as_array().unwrap().len(), 2);
    assert_eq!(tree(&sandbox.path("user")), before);
    assert_eq!(plugs(&sandbox), Vec::<String>::new());
}

#[test]
fn a_removal_that_fails_restores_the_entries() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/srv").definition(
        "Srv Tool",
        "lifecycle: {install: 'true', uninstall: 'exit 3'}\nmcp: {transport: stdio, command: sh}\n",
    );
    sandbox.atk(&["add", "./srv"]).succeeds();
    sandbox
        .files("user")
        .file(".claude.json", "{\"mcpServers\": {}, \"z\": 1}\n");
    plug(&sandbox, &["--to", "claude,cursor"]);
    let before = tree(&sandbox.path("user"));
    let ledger = fs::read(sandbox.home().join(".git/atk/plugs.json")).unwrap();
    sandbox.atk(&["remove", "srv-tool", "-y"]).fails(6);
    assert_eq!(tree(&sandbox.path("user")), before);
    let after = fs::read(sandbox.home().join(".git/atk/plugs.json")).unwrap();
    assert_eq!(String::from_utf8(after), String::from_utf8(ledger));
    assert_eq!(plugs(&sandbox), ["claude ok", "cursor ok"]);

    // An unreadable file keeps the plugin, unless failures are ignored. An edited entry stays.
    let cursor = sandbox.path("user/.cursor/mcp.json");
    let text = fs::read_to_string(&cursor).unwrap();
    fs::write(&cursor, "{ oops").unwrap();
    sandbox.atk(&["remove", "srv-tool", "-y"]).fails(1);
    assert!(sandbox.home().join("plugins/srv-tool").exists());
    fs::write(&cursor, text.replace("\"exec\"", "\"mine\"")).unwrap();
    let ended = sandbox.atk(&["remove", "srv-tool", "-y", "--ignore-failures"]);
    let said = ended.succeeds().stderr;
    assert!(said.contains("was edited and stays there"), "{said}");
    assert_eq!(plugs(&sandbox), ["cursor edited"]);
    let orphan = sandbox.atk(&["unplug", "srv-tool", "--force"]).succeeds();
    assert!(
        orphan.stdout.contains("unplugged from cursor"),
        "{orphan:?}"
    );
    assert!(!cursor.exists());
}
