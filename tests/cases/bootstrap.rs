//! A home on a new machine: clone, `setup`, `install`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

const INSTALL: &str = "lifecycle: {install: ./install.sh, uninstall: 'true'}\n";
const SECRET: &str =
    "env_vars: [{name: TOKEN, required: true, secret: true, description: The token}]\n";

/// A home with plugins of every kind, cloned as on a new machine: nothing of the first is left.
struct Case {
    sandbox: Sandbox,
    registry: Registry,
    tool: Repository,
    server: GitServer,
}

impl Case {
    fn new(local: bool) -> Case {
        let mut sandbox = Sandbox::with_home();
        let mut registry = Registry::new(&sandbox.repos(), "registry");
        let script = "#!/bin/sh\necho \"$TOKEN\" >installed\n";
        registry.plugin("echo", |files| {
            files
                .definition("Echo", &format!("{INSTALL}{SECRET}"))
                .exec("install.sh", script)
        });
        registry.plugin("plain", |files| files.definition("Plain", ""));
        registry.commit("Two plugins");
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files
                .definition("Tool", INSTALL)
                .exec("install.sh", "#!/bin/sh\ntouch installed\n")
        });
        let server = GitServer::start(sandbox.repos());
        sandbox.use_registry(&server.url("registry"));
        sandbox
            .atk(&["add", "-y", "echo", "--env", "TOKEN=first"])
            .succeeds();
        sandbox.atk(&["add", "-y", "plain"]).succeeds();
        sandbox.atk(&["add", "-y", &server.url("tool")]).succeeds();
        if local {
            sandbox
                .files("work/mine")
                .definition("Mine", "")
                .file("skill.md", "# Skill\n");
            sandbox.atk(&["add", "./mine"]).succeeds();
        }
        let case = Case {
            sandbox,
            registry,
            tool,
            server,
        };
        case.move_to_a_new_machine();
        case
    }

    fn move_to_a_new_machine(&self) {
        let old = self.sandbox.path("old-machine");
        fs::rename(self.sandbox.home(), &old).unwrap();
        let _ = fs::remove_dir_all(self.sandbox.path("cache"));
        let mut git = self.sandbox.program("git");
        git.args(["clone", "-q"]).arg(&old).arg(self.sandbox.home());
        self.sandbox.spawn(git).wait().succeeds();
        fs::remove_dir_all(&old).unwrap();
    }
}

#[test]
fn a_clone_without_any_plugin_directory_comes_back_with_two_commands() {
    let case = Case::new(false);
    let sandbox = &case.sandbox;
    assert!(
        !sandbox.home().join("plugins").exists(),
        "git keeps no empty directories"
    );
    // Both sources move on meanwhile: the pins count.
    case.tool
        .tree(".atk")
        .exec("install.sh", "#!/bin/sh\nexit 1\n");
    case.tool.commit("Newer and broken");
    let manifest = sandbox.read("manifest.yaml");
    let log = sandbox.log();

    case.server.reset();
    let shown = sandbox
        .atk_with_input(&["setup", "--all", "--color", "never"], "s3cret\n")
        .succeeds();
    assert_eq!(
        shown.stdout,
        "echo: set TOKEN\nplain: files fetched\ntool: files fetched\n3 plugins: 3 set up, 0 skipped, 0 failed\n"
    );
    assert_eq!(
        case.server.stats().connections,
        2,
        "{}",
        case.server.stats().summary()
    );
    let env = sandbox.home().join("plugins/echo/.env");
    assert_eq!(
        fs::metadata(&env).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        sandbox.read("plugins/echo/.env"),
        "# The token\nTOKEN=s3cret\n"
    );

    case.server.reset();
    let report = sandbox
        .atk(&["install", "--all", "--json"])
        .succeeds()
        .json();
    assert_eq!(
        case.server.stats().requests,
        0,
        "the files are there already"
    );
    let lines = report["plugins"].as_array().unwrap();
    assert!(
        lines.iter().all(|line| line["result"] == "done"),
        "{report}"
    );
    assert_eq!(lines[0]["outcome"]["installed"], true);
    assert_eq!(lines[1]["outcome"]["installed"], false);
    assert_eq!(sandbox.read("plugins/echo/installed"), "s3cret\n");
    assert!(sandbox.home().join("plugins/tool/installed").exists());
    assert_eq!(sandbox.read("manifest.yaml"), manifest);
    assert_eq!(sandbox.log(), log);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .all(|plugin| plugin["state"] == "ready"),
        "{listed}"
    );
}

