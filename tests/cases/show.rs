//! `show`: everything about an installed plugin.

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

const MORE: &str = "\
lifecycle: {install: 'true', uninstall: 'true', start: ./run}
ports: [{port: 18734, name: web}]
env_vars:
- {name: TOKEN, required: true, secret: true}
- {name: MODE, default: fast}
- {name: LEVEL}
- {name: PASSED}
mcp: {transport: stdio, command: ./run, args: [--serve]}
";

#[test]
fn it_says_where_a_plugin_comes_from_and_what_it_has() {
    let mut sandbox = Sandbox::with_home();
    sandbox.set("PASSED", "from outside");
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files
            .definition("Tool", MORE)
            .exec("run", "#!/bin/sh\n")
            .file("skills/greet/SKILL.md", "---\nname: greet\n---\n")
            .file("kept", "one\n")
            .file("lost", "one\n")
    });
    let server = GitServer::start(sandbox.repos());
    let url = server.url("tool");
    sandbox
        .atk(&["add", &url, "-y", "--env", "TOKEN=s3cret"])
        .succeeds();
    sandbox
        .files("home/plugins/tool")
        .file("kept", "edited\n")
        .remove("lost");
    let shown = sandbox.atk(&["show", "tool", "--json"]).succeeds();
    assert!(!shown.stdout.contains("s3cret"), "{}", shown.stdout);
    let shown = shown.json();
    assert_eq!(shown["source"]["pin"], tool.head().as_str());
    let made = shown["pinned_at"].as_i64().unwrap();
    assert!(made > 1_000_000_000, "{made}");
    assert_eq!(shown["state"], "ready");
    assert_eq!(shown["definition"]["lifecycle"]["start"], "./run");
    let variables = shown["variables"].as_array().unwrap().iter();
    let variables: Vec<String> = variables
        .map(|one| {
            format!(
                "{} {} {} {}",
                one["name"], one["is_set"], one["value"], one["origin"]
            )
        })
        .collect();
    assert_eq!(
        variables,
        [
            r#""TOKEN" true null "env_file""#,
            r#""MODE" true "fast" "env_file""#,
            r#""LEVEL" false null null"#,
            r#""PASSED" true "from outside" "environment""#,
        ]
    );
    assert_eq!(shown["ports"][0]["port"], 18_734);
    assert_eq!(shown["skills"], serde_json::json!(["skills/greet"]));
    assert_eq!(shown["scripts"], serde_json::json!(["run"]));
    assert_eq!(shown["edited"], serde_json::json!(["kept", "lost"]));

    let text = sandbox
        .atk(&["show", "tool", "--color", "never"])
        .succeeds()
        .stdout;
    for line in [
        "TOKEN is set",
        "mcp        stdio ./run --serve",
        "skill      skills/greet",
        "edited     kept",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn a_plugin_without_files_or_with_a_broken_definition_is_shown_as_far_as_it_goes() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    sandbox
        .files("home/plugins/mine")
        .file("plugin.yaml", "name: [1\n");
    let shown = sandbox.atk(&["show", "mine", "--json"]).succeeds().json();
    assert!(shown["definition"].is_null());
    let warning = shown["warnings"][0].as_str().unwrap();
    assert!(warning.contains("plugins/mine/plugin.yaml"), "{warning}");
    sandbox.files("home/plugins/mine").remove("plugin.yaml");
    let shown = sandbox.atk(&["show", "mine", "--json"]).succeeds().json();
    assert_eq!(shown["state"], "missing");
    assert!(shown["edited"].is_null());
    let refused = sandbox.atk(&["show", "min"]).fails(4);
    assert!(
        refused.stderr.contains("did you mean `mine`?"),
        "{}",
        refused.stderr
    );
}
