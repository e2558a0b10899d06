//! Entries that others changed, made or removed, and files that cannot be read.

use super::*;

#[test]
fn an_edited_entry_is_kept_until_it_is_forced() {
    let sandbox = home();
    plug(&sandbox, &["--to", "cursor"]);
    let file = sandbox.path("user/.cursor/mcp.json");
    let edited = fs::read_to_string(&file)
        .unwrap()
        .replace("\"exec\"", "\"mine\"");
    fs::write(&file, &edited).unwrap();
    assert_eq!(plugs(&sandbox), ["cursor edited"]);
    assert_eq!(plug(&sandbox, &["--to", "cursor"]), ["cursor kept"]);
    assert_eq!(unplug(&sandbox, &[]), ["cursor kept"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), edited);
    let forced = sandbox.atk(&["plug", "--json", "srv-tool", "--to", "cursor", "--force"]);
    let forced = forced.succeeds().json();
    let backup = forced["plugins"][0]["outcome"]["entries"][0]["backup"].as_str();
    let kept = fs::read_to_string(backup.unwrap()).unwrap();
    assert!(kept.contains("\"mine\""), "{kept}");
    assert_eq!(plugs(&sandbox), ["cursor ok"]);
    fs::write(&file, &edited).unwrap();
    assert_eq!(unplug(&sandbox, &["--force"]), ["cursor removed"]);
    assert!(!file.exists());
}

#[test]
fn what_an_agent_adds_to_an_entry_is_no_edit_and_survives() {
    let sandbox = home();
    plug(&sandbox, &["--to", "roo"]);
    let (_, file) = all_agents(&sandbox)
        .into_iter()
        .find(|(id, _)| id == "roo")
        .unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let used = text.replace(
        "\"command\"",
        "\"alwaysAllow\": [\"x\"],\n      \"command\"",
    );
    fs::write(&file, used).unwrap();
    assert_eq!(plugs(&sandbox), ["roo ok"]);
    assert_eq!(
        plug(&sandbox, &["--to", "roo", "--values"]),
        ["roo replaced"]
    );
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("alwaysAllow") && text.contains(SECRET),
        "{text}"
    );
    assert_eq!(unplug(&sandbox, &[]), ["roo removed"]);
}

#[test]
fn a_foreign_entry_is_an_error_until_it_is_adopted() {
    let sandbox = home();
    let text = "{\"mcpServers\": {\"srv-tool\": {\"command\": \"theirs\"}}}\n";
    sandbox.files("user").file(".cursor/mcp.json", text);
    let file = sandbox.path("user/.cursor/mcp.json");
    assert_eq!(plugs(&sandbox), ["cursor foreign"]);
    let refused = sandbox.atk(&["plug", "srv-tool", "--to", "cursor,claude"]);
    assert_eq!(
        refused.fails(1).stderr,
        format!(
            "error: `{}` of Cursor has an entry `srv-tool` that ATK did not write\n\
             help: pass --adopt to take it over, or --to to name other agents\n",
            file.display()
        )
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert!(!sandbox.path("user/.claude.json").exists(), "all or none");
    assert_eq!(unplug(&sandbox, &[]), Vec::<String>::new());
    let adopted = plug(&sandbox, &["--to", "cursor", "--adopt"]);
    assert_eq!(adopted, ["cursor adopted"]);
    assert_eq!(plugs(&sandbox), ["cursor ok"]);
    let backups = tree(&sandbox.home().join(".git/atk/backups"));
    let kept = backups.values().next().unwrap();
    assert!(String::from_utf8_lossy(kept).contains("theirs"));
}

#[test]
fn entries_of_the_python_tool_are_recognised() {
    let sandbox = home();
    // As `claude mcp add` writes what the Python tool passes to it: the command as it is declared.
    let entry = json!({"type": "stdio", "command": "./serve", "args": ["--x"],
        "env": {"TOKEN": SECRET}});
    let claude = format!("{{\"mcpServers\": {{\"srv-tool\": {entry}}}}}\n");
    sandbox.files("user").file(".claude.json", &claude);
    assert_eq!(plug(&sandbox, &["--to", "claude"]), ["claude adopted"]);
    let file = fs::read_to_string(sandbox.path("user/.claude.json")).unwrap();
    assert!(file.contains("exec") && !file.contains(SECRET), "{file}");
    // One with more in it is not the tool's.
    unplug(&sandbox, &[]);
    let mine = claude.replace("\"args\"", "\"headers\": {}, \"args\"");
    assert_ne!(mine, claude);
    sandbox.files("user").file(".claude.json", &mine);
    sandbox
        .atk(&["plug", "srv-tool", "--to", "claude"])
        .fails(1);
}

#[test]
fn missing_outdated_and_orphaned_entries_are_told_apart() {
    let sandbox = home();
    plug(&sandbox, &["--to", "cursor,claude,kiro", "--values"]);
    fs::remove_file(sandbox.path("user/.claude.json")).unwrap();
    sandbox
        .atk(&["setup", "srv-tool", "--env", "TOKEN=new"])
        .succeeds();
    assert_eq!(
        plugs(&sandbox),
        ["claude missing", "cursor outdated", "kiro outdated"]
    );
    let again = plug(&sandbox, &["--to", "claude,cursor", "--values"]);
    assert_eq!(again, ["claude added", "cursor replaced"]);
    assert_eq!(plugs(&sandbox), ["claude ok", "cursor ok", "kiro outdated"]);
    let manifest = sandbox.home().join("manifest.yaml");
    let text = fs::read_to_string(&manifest).unwrap();
    let (head, _) = text.split_once("plugins:").unwrap();
    fs::write(&manifest, format!("{head}plugins: []\n")).unwrap();
    assert!(
        plugs(&sandbox)
            .iter()
            .all(|plug| plug.ends_with(" orphaned"))
    );
    assert_eq!(unplug(&sandbox, &[]).len(), 3);
    assert_eq!(plugs(&sandbox), Vec::<String>::new());
}

#[test]
fn a_link_into_dotfiles_stays_and_its_target_keeps_its_mode() {
    let sandbox = home();
    sandbox.files("user").file("dotfiles/cursor.json", "{}\n");
    let target = sandbox.path("user/dotfiles/cursor.json");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
    fs::create_dir(sandbox.path("user/.cursor")).unwrap();
    let link = sandbox.path("user/.cursor/mcp.json");
    symlink("../dotfiles/cursor.json", &link).unwrap();
    plug(&sandbox, &["--to", "cursor"]);
    assert!(link.is_symlink());
    assert!(fs::read_to_string(&target).unwrap().contains("srv-tool"));
    assert_eq!(
        fs::metadata(&target).unwrap().permissions().mode() & 0o777,
        0o640
    );
    unplug(&sandbox, &[]);
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(&target).unwrap(), "{}\n");
    let files = fs::read_dir(sandbox.path("user/dotfiles")).unwrap();
    assert_eq!(files.count(), 1, "nothing is left beside the target");
}