#[test]
fn install_alone_fetches_too_and_says_what_each_plugin_lacks() {
    let case = Case::new(true);
    let sandbox = &case.sandbox;
    case.server.reset();
    let shown = sandbox
        .atk(&["install", "--all", "--color", "never"])
        .fails(1);
    let lines: Vec<&str> = shown.stdout.lines().collect();
    assert_eq!(lines[0], "echo: failed");
    assert!(lines[1].starts_with("plain: installed at "), "{lines:?}");
    assert!(lines[2].starts_with("tool: installed at "), "{lines:?}");
    assert_eq!(lines[3], "mine: installed");
    assert_eq!(lines[4], "4 plugins: 3 installed, 0 skipped, 1 failed");
    for text in [
        "echo: failed: required variables of `echo` have no value: TOKEN\n",
        "\n    help: pass --env TOKEN=...",
        "\n1 of 4 plugins failed\n",
    ] {
        assert!(shown.stderr.contains(text), "{}", shown.stderr);
    }
    assert_eq!(case.server.stats().connections, 2);
    assert!(
        !sandbox.home().join("plugins/echo").exists(),
        "a failure leaves no trace"
    );

    let failed = sandbox.atk(&["install", "echo", "--json"]).fails(8).json();
    assert_eq!(
        failed["error"]["details"]["variables"].to_string(),
        r#"["TOKEN"]"#
    );
    sandbox
        .atk(&["install", "echo", "--env", "TOKEN=given"])
        .succeeds();
    assert_eq!(sandbox.read("plugins/echo/installed"), "given\n");
}

#[test]
fn what_is_gone_at_its_source_does_not_stop_the_others() {
    let case = Case::new(true);
    let sandbox = &case.sandbox;
    case.tool.git(&["checkout", "-q", "--orphan", "other"]);
    case.tool.commit("Start again");
    case.tool.git(&["branch", "-M", "main"]);
    case.tool
        .git(&["reflog", "expire", "--expire=now", "--all"]);
    case.tool.git(&["gc", "-q", "--prune=now"]);
    fs::remove_dir_all(sandbox.home().join("plugins/mine")).unwrap();
    let report = sandbox
        .atk(&["install", "--all", "--json", "--env", "TOKEN=t"])
        .fails(1)
        .json();
    let line = |number: usize| &report["plugins"][number];
    assert_eq!(line(0)["result"], "done");
    assert_eq!(line(1)["result"], "done");
    assert_eq!(line(2)["error"]["code"], "pin_not_found");
    assert_eq!(line(2)["error"]["details"]["plugin"], "tool");
    let message = line(2)["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("the source of `Tool`, `http://127.0.0.1:")
            && message.contains("/tool`, no longer has the commit "),
        "{message}"
    );
    assert_eq!(line(3)["error"]["code"], "source_not_found");
    let alone = sandbox.atk(&["install", "tool", "--json"]).fails(7).json();
    assert_eq!(alone["error"]["code"], "pin_not_found");
    drop(case.registry);
}

