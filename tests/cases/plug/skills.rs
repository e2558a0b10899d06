//! Skills: placed for agents, kept true, and removed.

use super::*;

const SKILL: &str = "---\nname: lore\ndescription: Knows things\n---\nRead more.\n";

/// A home with the local plugin `lore`, which is only a skill. It has secrets, and files that it does
/// not ship.
fn with_skill() -> Sandbox {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/lore")
        .definition("Lore", "env_vars: [{name: TOKEN, secret: true}]\n")
        .file("SKILL.md", SKILL)
        .exec("scripts/run.sh", "#!/bin/sh\n")
        .file("custom/notes", SECRET);
    let token = format!("TOKEN={SECRET}");
    sandbox.atk(&["add", "./lore", "--env", &token]).succeeds();
    sandbox.files("home/plugins/lore").file("untracked", SECRET);
    sandbox
}

/// What became of the skill, as `<agent> <change>`.
fn lore(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    changes(sandbox.atk(&[args, &["lore", "--json"]].concat()))
}

fn clean_copies(sandbox: &Sandbox) -> Vec<String> {
    let skills = sandbox.home().join(".git/atk/skills");
    let Ok(skills) = fs::read_dir(skills) else {
        return Vec::new();
    };
    let name = |item: std::io::Result<fs::DirEntry>| item.unwrap().file_name();
    skills
        .map(|item| name(item).into_string().unwrap())
        .collect()
}

/// The names below a directory, links followed.
fn below(root: &Path) -> Vec<String> {
    let files = tree(&root.canonicalize().unwrap()).into_keys();
    let root = root.canonicalize().unwrap();
    let inner = |path: PathBuf| path.strip_prefix(&root).unwrap().display().to_string();
    files.map(inner).collect()
}

const SHIPPED: [&str; 3] = ["SKILL.md", "plugin.yaml", "scripts/run.sh"];

#[test]
fn a_skill_is_linked_to_a_copy_without_secrets_and_removed_again() {
    let sandbox = with_skill();
    let before = tree(&sandbox.path("user"));
    let args = ["plug", "--to", "claude,codex,gemini,goose"];
    let dry = sandbox.atk(&[&args[..], &["lore", "--dry-run"]].concat());
    let dry = dry.succeeds().stdout;
    assert!(
        dry.contains("skill Lore would be plugged into claude ("),
        "{dry}"
    );
    assert_eq!(tree(&sandbox.path("user")), before);
    assert_eq!(clean_copies(&sandbox), [""; 0]);
    let added = [
        "claude added",
        "codex added",
        "gemini added",
        "goose skipped",
    ];
    assert_eq!(lore(&sandbox, &args), added);
    let copy = sandbox.home().join(".git/atk/skills/lore");
    for place in [".claude/skills/lore", ".agents/skills/lore"] {
        let place = sandbox.path("user").join(place);
        assert_eq!(fs::read_link(&place).unwrap(), copy);
        assert_eq!(below(&place), SHIPPED);
    }
    let mode = |path: &str| fs::metadata(copy.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("SKILL.md"), mode("scripts/run.sh")), (0o644, 0o755));
    for bytes in tree(&copy).into_values() {
        assert!(!String::from_utf8(bytes).unwrap().contains(SECRET));
    }
    let ok = ["claude ok", "codex ok", "gemini ok"];
    assert_eq!(plugs(&sandbox), ok);
    assert_eq!(
        lore(&sandbox, &args)[..3],
        ["claude unchanged", "codex unchanged", "gemini unchanged"]
    );

    // It stays for the agent that still uses it.
    assert_eq!(
        lore(&sandbox, &["unplug", "--to", "codex"]),
        ["codex removed"]
    );
    assert_eq!(plugs(&sandbox), ["claude ok", "gemini ok"]);
    assert!(sandbox.path("user/.agents/skills/lore").exists());
    assert_eq!(lore(&sandbox, &["plug", "--to", "codex"]), ["codex added"]);
    assert_eq!(plugs(&sandbox), ok);
    let removed = ["codex removed", "gemini removed", "claude removed"];
    assert_eq!(lore(&sandbox, &["unplug"]), removed);
    assert_eq!(tree(&sandbox.path("user")), before);
    assert!(!sandbox.path("user/.agents").exists());
    assert!(!sandbox.path("user/.claude").exists());
    assert_eq!(clean_copies(&sandbox), [""; 0]);
    assert_eq!(plugs(&sandbox), [""; 0]);
}