#[test]
fn a_file_that_cannot_be_parsed_is_not_touched() {
    let sandbox = home();
    let text = "{\n  \"mcpServers\": {\n    oops\n  }\n";
    sandbox.files("user").file(".cursor/mcp.json", text);
    let file = sandbox.path("user/.cursor/mcp.json");
    let refused = sandbox.atk(&["plug", "--json", "srv-tool", "--to", "claude,cursor"]);
    let error = refused.fails(1).json();
    assert_eq!(error["error"]["code"], "agent_file_invalid");
    let problem = &error["error"]["details"]["problems"][0];
    assert_eq!(problem["line"], 3);
    assert!(problem["column"].as_u64().unwrap() >= 5, "{problem}");
    assert_eq!(problem["file"], file.display().to_string());
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert!(!sandbox.path("user/.claude.json").exists(), "all or none");
}

#[test]
fn a_file_that_atk_made_goes_with_its_entry_whichever_home_made_it() {
    let mut sandbox = home();
    fs::create_dir_all(sandbox.path("user/.continue")).unwrap();
    let before = tree(&sandbox.path("user"));
    let agents = "cursor,codex,goose,opencode,continue";
    let set_up = |sandbox: &Sandbox| {
        let token = format!("TOKEN={SECRET}");
        sandbox.atk(&["init"]).succeeds();
        sandbox.atk(&["add", "./srv", "--env", &token]).succeeds();
    };
    // The home is gone, and made again: its entries are those that it would write.
    plug(&sandbox, &["--to", agents]);
    fs::remove_dir_all(sandbox.home()).unwrap();
    set_up(&sandbox);
    let adopted = plug(&sandbox, &["--to", agents]);
    assert!(
        adopted.iter().all(|one| one.ends_with(" adopted")),
        "{adopted:?}"
    );
    assert_eq!(unplug(&sandbox, &["--force"]).len(), 5);
    assert_eq!(tree(&sandbox.path("user")), before);

    // Another home: its entries are foreign.
    plug(&sandbox, &["--to", agents]);
    sandbox.set("ATK_HOME", sandbox.path("other"));
    set_up(&sandbox);
    sandbox.atk(&["plug", "srv-tool", "--to", agents]).fails(1);
    let adopted = plug(&sandbox, &["--to", agents, "--adopt"]);
    assert!(
        adopted.iter().all(|one| one.ends_with(" adopted")),
        "{adopted:?}"
    );
    assert_eq!(unplug(&sandbox, &["--force"]).len(), 5);
    assert_eq!(tree(&sandbox.path("user")), before);
}

#[test]
fn a_file_of_the_users_stays_when_the_entry_that_was_adopted_goes() {
    let sandbox = home();
    let entry = json!({"command": "atk", "args": ["exec", "srv-tool"]});
    for (text, left) in [
        // The entry of another home, in a file that ATK would have written otherwise.
        (
            format!("{{\"mcpServers\": {{\"srv-tool\": {entry}}}}}\n"),
            "{\"mcpServers\": {}}\n",
        ),
        // The form that ATK writes, and a server that it does not start.
        (
            "{\n  \"mcpServers\": {\n    \"srv-tool\": {\n      \"command\": \"theirs\"\n    }\n  }\n}\n"
                .to_owned(),
            "{\n  \"mcpServers\": {\n  }\n}\n",
        ),
    ] {
        sandbox.files("user").file(".cursor/mcp.json", &text);
        plug(&sandbox, &["--to", "cursor", "--adopt"]);
        assert_eq!(unplug(&sandbox, &["--force"]), ["cursor removed"]);
        let file = fs::read_to_string(sandbox.path("user/.cursor/mcp.json")).unwrap();
        assert_eq!(file, left);
    }
}