#[test]
fn files_of_another_commit_are_replaced_and_the_users_stay() {
    let case = Case::new(false);
    let sandbox = &case.sandbox;
    sandbox.atk(&["install", "tool"]).succeeds();
    let old = case.tool.head();
    case.tool
        .tree(".atk")
        .file("more", "more\n")
        .exec("install.sh", "#!/bin/sh\necho 2 >installed\n");
    let new = case.tool.commit("Two");
    // Another machine upgraded, and this one pulled.
    let manifest = sandbox.read("manifest.yaml").replace(&old, &new);
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    fs::write(sandbox.home().join("plugins/tool/data"), "mine\n").unwrap();
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json()["plugins"].take();
    assert_eq!(listed[2]["state"], "outdated");
    sandbox.atk(&["install", "tool"]).succeeds();
    assert_eq!(sandbox.read("plugins/tool/.atk-ref"), format!("{new}\n"));
    assert_eq!(sandbox.read("plugins/tool/more"), "more\n");
    assert_eq!(sandbox.read("plugins/tool/data"), "mine\n");
    assert_eq!(sandbox.read("plugins/tool/installed"), "2\n");
}

#[test]
fn a_failing_install_command_leaves_the_plugin_as_it_was() {
    let case = Case::new(false);
    let sandbox = &case.sandbox;
    let before = sandbox.snapshot();
    let script = "#!/bin/sh\ntouch trace; echo no >&2; exit 3\n";
    case.tool.tree(".atk").exec("install.sh", script);
    let broken = case.tool.commit("Break");
    let pinned = sandbox.read("manifest.yaml");
    let tool = pinned.split("directory: tool").nth(1).unwrap();
    let pin = tool.split("ref: ").nth(1).unwrap()[..40].to_owned();
    fs::write(
        sandbox.home().join("manifest.yaml"),
        pinned.replace(&pin, &broken),
    )
    .unwrap();
    let failed = sandbox.atk(&["install", "tool", "--json"]).fails(6).json();
    assert_eq!(failed["error"]["code"], "lifecycle_failed");
    assert_eq!(failed["error"]["details"]["output"], "no");
    fs::write(sandbox.home().join("manifest.yaml"), pinned).unwrap();
    let difference = before.difference(&sandbox.snapshot());
    let unexpected: Vec<_> = difference
        .lines()
        .filter(|line| !line.contains(".git/atk"))
        .collect();
    assert_eq!(unexpected, Vec::<&str>::new());
}

#[test]
fn setup_keeps_the_file_as_it_is_written_and_masks_secrets() {
    let mut sandbox = Sandbox::with_home();
    let variables = "env_vars:\n- {name: HOST, default: localhost}\n- {name: KEY, secret: true}\n- {name: WHAT}\n";
    sandbox.files("work/mine").definition("Mine", variables);
    sandbox.atk(&["add", "./mine"]).succeeds();
    let env = sandbox.home().join("plugins/mine/.env");
    fs::write(
        &env,
        "# mine\nexport KEY='a very long secret value'\nFOREIGN=1 # stays\n\nHOST=old\n",
    )
    .unwrap();
    fs::set_permissions(&env, fs::Permissions::from_mode(0o644)).unwrap();
    sandbox.set("TERM", "dumb");
    let mut terminal = sandbox.terminal(&["setup", "mine"]);
    terminal.wait_for("HOST");
    assert!(terminal.screen().contains("old"));
    terminal.enter("new host");
    terminal.wait_for("KEY");
    assert!(
        terminal.screen().contains("****alue"),
        "{}",
        terminal.screen()
    );
    assert!(
        !terminal.screen().contains("very long"),
        "{}",
        terminal.screen()
    );
    terminal.enter("");
    terminal.wait_for("WHAT");
    terminal.enter("it's $HOME");
    terminal.wait().succeeds();
    assert_eq!(
        sandbox.read("plugins/mine/.env"),
        "# mine\nexport KEY='a very long secret value'\nFOREIGN=1 # stays\n\nHOST='new host'\n\
         _ATK_SH= : <<'_ATK_SH='\nWHAT='it\\'s $HOME'\n_ATK_SH=\n"
    );
    assert_eq!(
        fs::metadata(&env).unwrap().permissions().mode() & 0o777,
        0o600
    );
    // Nothing new: nothing is written.
    let before = sandbox.snapshot();
    sandbox.atk(&["setup", "mine"]).succeeds();
    before.assert_unchanged();
}

