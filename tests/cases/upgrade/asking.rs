//! What is asked before a newer version comes, and what is shown.

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

use super::{Case, INSTALL};

#[test]
fn what_runs_is_trusted_anew_and_documentation_is_not() {
    let case = Case::new();
    case.tool.tree(".atk").file("README.md", "# Read me\n");
    case.tool.commit("Document");
    case.sandbox.atk(&["upgrade", "tool"]).succeeds();

    case.tool
        .tree(".atk")
        .exec("install.sh", "#!/bin/sh\nrm -rf everything\n");
    case.tool.commit("Change what runs");
    let before = case.sandbox.snapshot();
    let asked = case
        .sandbox
        .atk(&["upgrade", "tool", "--json"])
        .fails(10)
        .json();
    assert_eq!(asked["error"]["code"], "trust_required");
    assert_eq!(asked["error"]["details"]["prompt"], "trust:tool");
    let report = case
        .sandbox
        .atk(&["upgrade", "--all", "--json"])
        .fails(1)
        .json();
    assert_eq!(report["plugins"][0]["error"]["code"], "trust_required");
    assert_eq!(
        before
            .difference(&case.sandbox.snapshot())
            .lines()
            .filter(|line| !line.contains(".git/atk/"))
            .count(),
        0
    );
    let plan = case
        .sandbox
        .atk(&["upgrade", "tool", "--dry-run", "--json"])
        .succeeds()
        .json();
    assert_eq!(plan["plugins"][0]["outcome"]["needs_trust"], true);
    case.sandbox
        .atk(&["upgrade", "tool", "--trust", &case.server.url("")])
        .succeeds();
}

#[test]
fn a_new_required_variable_is_asked_for_before_anything_changes() {
    let case = Case::new();
    let variables = "env_vars:\n- {name: TOKEN, required: true, secret: true}\n- {name: MORE}\n";
    case.tool
        .tree(".atk")
        .definition("Tool", &format!("{INSTALL}{variables}"));
    case.tool.commit("Want a token");
    let before = case.sandbox.snapshot();
    let failed = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .fails(8)
        .json();
    assert_eq!(
        failed["error"]["details"]["variables"].to_string(),
        r#"["TOKEN"]"#
    );
    assert_eq!(
        before
            .difference(&case.sandbox.snapshot())
            .lines()
            .filter(|line| !line.contains(".git/atk/"))
            .count(),
        0
    );
    case.sandbox
        .atk_with_input(&["upgrade", "tool", "-y"], "s3cret\n")
        .succeeds();
    assert_eq!(case.sandbox.read("plugins/tool/.env"), "TOKEN=s3cret\n");
}

#[test]
fn a_plan_names_everything_that_changes_and_changes_nothing() {
    let case = Case::new();
    let old =
        "ports: [{port: 8001}]\nenv_vars: [{name: OLD}]\nmcp: {transport: stdio, command: old}\n";
    case.tool
        .tree(".atk")
        .definition("Tool", &format!("{INSTALL}{old}"));
    case.tool.commit("Old");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    let new = "ports: [{port: 8002}]\nenv_vars: [{name: NEW, required: true}]\n\
               mcp: {transport: stdio, command: new, args: [a, b]}\n";
    case.tool
        .tree(".atk")
        .definition("Tool", &format!("{INSTALL}{new}"));
    case.write("changes", "edited\n");
    case.second_version();
    let before = case.sandbox.snapshot();
    let shown = case
        .sandbox
        .atk(&["upgrade", "tool", "--dry-run", "--color", "never"])
        .succeeds()
        .stdout;
    let plan = shown.split_once("\n\n").unwrap().1;
    let plan = plan.split_once('\n').unwrap().1;
    let id = plan.lines().find_map(|line| line.strip_prefix("  plan "));
    let plan = plan.replace(id.expect("the id of the plan"), "<id>");
    insta::assert_snapshot!(plan, @r#"
      + becomes/one
      + new/file
      + turns
      ~ changes
      ~ link
      ~ mode
      ~ plugin.yaml
      - becomes
      - goes/deep/file
      - turns/into
      ! changes (you edited it: your version is kept in a backup)
      ~ mcp.command: old -> new
      ~ mcp.args: nothing -> ["a","b"]
      + port 8002
      - port 8001
      + variable NEW (required)
      - variable OLD
      plan <id>
      commands changed: you will be asked to trust the new version
    "#);
    assert_eq!(
        before
            .difference(&case.sandbox.snapshot())
            .lines()
            .filter(|line| !line.contains(".git/atk/"))
            .count(),
        0
    );
}

#[test]
fn documentation_that_could_run_and_what_agents_read_is_trusted_anew() {
    let case = Case::new();
    let agents = case.tool.tree(".atk").file("SKILL.md", "# Do as I say\n");
    case.tool.commit("Tell agents");
    case.sandbox.atk(&["upgrade", "tool"]).fails(10);
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    agents.exec("README.md", "#!/bin/sh\n");
    case.tool.commit("A readme that runs");
    case.sandbox.atk(&["upgrade", "tool"]).fails(10);
}

#[test]
fn a_plugin_of_the_registry_is_trusted_anew_only_below_verified() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let definition = |maturity: &str| format!("maturity: {maturity}\n{INSTALL}");
    registry.plugin("echo", |files| {
        files
            .definition("Echo", &definition("verified"))
            .exec("install.sh", "#!/bin/sh\n")
    });
    registry.commit("One");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox.atk(&["add", "echo"]).succeeds();

    registry.plugin("echo", |files| files.exec("install.sh", "#!/bin/sh\n:\n"));
    registry.commit("Two");
    sandbox.atk(&["upgrade", "echo"]).succeeds();

    registry.plugin("echo", |files| {
        files.definition("Echo", &definition("community"))
    });
    registry.commit("Three");
    let asked = sandbox.atk(&["upgrade", "echo", "--json"]).fails(10).json();
    assert_eq!(asked["error"]["details"]["prompt"], "trust:echo");
}