#[test]
fn a_skill_can_be_copied_and_belong_to_a_project() {
    let sandbox = with_skill();
    fs::create_dir(sandbox.path("work/project")).unwrap();
    let args = ["plug", "--to", "claude,zed", "--project", "project"];
    assert_eq!(lore(&sandbox, &args), ["claude added", "zed added"]);
    let place = sandbox.path("work/project/.agents/skills/lore");
    assert!(place.is_symlink());
    let copied = lore(&sandbox, &[&args[..], &["--copy"]].concat());
    assert_eq!(copied, ["claude replaced", "zed replaced"]);
    assert!(!place.is_symlink());
    assert_eq!(below(&place), SHIPPED);
    assert_eq!(lore(&sandbox, &args), ["claude replaced", "zed replaced"]);
    assert!(place.is_symlink());
    assert_eq!(lore(&sandbox, &["unplug", "--project", "project"]).len(), 2);
    assert_eq!(
        fs::read_dir(sandbox.path("work/project")).unwrap().count(),
        0
    );
}

#[test]
fn what_is_at_the_place_of_a_skill_is_kept_until_it_is_adopted_or_forced() {
    let sandbox = with_skill();
    let place = sandbox.path("user/.agents/skills/lore");
    let outside = sandbox.files("outside");
    outside.file("SKILL.md", "theirs");
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    let plug = ["plug", "--to", "codex"];
    let adopt = [&plug[..], &["--adopt"]].concat();
    let backup = |report: Value| {
        let backup = &report["plugins"][0]["outcome"]["entries"][0]["backup"];
        PathBuf::from(backup.as_str().unwrap())
    };
    // A link of someone else's, and a directory.
    for is_link in [true, false] {
        match is_link {
            true => symlink(sandbox.path("outside"), &place).unwrap(),
            false => drop(
                sandbox
                    .files("user/.agents/skills/lore")
                    .file("SKILL.md", "mine"),
            ),
        }
        sandbox.atk(&["plug", "lore", "--to", "zed"]).fails(1);
        let refused = sandbox
            .atk(&[&plug[..], &["lore"]].concat())
            .fails(1)
            .stderr;
        assert!(
            refused.contains("exists, and ATK did not place it"),
            "{refused}"
        );
        let adopted = sandbox.atk(&[&adopt[..], &["lore", "--json"]].concat());
        let kept = backup(adopted.succeeds().json());
        match is_link {
            true => assert_eq!(fs::read_link(kept).unwrap(), sandbox.path("outside")),
            false => assert_eq!(fs::read_to_string(kept.join("SKILL.md")).unwrap(), "mine"),
        }
        assert_eq!(below(&place), SHIPPED);
        assert_eq!(lore(&sandbox, &["unplug"]), ["codex removed"]);
        assert!(!place.is_symlink());
    }
    assert_eq!(
        fs::read_to_string(sandbox.path("outside/SKILL.md")).unwrap(),
        "theirs"
    );

    // A copy that was edited.
    let copy = [&plug[..], &["--copy"]].concat();
    assert_eq!(lore(&sandbox, &copy), ["codex added"]);
    fs::write(place.join("SKILL.md"), "edited").unwrap();
    assert_eq!(plugs(&sandbox), ["codex edited"]);
    assert_eq!(lore(&sandbox, &copy), ["codex kept"]);
    assert_eq!(lore(&sandbox, &["unplug"]), ["codex kept"]);
    assert_eq!(
        fs::read_to_string(place.join("SKILL.md")).unwrap(),
        "edited"
    );
    let forced = sandbox.atk(&["unplug", "lore", "--force", "--json"]);
    let kept = backup(forced.succeeds().json());
    assert_eq!(fs::read_to_string(kept.join("SKILL.md")).unwrap(), "edited");
    assert!(!place.exists());

    // One that is gone, and one that a user placed where ATK would.
    assert_eq!(lore(&sandbox, &plug), ["codex added"]);
    fs::remove_file(&place).unwrap();
    assert_eq!(plugs(&sandbox), ["codex missing"]);
    assert_eq!(lore(&sandbox, &plug), ["codex added"]);
    fs::remove_file(&place).unwrap();
    assert_eq!(lore(&sandbox, &["unplug"]), ["codex missing"]);
    fs::create_dir_all(sandbox.path("user/.codex")).unwrap();
    fs::create_dir_all(&place).unwrap();
    assert_eq!(plugs(&sandbox), ["codex foreign"]);
}