#[test]
fn answers_are_kept_though_others_are_missing() {
    let sandbox = Sandbox::with_home();
    let variables = "env_vars:\n- {name: AA}\n- {name: BB}\n";
    sandbox.files("work/mine").definition("Mine", variables);
    sandbox.atk(&["add", "./mine"]).succeeds();
    sandbox.files("work/plain").definition("Plain", "");
    sandbox.atk(&["add", "./plain"]).succeeds();
    let required = variables.replace("{name: BB}", "{name: BB, required: true}");
    sandbox
        .files("home/plugins/mine")
        .definition("Mine", &required);
    let report = sandbox
        .atk(&["setup", "--all", "--json", "--env", "AA=kept"])
        .fails(1)
        .json();
    assert_eq!(report["plugins"][0]["error"]["code"], "variables_unset");
    assert_eq!(report["plugins"][1]["reason"], "no_variables");
    assert_eq!(sandbox.read("plugins/mine/.env"), "AA=kept\n");
}

#[test]
fn many_plugins_ask_each_source_once_and_fetch_each_commit_once() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    for number in 0..95 {
        registry.plugin(&format!("plugin-{number}"), |files| {
            files
                .definition(&format!("Plugin {number}"), "maturity: verified\n")
                .file("text", format!("{number}\n"))
        });
    }
    registry.commit("Many");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    let mut manifest = "schema_version: '2026-02-06'\nconfig:\n  auto_commit: true\n  auto_push: false\nplugins:\n".to_owned();
    for number in 0..95 {
        let pin = registry.head();
        manifest += &format!(
            "- name: Plugin {number}\n  directory: plugin-{number}\n  source:\n    type: registry\n    ref: {pin}\n    url: null\n"
        );
    }
    let mut tools = Vec::new();
    for number in 0..5 {
        let name = format!("tool-{number}");
        let tool = Repository::tool(&sandbox.repos(), &name, |files| files.definition(&name, ""));
        let (pin, url) = (tool.head(), server.url(&name));
        manifest += &format!(
            "- name: {name}\n  directory: {name}\n  source:\n    type: git\n    ref: {pin}\n    url: {url}\n"
        );
        tools.push(tool);
    }
    fs::write(sandbox.home().join("manifest.yaml"), &manifest).unwrap();
    sandbox.git(&["commit", "-qam", "Pin a hundred"]);

    server.reset();
    sandbox.atk(&["install", "--all"]).succeeds();
    let stats = server.stats();
    assert_eq!(stats.connections, 6, "{}", stats.summary());
    // Capabilities, commits and trees, objects; the registry's newest commit is not asked for.
    assert!(stats.requests <= 18, "{}", stats.summary());
    assert_eq!(sandbox.read("plugins/plugin-94/text"), "94\n");

    for number in 0..95 {
        registry.plugin(&format!("plugin-{number}"), |files| {
            files.file("README.md", "new\n")
        });
    }
    registry.commit("Document");
    for tool in &tools {
        tool.tree(".atk").file("README.md", "new\n");
        tool.commit("Document");
    }
    server.reset();
    let report = sandbox
        .atk(&["upgrade", "--all", "--json"])
        .succeeds()
        .json();
    let done = report["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["result"] == "done");
    assert_eq!(done.count(), 100);
    let stats = server.stats();
    assert_eq!(stats.connections, 6, "{}", stats.summary());
    let asked = |command: &str| {
        stats
            .log
            .iter()
            .filter(|logged| logged.command == command)
            .count()
    };
    assert_eq!(asked("ls-refs"), 6, "{}", stats.summary());
    assert!(asked("fetch") <= 12, "{}", stats.summary());

    server.reset();
    sandbox.atk(&["upgrade", "--all"]).succeeds();
    let stats = server.stats();
    assert_eq!(stats.requests, 12, "{}", stats.summary());
}
