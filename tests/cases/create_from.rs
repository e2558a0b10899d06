//! `create --from`: a plugin that starts a published server. Nothing is downloaded or run.

use std::fs;
use std::os::unix::fs::symlink;

use atk_tests::sandbox::{Sandbox, Snapshot};
use serde_json::{Value, json};

const SCHEMA: &str = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

/// A `server.json` with a package, a URL and a URL that needs a header.
fn published() -> Value {
    json!({
        "$schema": SCHEMA,
        "name": "io.github.ann/weather",
        "title": "Weather Server",
        "description": "Forecasts: \"tomorrow\" & later",
        "websiteUrl": "https://weather.example.com",
        "version": "2.0.1",
        "packages": [{
            "registryType": "npm",
            "identifier": "@ann/weather",
            "version": "2.0.1",
            "transport": {"type": "stdio"},
            "packageArguments": [
                {"type": "positional", "value": "serve"},
                {"type": "named", "name": "--units", "default": "si", "choices": ["si", "us"]},
            ],
            "environmentVariables": [
                {"name": "WEATHER_KEY", "isRequired": true, "isSecret": true, "description": "Your key: from the 'settings'"},
                {"name": "WEATHER_LOG", "default": "warn # or info"},
            ],
        }],
        "remotes": [
            {"type": "streamable-http", "url": "https://{region}.example.com/mcp",
                "variables": {"region": {"default": "eu", "description": "Where"}}},
            {"type": "sse", "url": "https://example.com/sse", "headers": [{"name": "X-Key", "isRequired": true}]},
        ],
    })
}

fn with_published() -> Sandbox {
    let sandbox = Sandbox::with_home();
    fs::write(sandbox.path("work/server.json"), published().to_string()).unwrap();
    sandbox
}

/// Adds a new plugin after checking it; returns what agents get of its server.
fn server_of(sandbox: &Sandbox, directory: &str, answers: &[&str]) -> Value {
    let source = format!("./{directory}");
    sandbox.atk(&["validate", "--strict", &source]).succeeds();
    let mut add = vec!["add", &source, "-y"];
    add.extend(answers.iter().flat_map(|answer| ["--env", answer]));
    sandbox.atk(&add).succeeds();
    sandbox.atk(&["mcp", directory]).succeeds().json()
}

#[test]
fn a_package_is_started_by_its_command() {
    let sandbox = Sandbox::with_home();
    for (named, directory, command) in [
        ("npx:weather", "weather", "npx -y weather"),
        (
            "npx:@ann/forecast@2.0.1-rc.1",
            "forecast",
            "npx -y @ann/forecast@2.0.1-rc.1",
        ),
        (
            "uvx:mcp-server-time==2025.1.1",
            "mcp-server-time",
            "uvx mcp-server-time==2025.1.1",
        ),
        (
            "docker:ghcr.io/ann/rain:1.0",
            "rain",
            "docker run -i --rm ghcr.io/ann/rain:1.0",
        ),
    ] {
        let made = sandbox
            .atk(&["create", "--from", named, "--json"])
            .succeeds()
            .json();
        assert_eq!(made["directory"], directory);
        assert_eq!(
            made["files"],
            json!([".gitignore", "README.md", "plugin.yaml"])
        );
        let server = server_of(&sandbox, directory, &[]);
        let mut words = command.split(' ');
        let expected = json!({directory: {
            "command": words.next(), "args": words.collect::<Vec<_>>(),
        }});
        assert_eq!(server, expected);
    }
}

