//! Coding agents: which are there, and what is written into their files.

mod following;
mod kinds;
mod odd;
mod secrets;
mod skills;
mod states;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use atk_tests::repository::{Repository, Tree};
use atk_tests::sandbox::{Finished, Sandbox, atk_binary};
use serde_json::{Value, json};

/// The ids of the agents that are installed.
fn installed(sandbox: &Sandbox) -> Vec<String> {
    let agents = sandbox.atk(&["agents", "--json"]).succeeds().json();
    let agents = agents.as_array().unwrap().iter();
    let installed = agents.filter(|agent| agent["installed"] == true);
    let ids = installed.map(|agent| agent["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[test]
fn an_agent_is_installed_if_its_program_or_its_files_are_there() {
    let mut sandbox = Sandbox::new();
    sandbox.set("PATH", sandbox.path("user/bin"));
    assert_eq!(installed(&sandbox), Vec::<String>::new());
    sandbox
        .files("user")
        .exec("bin/gemini", "#!/bin/sh\ntouch was-run\n")
        .file("bin/opencode", "not executable")
        .file(".claude/x", "")
        .file(".config/Code/User/settings.json", "{}");
    fs::create_dir_all(sandbox.path("moved")).unwrap();
    sandbox.set("CODEX_HOME", sandbox.path("moved"));
    assert_eq!(installed(&sandbox), ["claude", "codex", "vscode", "gemini"]);
    let shown = sandbox.atk(&["agents"]).succeeds().stdout;
    let user = sandbox.path("user").display().to_string();
    let codex = shown.lines().find(|line| line.contains("codex")).unwrap();
    let moved = sandbox.path("moved/config.toml");
    assert!(codex.ends_with(&moved.display().to_string()), "{shown}");
    assert!(shown.contains(&format!("{user}/.claude.json")), "{shown}");
    assert!(!sandbox.path("work/was-run").exists());
}

const SECRET: &str = "pl4nted-s3cret";

/// A home with the local plugin `srv`, which has a secret.
fn home() -> Sandbox {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/srv")
        .definition(
            "Srv Tool",
            "env_vars:
- {name: TOKEN, required: true, secret: true}
mcp: {transport: stdio, command: ./serve, args: [--x], env: [TOKEN]}
",
        )
        .exec("serve", "#!/bin/sh\necho \"$TOKEN\" \"$@\"\n");
    let token = format!("TOKEN={SECRET}");
    sandbox.atk(&["add", "./srv", "--env", &token]).succeeds();
    sandbox
}

/// The words that start the server by way of ATK.
fn exec(sandbox: &Sandbox) -> Vec<String> {
    let home = sandbox.home().display().to_string();
    let atk = atk_binary().display().to_string();
    [&atk, "exec", "srv-tool", "--home", &home]
        .map(str::to_owned)
        .to_vec()
}

/// Each plug as `<agent> <state>`.
fn plugs(sandbox: &Sandbox) -> Vec<String> {
    let plugs = sandbox.atk(&["plugs", "--json"]).succeeds().json();
    let plugs = plugs.as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    plugs
        .map(|plug| format!("{} {}", text(&plug["agent"]), text(&plug["state"])))
        .collect()
}

/// What became of the entries of the only plugin, as `<agent> <change>`.
fn changes(ended: Finished) -> Vec<String> {
    let report = ended.succeeds().json();
    let entries = report["plugins"][0]["outcome"]["entries"].as_array();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entries = entries.unwrap().iter();
    entries
        .map(|entry| format!("{} {}", text(&entry["agent"]), text(&entry["change"])))
        .collect()
}

fn plug(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    changes(sandbox.atk(&[&["plug", "--json", "srv-tool"], args].concat()))
}

fn unplug(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    changes(sandbox.atk(&[&["unplug", "--json", "srv-tool"], args].concat()))
}

/// Every file below a directory, with its bytes.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut pending = vec![root.to_owned()];
    while let Some(directory) = pending.pop() {
        for item in fs::read_dir(directory).unwrap() {
            let path = item.unwrap().path();
            match path.is_dir() {
                true => pending.push(path),
                false => drop(files.insert(path.clone(), fs::read(path).unwrap())),
            }
        }
    }
    files
}

/// The ids of the agents that have a file on this system.
fn all_agents(sandbox: &Sandbox) -> Vec<(String, PathBuf)> {
    let agents = sandbox.atk(&["agents", "--json"]).succeeds().json();
    let agents = agents.as_array().unwrap().iter();
    let known = agents.filter_map(|agent| {
        let file = PathBuf::from(agent["file"].as_str()?);
        Some((agent["id"].as_str().unwrap().to_owned(), file))
    });
    known.collect()
}

#[test]
fn unplugging_leaves_every_file_as_it_was_or_none_if_there_was_none() {
    let sandbox = home();
    let user = sandbox.path("user");
    let before = tree(&user);
    let agents = all_agents(&sandbox);
    let ids = agents.iter().map(|(id, _)| id.as_str());
    let ids = ids.collect::<Vec<_>>().join(",");
    let expect = |what: &str| -> Vec<String> {
        agents
            .iter()
            .map(|(id, _)| format!("{id} {what}"))
            .collect()
    };
    assert_eq!(agents.len(), 15, "all but Claude Desktop");
    assert_eq!(plug(&sandbox, &["--to", &ids]), expect("added"));
    for (id, file) in &agents {
        let text = fs::read_to_string(file).unwrap();
        assert!(
            text.contains("exec") && text.contains("srv-tool"),
            "{id}: {text}"
        );
        let mode = fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{id}");
    }
    assert_eq!(plug(&sandbox, &["--to", &ids]), expect("unchanged"));
    assert!(plugs(&sandbox).iter().all(|plug| plug.ends_with(" ok")));
    let mut removed = unplug(&sandbox, &[]);
    removed.sort();
    let mut expected = expect("removed");
    expected.sort();
    assert_eq!(removed, expected);
    assert_eq!(tree(&user), before);
    assert!(!user.join(".cursor").exists(), "its directory was ATK's");
    assert_eq!(plugs(&sandbox), Vec::<String>::new());

    // Files with entries of others, and what only their authors like.
    let json = "// mine\n{\n\t\"a\": [1,2 , 3], // c\n\t\"KEY\": {\n\t\t\"other\": {\"command\": \"x\"},\n\t},\n}";
    let toml = "# mine\r\n[KEY.other]\r\ncommand = \"x\" # c\r\n\r\n[z]\r\na = 1\r\n";
    let yaml = "# mine\nKEY:\n  other:\n    cmd: x # c\nz: [1, 2]\n";
    let list = "name: Mine\nversion: 1.0.0\nKEY:\n- name: other # c\n  command: x\n";
    let listed = sandbox.atk(&["agents", "--json"]).succeeds().json();
    for agent in listed.as_array().unwrap() {
        let Some(file) = agent["file"].as_str() else {
            continue;
        };
        let text = match (agent["id"].as_str(), agent["format"].as_str()) {
            (Some("continue"), _) => list,
            (_, Some("json")) => json,
            (_, Some("toml")) => toml,
            _ => yaml,
        };
        fs::create_dir_all(Path::new(file).parent().unwrap()).unwrap();
        fs::write(file, text.replace("KEY", agent["key"].as_str().unwrap())).unwrap();
    }
    let before = tree(&user);
    assert_eq!(plug(&sandbox, &["--to", &ids]), expect("added"));
    for (id, file) in &agents {
        let text = fs::read_to_string(file).unwrap();
        let old = String::from_utf8(before[file].clone()).unwrap();
        assert!(text.len() > old.len(), "{id}");
        for line in old.lines() {
            assert!(text.contains(line), "{id}: `{line}` is not in\n{text}");
        }
    }
    unplug(&sandbox, &[]);
    assert_eq!(tree(&user), before);
}

#[test]
fn no_secret_is_in_any_file_or_output_unless_values_are_asked_for() {
    let sandbox = home();
    let agents = all_agents(&sandbox);
    let ids = agents.iter().map(|(id, _)| id.as_str());
    let ids = ids.collect::<Vec<_>>().join(",");
    let leaks = || -> Vec<PathBuf> {
        let mut found = Vec::new();
        for root in [sandbox.path("user"), sandbox.home()] {
            let files = tree(&root).into_iter();
            let holds = |bytes: &[u8]| {
                bytes
                    .windows(SECRET.len())
                    .any(|part| part == SECRET.as_bytes())
            };
            found.extend(
                files
                    .filter(|(_, bytes)| holds(bytes))
                    .map(|(path, _)| path),
            );
        }
        found
    };
    let env = sandbox.home().join("plugins/srv-tool/.env");
    for form in [&[][..], &["--refs"]] {
        let args = [&["plug", "srv-tool", "--to", &ids, "--json", "-v"], form].concat();
        let ended = sandbox.atk(&args).succeeds();
        assert!(!ended.stdout.contains(SECRET) && !ended.stderr.contains(SECRET));
        assert_eq!(leaks(), std::slice::from_ref(&env), "{form:?}");
    }
    // With values, each file holds it, only its owner may read it, and the user is told.
    let cursor = sandbox.path("user/.cursor/mcp.json");
    fs::set_permissions(&cursor, fs::Permissions::from_mode(0o644)).unwrap();
    let args = ["plug", "srv-tool", "--to", "cursor", "--values"];
    let dry = sandbox
        .atk(&[&args[..], &["--dry-run"]].concat())
        .succeeds();
    assert!(dry.stdout.contains("\"TOKEN\":\"***\""), "{}", dry.stdout);
    assert!(!dry.stdout.contains(SECRET));
    let ended = sandbox.atk(&args).succeeds();
    assert!(!ended.stdout.contains(SECRET) && !ended.stderr.contains(SECRET));
    let warning = format!(
        "warning: `{}` now holds the values of: TOKEN\n",
        cursor.display()
    );
    assert_eq!(ended.stderr, warning);
    assert_eq!(leaks(), [cursor.clone(), env]);
    let mode = fs::metadata(&cursor).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_agent_can_start_what_was_written() {
    let sandbox = home();
    plug(&sandbox, &["--to", "claude"]);
    let file = fs::read_to_string(sandbox.path("user/.claude.json")).unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    let entry = &file["mcpServers"]["srv-tool"];
    let words = exec(&sandbox);
    assert_eq!(
        *entry,
        json!({"type": "stdio", "command": words[0], "args": words[1..]})
    );
    let mut command = sandbox.program(&words[0]);
    command.args(&words[1..]).env_remove("ATK_HOME");
    let ended = sandbox.spawn(command).wait().succeeds();
    assert_eq!(ended.stdout, format!("{SECRET} --x\n"));
}

#[test]
fn without_a_choice_every_installed_agent_is_plugged_and_named() {
    let mut sandbox = home();
    let path = std::env::join_paths([sandbox.path("user/bin"), "/usr/bin".into(), "/bin".into()]);
    sandbox.set("PATH", path.unwrap());
    let none = sandbox.atk(&["plug", "srv-tool"]).fails(2).stderr;
    assert!(none.contains("no coding agent was found"), "{none}");
    fs::create_dir(sandbox.path("user/.codex")).unwrap();
    fs::create_dir(sandbox.path("user/.kiro")).unwrap();
    let ended = sandbox.atk(&["plug", "--all"]).succeeds();
    assert_eq!(ended.stderr, "agents found: Codex, Kiro\n");
    assert_eq!(plugs(&sandbox), ["codex ok", "kiro ok"]);
    let unknown = sandbox.atk(&["plug", "srv-tool", "--to", "codx"]);
    assert_eq!(
        unknown.fails(2).stderr,
        "error: `codx` is not a known agent\nhelp: did you mean `codex`?\n"
    );
}

#[test]
fn a_failure_in_the_middle_takes_back_what_was_written() {
    let sandbox = home();
    sandbox
        .files("user")
        .file(".claude.json", "{\"a\": 1}")
        .file(".cursor/mcp.json", "{\"b\": 2}");
    // ATK does not replace what its owner has protected.
    let file = sandbox.path("user/.cursor/mcp.json");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    let refused = sandbox.atk(&["plug", "srv-tool", "--to", "claude,cursor"]);
    let said = refused.fails(1).stderr;
    assert!(said.contains("it is read-only"), "{said}");
    let claude = fs::read_to_string(sandbox.path("user/.claude.json")).unwrap();
    assert_eq!(claude, "{\"a\": 1}");
    assert_eq!(plugs(&sandbox), Vec::<String>::new());
}

#[test]
fn a_project_has_files_of_its_own() {
    let sandbox = home();
    fs::create_dir_all(sandbox.path("work/project")).unwrap();
    let args = [
        "--project",
        "project",
        "--to",
        "claude,copilot,goose,continue",
    ];
    assert_eq!(
        plug(&sandbox, &args),
        [
            "claude added",
            "copilot skipped",
            "goose skipped",
            "continue added"
        ]
    );
    let block = sandbox.path("work/project/.continue/mcpServers/srv-tool.yaml");
    let text = fs::read_to_string(block).unwrap();
    let head = "name: ATK\nversion: 1.0.0\nschema: v1\n";
    assert!(text.starts_with(head), "{text}");
    assert_eq!(unplug(&sandbox, &["--project", "project"]).len(), 2);
    let left = fs::read_dir(sandbox.path("work/project")).unwrap();
    assert_eq!(left.count(), 0);
    let nowhere = sandbox.atk(&["plug", "srv-tool", "--to", "claude", "--project", "x"]);
    nowhere.fails(2);
}

/// The other program replaces the whole file, as agents do, each time with one more line.
#[test]
fn a_program_that_writes_all_the_time_loses_nothing() {
    let sandbox = home();
    let file = sandbox.path("user/.claude.json");
    fs::write(&file, "{\"n\": 0}").unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut last = 0;
            while !stop.load(Ordering::Relaxed) {
                // Each write keeps what is there, as a program does that read it just before.
                let Ok(mut now) = serde_json::from_slice::<Value>(&fs::read(&file).unwrap()) else {
                    continue;
                };
                assert!(now["n"].as_u64().unwrap() >= last, "a write is lost");
                last += 1;
                now["n"] = last.into();
                let new = file.with_extension("new");
                fs::write(&new, now.to_string()).unwrap();
                fs::rename(&new, &file).unwrap();
                std::thread::sleep(Duration::from_millis(40));
            }
            last
        });
        for _ in 0..6 {
            // It may give up, but never loses anything.
            let _ = sandbox.atk(&["plug", "srv-tool", "--to", "claude"]);
            let _ = sandbox.atk(&["unplug", "srv-tool"]);
        }
        stop.store(true, Ordering::Relaxed);
        let last = writer.join().unwrap();
        let now: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(now["n"], last);
        assert!(last > 3, "{last}");
    });
    // What the writer brought back from its own memory is foreign or gone; nothing is half.
    assert!(plugs(&sandbox).len() <= 1);
}