#[test]
fn a_skill_follows_its_plugin() {
    let sandbox = Sandbox::with_home();
    let skill = |text: &str| format!("---\nname: tool\ndescription: d\n---\n{text}\n");
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files
            .definition("Tool", "mcp: {transport: stdio, command: sh}\n")
            .file("SKILL.md", skill("one"))
    });
    sandbox.atk(&["add", "-y", &tool.file_url()]).succeeds();
    let say = |args: &[&str]| sandbox.atk(args).succeeds();
    say(&["plug", "tool", "--to", "claude"]);
    say(&["plug", "tool", "--to", "codex", "--copy"]);
    let read = |place: &str| fs::read_to_string(sandbox.path("user").join(place)).unwrap();
    let (claude, codex) = (
        ".claude/skills/tool/SKILL.md",
        ".agents/skills/tool/SKILL.md",
    );
    tool.tree(".atk")
        .file("SKILL.md", skill("two"))
        .file("new", "n");
    tool.commit("next");
    let plan = say(&["upgrade", "tool", "--dry-run", "--json"]).json();
    let planned = plan["plugins"][0]["outcome"]["plugs"].as_array().unwrap();
    let planned: Vec<_> = planned
        .iter()
        .map(|plug| format!("{} {}", plug["agent"], plug["kind"]))
        .collect();
    assert_eq!(planned, ["\"codex\" \"skill\"", "\"claude\" \"skill\""]);
    let shown = say(&["upgrade", "tool", "--dry-run"]).stdout;
    assert!(shown.contains("~ skill for the agent codex\n"), "{shown}");
    assert_eq!((read(claude), read(codex)), (skill("one"), skill("one")));
    say(&["upgrade", "tool", "-y"]);
    assert_eq!((read(claude), read(codex)), (skill("two"), skill("two")));
    assert_eq!(read(".claude/skills/tool/new"), "n");
    let ok = ["claude ok", "claude ok", "codex ok", "codex ok"];
    assert_eq!(plugs(&sandbox), ok);

    // An edited copy stays as it is; so does the plugin's own file until it is plugged in again.
    fs::write(sandbox.home().join("plugins/tool/SKILL.md"), skill("mine")).unwrap();
    assert_eq!(plugs(&sandbox)[1], "claude outdated");
    say(&["plug", "tool", "--to", "claude"]);
    assert_eq!(read(claude), skill("mine"));
    fs::write(sandbox.path("user").join(codex), "edited").unwrap();
    tool.tree(".atk").file("SKILL.md", skill("three"));
    tool.commit("next");
    say(&["upgrade", "tool", "-y"]);
    assert_eq!(
        (read(claude), read(codex)),
        (skill("three"), "edited".to_owned())
    );

    // Without a skill, and without the plugin.
    tool.tree(".atk").remove("SKILL.md");
    tool.commit("next");
    say(&["upgrade", "tool", "-y"]);
    assert_eq!(plugs(&sandbox)[1], "claude outdated");
    let said = say(&["remove", "tool", "-y"]).stderr;
    assert!(said.contains("was edited and stays"), "{said}");
    assert!(!sandbox.path("user/.claude").exists());
    assert_eq!(plugs(&sandbox), ["codex edited"]);
    say(&["unplug", "tool", "--force"]);
    assert!(!sandbox.path("user/.agents").exists());
    assert_eq!(clean_copies(&sandbox), [""; 0]);
}