#[test]
fn the_question_shows_what_changes_and_a_no_changes_nothing() {
    let mut case = Case::new();
    case.sandbox.set("TERM", "dumb");
    let mcp = "mcp: {transport: stdio, command: serve}\n";
    let defaults = "env_vars: [{name: LD_PRELOAD, default: ./evil.so}, {name: MODE, default: x}]\n";
    case.tool
        .tree(".atk")
        .definition("Tool", &format!("{INSTALL}{mcp}{defaults}"))
        .file("README.md", "# Read me\n");
    case.second_version();
    let before = case.sandbox.snapshot();
    let mut terminal = case.sandbox.terminal(&["upgrade", "tool"]);
    terminal.wait_for("trust the new version, commit");
    let screen = terminal.screen();
    for shown in [
        "mcp.command: nothing -> serve",
        "env_vars.LD_PRELOAD: nothing -> ./evil.so",
        "new file: new/file",
        "changed file: changes",
        "removed file: goes/deep/file",
    ] {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    assert!(!screen.contains("README.md"), "{screen}");
    assert!(!screen.contains("env_vars.MODE"), "{screen}");
    terminal.enter("n");
    terminal.wait().succeeds();
    let difference = before.difference(&case.sandbox.snapshot());
    assert_eq!(
        difference
            .lines()
            .filter(|line| !line.contains(".git/atk/"))
            .count(),
        0
    );
}

#[test]
fn a_no_among_many_is_an_answer_and_no_failure() {
    let mut case = Case::new();
    case.sandbox.set("TERM", "dumb");
    let other = Repository::tool(&case.sandbox.repos(), "other", |files| {
        files.definition("Other", "")
    });
    let url = case.server.url("other");
    case.sandbox.atk(&["add", "-y", &url]).succeeds();
    case.second_version();
    other.tree(".atk").exec("run", "#!/bin/sh\n");
    let pin = other.commit("More");
    let mut terminal = case.sandbox.terminal(&["upgrade", "--all"]);
    terminal.wait_for("the commands of `Tool` changed");
    terminal.enter("n");
    terminal.wait_for("the commands of `Other` changed");
    terminal.enter("y");
    let shown = terminal.wait().succeeds().stdout;
    assert!(shown.contains("tool: declined"), "{shown}");
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "one\n");
    let stamp = format!("{pin}\n");
    assert_eq!(case.sandbox.read("plugins/other/.atk-ref"), stamp);
}

#[test]
fn a_person_sees_the_plan_and_then_the_question() {
    let case = Case::new();
    let old = "ports: [{port: 8001}]\nlifecycle: {start: one}\n";
    case.tool.tree(".atk").definition("Tool", old);
    case.tool.commit("Old");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    let new =
        "ports: [{port: 8002}]\nenv_vars: [{name: NEW, default: x}]\nlifecycle: {start: two}\n";
    case.tool.tree(".atk").definition("Tool", new);
    case.write("changes", "edited\n");
    case.second_version();
    let mut terminal = case.sandbox.terminal(&["upgrade", "tool"]);
    terminal.wait_for("[y/N]");
    terminal.enter("n");
    let shown = terminal.wait().succeeds().stdout.replace('\r', "");
    let shown = shown.replace(&case.server.url("tool"), "<url>");
    let shown = shown.replace(&case.tool.head()[..10], "<commit>");
    let (pins, rest) = shown.split_once(": ").unwrap();
    assert!(pins.starts_with("upgrading `tool` from "), "{pins}");
    insta::assert_snapshot!(rest, @"
    3 added, 4 changed, 3 removed
      new port: 8002
      removed port: 8001
      new variable: NEW
      edited by you, kept in a backup: changes
      lifecycle.start: one -> two
      new file: becomes/one
      new file: new/file
      new file: turns
      changed file: changes
      changed file: link
      changed file: mode
      changed file: plugin.yaml
      removed file: becomes
      removed file: goes/deep/file
      removed file: turns/into
    the commands of `Tool` changed at <url>: trust the new version, commit <commit>? [y/N] n
    cancelled: `Tool` was not trusted; nothing was changed
    ");
    assert_eq!(
        case.sandbox
            .atk(&["upgrade", "tool", "-y", "-q"])
            .succeeds()
            .stderr,
        ""
    );
}