#[test]
fn the_entry_of_an_agent_is_printed_in_its_format() {
    let sandbox = home();
    let words = exec(&sandbox);
    let print = |args: &[&str]| {
        let ended = sandbox.atk(&[&["mcp", "srv-tool"], args].concat());
        ended.succeeds().stdout
    };
    let codex = print(&["--agent", "codex"]);
    assert!(
        codex.starts_with("[mcp_servers.srv-tool]\ncommand = "),
        "{codex}"
    );
    let goose = print(&["--agent", "goose"]);
    assert!(goose.starts_with("extensions:\n  srv-tool:\n"), "{goose}");
    let cursor = print(&["--agent", "cursor"]);
    let cursor: Value = serde_json::from_str(&cursor).unwrap();
    let entry = json!({"command": words[0], "args": words[1..]});
    assert_eq!(cursor["mcpServers"]["srv-tool"], entry);
    let json = print(&["--agent", "cursor", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json, json!({"srv-tool": entry}));
    assert!(![codex, goose].iter().any(|text| text.contains(SECRET)));
    sandbox.atk(&["mcp", "srv-tool", "--agent", "x"]).fails(2);
}

/// The table of the documentation says what the program says.
#[test]
fn every_agent_is_documented() {
    let sandbox = Sandbox::new();
    let table = include_str!("../../docs/agents.md");
    let agents = sandbox.atk(&["agents", "--json"]).succeeds().json();
    for agent in agents.as_array().unwrap() {
        let text = |field: &str| agent[field].as_str().unwrap_or_default().to_owned();
        let id = format!("| {} | `{}` |", text("name"), text("id"));
        let line = table.lines().find(|line| line.starts_with(&id));
        let line = line.unwrap_or_else(|| panic!("no line for {id}"));
        let transports = agent["transports"].as_array().unwrap().iter();
        let transports: Vec<_> = transports.map(|one| one.as_str().unwrap()).collect();
        let file = text("file");
        let file = file.rsplit('/').next().unwrap();
        for part in [
            &text("project_file"),
            &text("key"),
            &text("reference"),
            file,
        ] {
            assert!(line.contains(part), "{id} has no `{part}`: {line}");
        }
        let column = format!("| {} |", transports.join(" "));
        assert!(line.contains(&column), "{id}: {line}");
    }
}
