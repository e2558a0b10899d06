//! Several registries: two of a team beside the default one.

use std::fs;

use atk_tests::repository::Registry;
use atk_tests::sandbox::{Sandbox, python_atk};
use atk_tests::server::GitServer;

const VERIFIED: &str =
    "maturity: verified\nlifecycle: {install: touch made, uninstall: rm -f made}\n";

/// The default registry, and two private ones. `openmemory` is in the default one and in `team`; `stranger`
/// has the name of a plugin of `tools`, which it is not.
struct Three {
    sandbox: Sandbox,
    server: GitServer,
    team: Registry,
    tools: Registry,
}

fn plugin(registry: &mut Registry, name: &str, text: &str) {
    registry.plugin(name, |files| {
        files
            .definition(&format!("{name} of {text}"), VERIFIED)
            .file("from.txt", text)
    });
}

fn three() -> Three {
    let mut sandbox = Sandbox::new();
    let mut public = Registry::new(&sandbox.repos(), "public");
    plugin(&mut public, "openmemory", "public");
    plugin(&mut public, "github", "public");
    public.commit("Two");
    let mut team = Registry::new(&sandbox.repos(), "team");
    plugin(&mut team, "openmemory", "team");
    plugin(&mut team, "deploy", "team");
    team.commit("Two");
    let mut tools = Registry::new(&sandbox.repos(), "tools");
    plugin(&mut tools, "lint", "tools");
    tools.commit("One");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("public"));
    sandbox.atk(&["init"]).succeeds();
    for name in ["team", "tools"] {
        sandbox
            .atk(&["registry", "add", name, &server.url(name)])
            .succeeds();
    }
    Three {
        sandbox,
        server,
        team,
        tools,
    }
}

/// Lets the Python tool find our registry where it looks for the public one.
fn point_python_at(sandbox: &Sandbox, registry: &str) {
    let config =
        format!("[url \"{registry}\"]\n\tinsteadOf = https://github.com/Svtoo/atk-registry\n");
    let path = sandbox.path("user/.gitconfig");
    fs::write(&path, fs::read_to_string(&path).unwrap() + &config).unwrap();
}

#[test]
fn registries_are_named_in_atk_yaml_each_in_a_commit() {
    let Three {
        sandbox, server, ..
    } = three();
    let text = format!(
        "schema_version: '2026-12-01'\nregistries:\n- name: team\n  url: {}\n- name: tools\n  url: {}\n",
        server.url("team"),
        server.url("tools")
    );
    assert_eq!(sandbox.read("atk.yaml"), text);
    assert_eq!(
        sandbox.log()[..2],
        ["Add registry 'tools'", "Add registry 'team'"]
    );
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    let listed = sandbox.atk(&["registry", "list", "--json"]);
    let listed = listed.succeeds().json()["registries"].take();
    let names: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["default", "team", "tools"]);
    assert_eq!(server.stats().requests, 0, "no server is asked");

    for (args, code, said) in [
        (vec!["team", "h.org/x"], 2, "exists already"),
        (vec!["default", "h.org/x"], 2, "the default registry"),
        (vec!["Team", "h.org/x"], 2, "lower-case letters"),
        (vec!["other", &server.url("team")], 2, "`team` already"),
        (
            vec!["other", &server.url("public")],
            2,
            "is the default registry",
        ),
        (vec!["other", "ext::x"], 5, "remote helpers"),
        (vec!["other", "https://me:secret@h.org/x"], 5, "credential"),
        (vec!["other", "h.org/x//y"], 5, "whole repository"),
        (vec!["other", "h.org/x", "--mirror", "h.org/x"], 2, "twice"),
    ] {
        let before = sandbox.snapshot();
        let failed = sandbox.atk(&[&["registry", "add"], args.as_slice()].concat());
        let failed = failed.fails(code);
        assert!(failed.stderr.contains(said), "{args:?}: {}", failed.stderr);
        assert!(!failed.stderr.contains("secret"), "{}", failed.stderr);
        before.assert_unchanged();
    }
    sandbox.atk(&["registry", "remove", "team"]).succeeds();
    let failed = sandbox.atk(&["registry", "remove", "team"]).fails(5);
    assert!(
        failed.stderr.contains("no registry `team`"),
        "{}",
        failed.stderr
    );
    sandbox.atk(&["registry", "remove", "tools"]).succeeds();
    assert_eq!(sandbox.log()[0], "Remove registry 'tools'");
    assert!(!sandbox.home().join("atk.yaml").exists());
}