#[test]
fn a_server_json_fills_the_definition() {
    let sandbox = with_published();
    let made = sandbox
        .atk(&["create", "--from", "server.json", "--json"])
        .succeeds()
        .json();
    assert_eq!(
        (&made["name"], &made["directory"]),
        (&json!("Weather Server"), &json!("weather-server"))
    );
    let definition = fs::read_to_string(sandbox.path("work/weather-server/plugin.yaml")).unwrap();
    let (_, written) = definition.split_once("schema_version").unwrap();
    insta::assert_snapshot!(written, @r#"
    : '2026-01-23'
    name: Weather Server
    description: 'Forecasts: "tomorrow" & later'
    # Or `ai-generated`, as long as no person has reviewed it. `verified` is for the maintainers of registries.
    maturity: community

    vendor:
      name: ann
      url: https://weather.example.com

    # `atk setup` asks for these variables.
    env_vars:
    - name: WEATHER_KEY
      required: true
      secret: true
      description: 'Your key: from the ''settings'''
    - name: WEATHER_LOG
      default: 'warn # or info'
    - name: UNITS
      default: si
      description: one of si, us

    mcp:
      transport: stdio
      command: npx
      args:
      - -y
      - '@ann/weather@2.0.1'
      - serve
      - --units
      - ${UNITS}
      env:
      - WEATHER_KEY
      - WEATHER_LOG
    "#);
    let server = server_of(&sandbox, "weather-server", &["WEATHER_KEY=k"]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&server).unwrap(), @r#"
    {
      "Weather Server": {
        "command": "npx",
        "args": [
          "-y",
          "@ann/weather@2.0.1",
          "serve",
          "--units",
          "si"
        ],
        "env": {
          "WEATHER_KEY": "k",
          "WEATHER_LOG": "warn # or info"
        }
      }
    }
    "#);
}

#[test]
fn the_transport_and_the_name_can_be_chosen() {
    let sandbox = with_published();
    let words = [
        "create",
        "--from",
        "server.json",
        "--name",
        "Rain",
        "--mcp",
        "http",
        "--description",
        "Mine",
    ];
    sandbox.atk(&words).succeeds();
    let shown = server_of(&sandbox, "rain", &[]);
    insta::assert_snapshot!(shown, @r#"{"Rain":{"type":"http","url":"https://eu.example.com/mcp"}}"#);
    let shown = sandbox.atk(&["show", "rain", "--json"]).succeeds().json();
    assert_eq!(shown["definition"]["description"], "Mine");
    assert_eq!(shown["definition"]["env_vars"][0]["description"], "Where");
}

#[test]
fn a_service_and_a_skill_can_be_beside_the_server() {
    let sandbox = with_published();
    let words = [
        "create",
        "both",
        "--from",
        "npx:weather",
        "--service",
        "script",
        "--skill",
        "--name",
        "Both",
        "--json",
    ];
    let made = sandbox.atk(&words).succeeds().json();
    assert!(
        made["files"]
            .as_array()
            .unwrap()
            .contains(&json!("SKILL.md"))
    );
    server_of(&sandbox, "both", &[]);
    sandbox.atk(&["start", "both"]).succeeds();
    sandbox.atk(&["stop", "both"]).succeeds();
    let words = [
        "create",
        "--from",
        "server.json",
        "--mcp",
        "http",
        "--service",
        "script",
        "--in-home",
        "-y",
        "--json",
    ];
    let made = sandbox.atk(&words).succeeds().json();
    assert_eq!(made["added"]["directory"], "weather-server");
    let shown = sandbox.atk(&["mcp", "weather-server"]).succeeds().json();
    // The URL is that of the server, not that of the service.
    assert_eq!(shown["Weather Server"]["url"], "https://eu.example.com/mcp");
}

#[test]
fn what_cannot_be_in_a_plugin_is_an_error_and_nothing_is_written() {
    let sandbox = with_published();
    let write =
        |name: &str, bytes: &[u8]| fs::write(sandbox.path("work").join(name), bytes).unwrap();
    write("large.json", &vec![b' '; (4 << 20) + 1]);
    write(
        "deep.json",
        format!(
            "{{\"packages\":[{{\"environmentVariables\":[{{\"x\":{}",
            "[".repeat(1 << 20)
        )
        .as_bytes(),
    );
    write(
        "old.json",
        published()
            .to_string()
            .replace("2025-12-11", "2025-07-09")
            .as_bytes(),
    );
    let status = std::process::Command::new("mkfifo")
        .arg(sandbox.path("pipe"))
        .status();
    assert!(status.unwrap().success());
    fs::create_dir(sandbox.path("work/directory")).unwrap();
    symlink("nowhere", sandbox.path("work/broken")).unwrap();
    let before = Snapshot::of_tree(&sandbox.path("work"));
    for (words, why) in [
        (
            &["--from", "npm:weather"][..],
            "`npm:weather` does not name a server",
        ),
        (
            &["--from", "https://example.com/server.json"],
            "download a file first",
        ),
        (&["--from", "npx:"], "`` is not a package of npm"),
        (&["--from", "npx:-y"], "`-y` is not a package of npm"),
        (&["--from", "uvx:a b"], "`a b` is not a package of PyPI"),
        (&["--from", "docker:a;b"], "`a;b` is not a docker image"),
        (
            &["--from", "npx:weather", "--mcp", "http"],
            "its transport is `stdio`, not `http`",
        ),
        (&["--from", "nothing.json"], "nothing.json` does not exist"),
        (&["--from", "broken"], "broken` does not exist"),
        (&["--from", "directory"], "directory` is not a file"),
        (&["--from", "../pipe"], "pipe` is not a file"),
        (&["--from", "large.json"], "is larger than 4194304 bytes"),
        (&["--from", "deep.json"], "recursion limit exceeded"),
        (
            &["--from", "old.json"],
            "its schema `https://static.modelcontextprotocol.io/schemas/2025-07-09/",
        ),
        (
            &["--from", "server.json", "--mcp", "sse"],
            "it needs the header `X-Key`",
        ),
        (
            &["--from", "server.json", "--name", "é"],
            "cannot be the name of a plugin",
        ),
        (
            &["other", "--from", "server.json", "--in-home"],
            "`other` is not the directory of the plugin",
        ),
    ] {
        let output = sandbox.atk(&[&["create"], words].concat()).fails(2);
        assert!(output.stderr.contains(why), "{words:?}\n{}", output.stderr);
    }
    assert_eq!(Snapshot::of_tree(&sandbox.path("work")), before);
}

#[test]
fn a_link_is_the_file_that_it_leads_to() {
    let sandbox = with_published();
    symlink("server.json", sandbox.path("work/link")).unwrap();
    sandbox.atk(&["create", "--from", "link"]).succeeds();
    server_of(&sandbox, "weather-server", &["WEATHER_KEY=k"]);
}

#[test]
fn strange_texts_of_a_server_are_only_texts() {
    let sandbox = Sandbox::with_home();
    let strange = "a\u{202e}b: 'c' \"d\" # e\n- f: {g}\u{7} \u{1b}[31m `h` $(i) yes";
    let mut server = published();
    server["title"] = json!("yes");
    server["description"] = json!(strange);
    server["websiteUrl"] = json!(strange);
    let package = &mut server["packages"][0];
    package["packageArguments"][0]["value"] = json!(strange);
    package["packageArguments"][1]["default"] = json!("on");
    package["environmentVariables"][1]["default"] = json!(strange);
    package["environmentVariables"][1]["description"] = json!(strange);
    fs::write(sandbox.path("work/server.json"), server.to_string()).unwrap();
    sandbox.atk(&["create", "--from", "server.json"]).succeeds();
    let shown = server_of(&sandbox, "yes", &["WEATHER_KEY=k"]);
    let args = &shown["yes"]["args"];
    assert_eq!(args[2], strange);
    assert_eq!(args[4], "on");
    let shown = sandbox.atk(&["show", "yes", "--json"]).succeeds().json();
    let variables = &shown["definition"]["env_vars"];
    assert_eq!(variables[1]["default"], strange);
}