#[test]
fn a_removal_that_fails_restores_the_skill() {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/lore")
        .definition(
            "Lore",
            "lifecycle: {install: 'true', uninstall: 'exit 3'}\n",
        )
        .file("SKILL.md", SKILL);
    sandbox.atk(&["add", "./lore"]).succeeds();
    lore(&sandbox, &["plug", "--to", "claude"]);
    lore(&sandbox, &["plug", "--to", "codex", "--copy"]);
    let before = tree(&sandbox.path("user"));
    let ledger = fs::read(sandbox.home().join(".git/atk/plugs.json")).unwrap();
    sandbox.atk(&["remove", "lore", "-y"]).fails(6);
    assert_eq!(tree(&sandbox.path("user")), before);
    let after = fs::read(sandbox.home().join(".git/atk/plugs.json")).unwrap();
    assert_eq!(String::from_utf8(after), String::from_utf8(ledger));
    assert_eq!(plugs(&sandbox), ["claude ok", "codex ok"]);
}

#[test]
fn a_failure_takes_the_skill_back() {
    let sandbox = with_skill();
    fs::create_dir_all(sandbox.path("user/.agents")).unwrap();
    fs::write(sandbox.path("user/.agents/skills"), "a file").unwrap();
    let before = tree(&sandbox.path("user"));
    let args = ["plug", "lore", "--to", "claude,codex"];
    sandbox.atk(&args).fails(1);
    assert_eq!(tree(&sandbox.path("user")), before);
    assert!(!sandbox.path("user/.claude").exists());
    assert_eq!(plugs(&sandbox), [""; 0]);
}

#[test]
fn a_skill_that_agents_would_not_load_is_a_warning_or_an_error() {
    let sandbox = home();
    let files = sandbox.files("home/plugins/srv-tool");
    files.file("SKILL.md", "# No front matter\n");
    let ended = sandbox
        .atk(&["plug", "srv-tool", "--to", "claude"])
        .succeeds();
    assert_eq!(
        ended.stderr,
        "warning: its skill is not plugged in: SKILL.md:1:1: the file must begin with a line `---`\n"
    );
    assert!(!sandbox.path("user/.claude").exists());
    sandbox.files("work/bare").definition("Bare", "");
    sandbox.atk(&["add", "./bare"]).succeeds();
    let said = sandbox
        .atk(&["plug", "bare", "--to", "claude"])
        .fails(5)
        .stderr;
    assert_eq!(
        said,
        "error: `Bare` declares no MCP server, and has no skill\n"
    );
}

#[test]
fn a_skill_below_the_directory_of_its_plugin_is_a_warning_that_names_it() {
    let sandbox = Sandbox::with_home();
    let nested = |files: Tree| {
        files
            .file("skills/x/SKILL.md", "---\nname: x\ndescription: d\n---\n")
            .file("custom/y/SKILL.md", "the user's")
    };
    nested(
        sandbox
            .files("work/near")
            .definition("Near", "mcp: {transport: stdio, command: sh}\n"),
    );
    nested(sandbox.files("work/bare").definition("Bare", ""));
    let far = Repository::tool(&sandbox.repos(), "far", |files| {
        nested(files.definition("Far", "mcp: {transport: stdio, command: sh}\n"))
    });
    sandbox.atk(&["add", "./near"]).succeeds();
    sandbox.atk(&["add", "./bare"]).succeeds();
    sandbox.atk(&["add", "-y", &far.file_url()]).succeeds();
    let warning = |name: &str| {
        format!(
            "agents do not get `plugins/{name}/skills/x/SKILL.md`: the skill of a plugin is \
             `plugins/{name}/SKILL.md`; move the skill there with `name: {name}`, or create a separate \
             plugin for it"
        )
    };
    for name in ["near", "far"] {
        let plugged = sandbox.atk(&["plug", name, "--to", "claude", "--json"]);
        let report = plugged.succeeds().json();
        let warnings = &report["plugins"][0]["outcome"]["warnings"];
        assert_eq!(*warnings, serde_json::json!([warning(name)]));
    }
    assert!(!sandbox.path("user/.claude/skills").exists());
    let bare = sandbox.atk(&["plug", "bare", "--to", "claude"]).fails(5);
    let expected = format!(
        "warning: {}\nerror: `Bare` declares no MCP server, and has no skill\n",
        warning("bare")
    );
    assert_eq!(bare.stderr, expected);
    // With a skill of its own, the files below may be parts of it.
    let own = "---\nname: near\ndescription: d\n---\n";
    sandbox.files("home/plugins/near").file("SKILL.md", own);
    let plugged = sandbox.atk(&["plug", "near", "--to", "claude"]).succeeds();
    assert_eq!(plugged.stderr, "");
}