#[test]
fn a_search_looks_in_all_registries_and_says_where() {
    let Three {
        sandbox, server, ..
    } = three();
    let found = sandbox.atk(&["search", "--color", "never"]).succeeds();
    insta::assert_snapshot!(found.stdout, @r"
    NAME                INSTALLED  DESCRIPTION
    default/openmemory             The plugin openmemory
    default/github                 The plugin github
    team/openmemory                The plugin openmemory
    team/deploy                    The plugin deploy
    tools/lint                     The plugin lint
    ");
    sandbox.atk(&["add", "-y", "team/openmemory"]).succeeds();
    let found = sandbox
        .atk(&["search", "openm", "--json"])
        .succeeds()
        .json();
    assert_eq!(found["plugins"][0]["installed"], serde_json::Value::Null);
    assert_eq!(found["plugins"][1]["registry"], "team");
    assert_eq!(found["plugins"][1]["installed"], "openmemory");

    // One that cannot be reached is a warning, and the others are shown.
    fs::rename(sandbox.repos().join("tools"), sandbox.repos().join("gone")).unwrap();
    let found = sandbox.atk(&["search", "--json"]).succeeds().json();
    assert_eq!(found["plugins"].as_array().unwrap().len(), 4);
    let warning = found["warnings"][0].as_str().unwrap();
    assert!(warning.contains("`tools` was not searched"), "{warning}");
    assert!(found["registries"][2]["error"].is_string());
    drop(server);
    sandbox.atk(&["search"]).fails(7);
}

#[test]
fn a_plugin_of_a_named_registry_is_stored_with_its_url_and_costs_no_more() {
    let Three {
        sandbox, server, ..
    } = three();
    server.reset();
    sandbox.atk(&["add", "-y", "team/openmemory"]).succeeds();
    let stats = server.stats();
    let log = stats.summary();
    assert!(stats.requests <= 4, "{log}");
    assert!(
        stats.log.iter().all(|one| one.path.starts_with("/team/")),
        "{log}"
    );
    assert_eq!(sandbox.read("plugins/openmemory/from.txt"), "team");
    let url = format!("{}//plugins/openmemory", server.url("team"));
    let manifest = sandbox.read("manifest.yaml");
    assert!(manifest.contains("    type: git\n"), "{manifest}");
    assert!(
        manifest.contains(&format!("    url: {url}\n")),
        "{manifest}"
    );
    assert!(sandbox.home().join("plugins/openmemory/made").exists());

    // The qualified name of the default registry is the usual source.
    server.reset();
    sandbox.atk(&["add", "-y", "default/github"]).succeeds();
    let stats = server.stats();
    assert!(stats.requests <= 4, "{}", stats.summary());
    assert!(
        sandbox
            .read("manifest.yaml")
            .contains("    type: registry\n")
    );

    // The same plugin once more, by whatever name.
    for source in ["team/openmemory", &url] {
        let failed = sandbox.atk(&["add", "-y", source]).fails(5);
        assert!(failed.stderr.contains("exists"), "{}", failed.stderr);
    }
}

#[test]
fn a_bare_name_must_be_in_one_registry_and_none_is_preferred() {
    let Three {
        sandbox, server, ..
    } = three();
    let before = sandbox.snapshot();
    let failed = sandbox
        .atk(&["add", "-y", "openmemory", "--json"])
        .fails(5)
        .json();
    assert_eq!(failed["error"]["code"], "source_ambiguous");
    let text = failed.to_string();
    for part in [
        "`default` (",
        "`team` (",
        "`default/openmemory` or `team/openmemory`",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let failed = sandbox.atk(&["add", "-y", "opnmemory"]).fails(5);
    assert!(
        failed.stderr.contains("no registry has"),
        "{}",
        failed.stderr
    );
    assert!(
        failed.stderr.contains("`team/openmemory`"),
        "{}",
        failed.stderr
    );
    let failed = sandbox.atk(&["add", "-y", "tems/openmemory"]).fails(5);
    assert!(
        failed.stderr.contains("no registry `tems`"),
        "{}",
        failed.stderr
    );
    before.assert_unchanged();

    // In one registry alone: that one.
    server.reset();
    sandbox.atk(&["add", "-y", "lint"]).succeeds();
    assert!(
        sandbox
            .read("manifest.yaml")
            .contains("/tools//plugins/lint")
    );
    sandbox.atk(&["add", "-y", "github"]).succeeds();
    assert_eq!(sandbox.read("plugins/github/from.txt"), "public");

    // A registry that does not answer might have it: the name of a stranger's plugin is not taken instead.
    fs::rename(sandbox.repos().join("team"), sandbox.repos().join("away")).unwrap();
    sandbox.atk(&["remove", "github", "-y"]).succeeds();
    let failed = sandbox.atk(&["add", "-y", "github"]).fails(7);
    assert!(
        failed
            .stderr
            .contains("not known whether the registry `team` has `github`"),
        "{}",
        failed.stderr
    );
    sandbox.atk(&["add", "-y", "default/github"]).succeeds();
}

#[test]
fn a_directory_that_is_spelled_like_a_plugin_of_a_registry_is_ambiguous() {
    let Three {
        sandbox,
        server: _server,
        ..
    } = three();
    sandbox.files("work/team/openmemory").definition("Mine", "");
    sandbox.files("work/org/tool").definition("Tool", "");
    for command in ["add", "resolve"] {
        let failed = sandbox.atk(&[command, "team/openmemory"]).fails(5);
        assert!(
            failed.stderr.contains("./team/openmemory"),
            "{}",
            failed.stderr
        );
    }
    sandbox.atk(&["add", "-y", "./team/openmemory"]).succeeds();
    // No registry has that name.
    sandbox.atk(&["add", "-y", "org/tool"]).succeeds();
}

#[test]
fn an_upgrade_follows_the_index_to_another_path() {
    let Three {
        sandbox,
        server,
        mut team,
        ..
    } = three();
    sandbox.atk(&["add", "-y", "team/openmemory"]).succeeds();
    sandbox.atk(&["add", "-y", "team/deploy"]).succeeds();
    plugin(&mut team, "openmemory", "team, newer");
    team.commit("Newer");
    let outdated = sandbox.atk(&["outdated", "--json"]).succeeds().json();
    assert_eq!(outdated["plugins"][0]["outcome"]["state"], "behind");
    assert_eq!(outdated["plugins"][1]["outcome"]["state"], "current");
    sandbox.atk(&["upgrade", "-y", "openmemory"]).succeeds();
    assert_eq!(sandbox.read("plugins/openmemory/from.txt"), "team, newer");

    // The registry moves both, and changes one.
    for name in ["openmemory", "deploy"] {
        team.place(name, &format!("moved-{name}"));
    }
    team.tree("moved-openmemory")
        .file("from.txt", "team, moved");
    let pin = team.commit("Move");
    server.reset();
    let plan = sandbox
        .atk(&["upgrade", "--all", "--dry-run", "--json"])
        .succeeds();
    assert!(
        plan.stdout.contains("moved-openmemory` of its repository"),
        "{}",
        plan.stdout
    );
    sandbox.atk(&["upgrade", "-y", "--all"]).succeeds();
    assert_eq!(sandbox.read("plugins/openmemory/from.txt"), "team, moved");
    let manifest = sandbox.read("manifest.yaml");
    assert!(
        manifest.contains(&format!("{}//moved-openmemory\n", server.url("team"))),
        "{manifest}"
    );
    assert!(manifest.contains(&pin), "{manifest}");
    // Nothing changed of the other: nothing is written.
    assert!(manifest.contains("//plugins/deploy\n"), "{manifest}");
    sandbox.atk(&["outdated"]).succeeds();
    sandbox.atk(&["verify", "--online"]).succeeds();

    // And back.
    sandbox.atk(&["undo", "-y"]).succeeds();
    let manifest = sandbox.read("manifest.yaml");
    assert!(manifest.contains("//plugins/openmemory\n"), "{manifest}");
    assert_eq!(sandbox.read("plugins/openmemory/from.txt"), "team, newer");

    // A plugin that the index lists no more, and whose directory is gone, cannot be found.
    team.place("deploy", "elsewhere").delist("deploy");
    team.commit("Delist");
    sandbox.atk(&["upgrade", "-y", "deploy"]).fails(5);
}

#[test]
fn what_came_from_a_registry_that_is_removed_stays_and_is_upgraded() {
    let Three {
        sandbox,
        server: _server,
        mut tools,
        ..
    } = three();
    sandbox.atk(&["add", "-y", "tools/lint"]).succeeds();
    let removed = sandbox.atk(&["registry", "remove", "tools"]).succeeds();
    assert!(removed.stderr.contains("lint"), "{}", removed.stderr);
    plugin(&mut tools, "lint", "tools, newer");
    tools.commit("Newer");
    sandbox.atk(&["upgrade", "-y", "lint"]).succeeds();
    assert_eq!(sandbox.read("plugins/lint/from.txt"), "tools, newer");
}

#[test]
fn a_new_machine_gets_the_registries_with_the_home() {
    let Three {
        sandbox,
        server,
        mut team,
        ..
    } = three();
    for source in ["team/openmemory", "lint", "github"] {
        sandbox.atk(&["add", "-y", source]).succeeds();
    }
    let mut other = Sandbox::new();
    other.use_registry(&server.url("public"));
    let home = format!("file://{}", sandbox.home().display());
    server.reset();
    other.atk(&["init", &home]).succeeds();
    other.atk(&["install", "--all"]).succeeds();
    assert!(
        server.stats().requests <= 3 * 4,
        "{}",
        server.stats().summary()
    );
    for (name, from) in [
        ("openmemory", "team"),
        ("lint", "tools"),
        ("github", "public"),
    ] {
        assert_eq!(other.read(&format!("plugins/{name}/from.txt")), from);
    }
    plugin(&mut team, "openmemory", "team, newer");
    team.commit("Newer");
    other.atk(&["upgrade", "-y", "--all"]).succeeds();
    assert_eq!(other.read("plugins/openmemory/from.txt"), "team, newer");
    other.atk(&["add", "-y", "team/deploy"]).succeeds();
}

#[test]
fn a_qualified_name_costs_the_same_with_many_registries() {
    let Three {
        sandbox, server, ..
    } = three();
    for number in 0..20 {
        let name = format!("more-{number}");
        let url = format!("{}-{number}", server.url("more"));
        sandbox.atk(&["registry", "add", &name, &url]).succeeds();
    }
    server.reset();
    sandbox.atk(&["add", "-y", "team/deploy"]).succeeds();
    assert!(server.stats().requests <= 4, "{}", server.stats().summary());
    server.reset();
    sandbox.atk(&["upgrade", "-y", "--all"]).succeeds();
    assert!(server.stats().requests <= 2, "{}", server.stats().summary());
}

/// The Python tool looks a plugin of the type `registry` up in the public registry by its name alone. One of
/// a named registry is of the type `git`, with a URL that no other repository has.
#[test]
fn the_python_tool_does_not_install_a_strangers_plugin() {
    let Three {
        sandbox, server, ..
    } = three();
    sandbox.atk(&["add", "-y", "team/openmemory"]).succeeds();
    sandbox.atk(&["add", "-y", "lint"]).succeeds();
    point_python_at(&sandbox, &server.url("public"));
    let Some(python) = python_atk() else { return };
    let run = |args: &[&str]| {
        let mut command = sandbox.program(&python);
        command.args(args);
        sandbox.run_with_input(command, "\n\n\n")
    };
    let before = sandbox.read("manifest.yaml");
    let status = run(&["status"]).succeeds().stdout;
    assert!(status.contains("openmemory of team"), "{status}");
    for args in [
        &["install", "openmemory"][..],
        &["install", "--all"],
        &["upgrade", "openmemory", "-y"],
        &["upgrade", "--all", "-y"],
    ] {
        let _ = run(args);
        assert_eq!(
            sandbox.read("plugins/openmemory/from.txt"),
            "team",
            "{args:?}"
        );
        assert_eq!(sandbox.read("manifest.yaml"), before, "{args:?}");
    }
    // On a clone, where the files are missing.
    for directory in ["openmemory", "lint"] {
        fs::remove_dir_all(sandbox.home().join("plugins").join(directory)).unwrap();
    }
    let _ = run(&["install", "--all"]);
    for directory in ["openmemory", "lint"] {
        let file = sandbox.home().join(format!("plugins/{directory}/from.txt"));
        assert_ne!(fs::read_to_string(file).unwrap_or_default(), "public");
    }
    sandbox.atk(&["install", "--all"]).succeeds();
    assert_eq!(sandbox.read("plugins/openmemory/from.txt"), "team");
    // What it knows: it adds one of the public registry, and our home goes on.
    run(&["add", "-y", "github"]).succeeds();
    sandbox.atk(&["list"]).succeeds();
    assert!(sandbox.read("atk.yaml").contains("name: team"));
}