/// The lines are those of the Python tool 0.4.0 (`atk.agents.claude_skill`, `codex_skill`).
#[test]
fn the_lines_of_the_python_tool_are_removed_and_nothing_else() {
    let sandbox = with_skill();
    let skill = sandbox.home().canonicalize().unwrap();
    let skill = skill.join("plugins/lore/SKILL.md").display().to_string();
    let section = |line: &str| {
        format!(
            "# Mine  \r\n{line}\n\n<!-- ATK:BEGIN -->\n{line}@/else/SKILL.md\n<!-- ATK:END -->\nx"
        )
    };
    let reference = format!("@{skill}\n");
    let directive = format!("Read {skill} for instructions on using the Lore MCP tools.\n");
    let write = || {
        sandbox
            .files("user")
            .file(".claude/CLAUDE.md", section(&reference))
            .file(".codex/AGENTS.md", section(&directive));
    };
    let read = |path: &str| fs::read_to_string(sandbox.path("user").join(path)).unwrap();
    let left = |line: &str| section(line).replace(&format!("BEGIN -->\n{line}"), "BEGIN -->\n");
    write();
    assert_eq!(
        lore(&sandbox, &["unplug", "--to", "claude"]),
        ["claude removed"]
    );
    assert_eq!(read(".claude/CLAUDE.md"), left(&reference));
    assert_eq!(read(".codex/AGENTS.md"), section(&directive));
    let all = sandbox
        .atk(&["unplug", "--all", "--json"])
        .succeeds()
        .json();
    assert_eq!(all["plugins"][0]["outcome"]["entries"][0]["agent"], "codex");
    assert_eq!(read(".codex/AGENTS.md"), left(&directive));
    write();
    sandbox.atk(&["remove", "lore", "-y"]).succeeds();
    assert_eq!(read(".claude/CLAUDE.md"), left(&reference));
    assert_eq!(read(".codex/AGENTS.md"), left(&directive));
}

/// A process that was killed left its temporary file, and a change that is pending.
#[test]
fn what_a_killed_process_left_is_removed_by_the_next_command() {
    let sandbox = home();
    plug(&sandbox, &["--to", "cursor"]);
    let ledger = sandbox.home().join(".git/atk/plugs.json");
    let text = fs::read_to_string(&ledger).unwrap();
    let killed = text.replace("\"form\"", "\"pending\": \"removing\", \"form\"");
    // The name is that which this home gives its files.
    let directory = sandbox.path("user/.cursor");
    let prefix = {
        let root = sandbox.home().canonicalize().unwrap();
        let mut hash = sandbox.program("git");
        hash.args(["hash-object", "--stdin"]);
        let id = sandbox.run_with_input(hash, root.to_str().unwrap());
        let id = id.succeeds().stdout;
        format!(".atk-{}-", &id[..8])
    };
    let left = directory.join(format!("{prefix}abcdef.tmp"));
    for command in [
        &["plugs"][..],
        &["plug", "srv-tool", "--to", "zed"],
        &["unplug", "srv-tool"],
    ] {
        fs::write(&left, SECRET).unwrap();
        fs::write(directory.join(".atk-mine.tmp"), "mine").unwrap();
        fs::write(&ledger, &killed).unwrap();
        sandbox.atk(command).succeeds();
        assert!(!left.exists(), "{command:?}");
        assert!(directory.join(".atk-mine.tmp").exists());
        assert!(!fs::read_to_string(&ledger).unwrap().contains("pending"));
    }
}
