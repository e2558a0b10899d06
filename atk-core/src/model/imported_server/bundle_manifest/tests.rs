use serde_json::{Value, json};

use super::*;

/// Reads a manifest whose server starts so, with these choices of the user.
fn of(start: Value, choices: Value) -> Result<ImportedServer, String> {
    let manifest = json!({
        "manifest_version": "0.3",
        "name": "file-search",
        "display_name": "File Search",
        "version": "1.0.0",
        "description": "Finds\n files",
        "author": {"name": "Ann", "url": "https://ann.example"},
        "documentation": "https://ann.example/docs",
        "server": {"type": "node", "entry_point": "server/index.js", "mcp_config": start},
        "user_config": choices,
    });
    read(manifest.to_string().as_bytes(), "linux")
}

fn choices() -> Value {
    json!({
        "api_key": {"type": "string", "title": "Key", "required": true, "sensitive": true, "default": "k"},
        "root": {"type": "directory", "title": "Root", "description": "Where to look", "required": true,
                 "default": "${HOME}/Desktop"},
        "limit": {"type": "number", "title": "Limit", "default": 10},
        "deep": {"type": "boolean", "title": "Deep", "default": false},
        "roots": {"type": "directory", "title": "Roots", "multiple": true},
    })
}

fn shown(server: &ImportedServer) -> Vec<String> {
    let variable = |one: &crate::model::plugin::EnvVar| {
        let required = if one.required { "!" } else { "" };
        let secret = if one.secret { "*" } else { "" };
        format!(
            "{}{required}{secret}={}",
            one.name,
            one.default.as_deref().unwrap_or_default()
        )
    };
    let words = server.mcp.command.iter().chain(&server.mcp.args);
    let words: Vec<_> = words.map(String::as_str).collect();
    let mut shown = vec![words.join(" "), server.mcp.env.join(" ")];
    shown.extend(server.env_vars.iter().map(variable));
    shown
}

#[test]
fn what_the_host_fills_in_are_variables_and_the_directory_of_the_plugin() {
    let start = json!({
        "command": "node",
        "args": ["${__dirname}${/}server/index.js", "--root=${user_config.root}", "--key", "${user_config.api_key}"],
        "env": {"SEARCH_KEY": "${user_config.api_key}", "LIMIT": "${user_config.limit}", "MODE": "fast",
                "DEEP": "${user_config.deep}"},
    });
    let server = of(start, choices()).unwrap();
    assert_eq!(server.names, ["File Search", "file-search"]);
    assert_eq!(server.description.as_deref(), Some("Finds files"));
    let vendor = server.vendor.as_ref().unwrap();
    assert_eq!(
        (vendor.name.as_str(), vendor.url.as_deref()),
        ("Ann", Some("https://ann.example"))
    );
    assert_eq!(
        shown(&server),
        [
            "node ${ATK_PLUGIN_DIR}/server/index.js --root=${ROOT} --key ${SEARCH_KEY}",
            "DEEP LIMIT MODE SEARCH_KEY",
            "DEEP=false",
            "LIMIT=10",
            "MODE=fast",
            "SEARCH_KEY!*=",
            "ROOT!=",
        ]
    );
    let said = server.warnings.join("\n");
    for what in [
        "default of `SEARCH_KEY`",
        "default of `root`",
        "`roots` was left out",
    ] {
        assert!(said.contains(what), "{what}: {said}");
    }
}

#[test]
fn the_commands_of_this_system_are_used_and_said() {
    let start = json!({
        "command": "server.exe",
        "args": ["a"],
        "env": {"X_MODE": "1"},
        "platform_overrides": {"linux": {"command": "${__dirname}/server", "env": {"X_MODE": "2"}}, "win32": {"args": []}},
    });
    let server = of(start, json!({})).unwrap();
    assert_eq!(
        shown(&server),
        ["${ATK_PLUGIN_DIR}/server a", "X_MODE", "X_MODE=2"]
    );
    assert!(
        server.warnings[0].contains("for linux"),
        "{:?}",
        server.warnings
    );
}

#[test]
fn what_a_plugin_cannot_have_is_named() {
    let command = |args: Value| json!({"command": "node", "args": args});
    for (start, why) in [
        (
            command(json!(["${HOME}/x"])),
            "`${HOME}`, which a plugin has not",
        ),
        (
            command(json!(["${user_config.nothing}"])),
            "`${user_config.nothing}`",
        ),
        (
            command(json!(["${user_config.roots}"])),
            "`roots` has several values",
        ),
        (command(json!(["${__dirname"])), "without its `}`"),
        (
            command(json!(["$PATH"])),
            "has a `$` that a plugin takes for a variable",
        ),
        (
            json!({"command": "x", "env": {"A_B": "${__dirname}/data"}}),
            "`A_B` is put together",
        ),
        (json!({"command": "x", "env": {"lower": "1"}}), "`lower`"),
        (Value::Null, "no `mcp_config`"),
        (json!({"command": 1}), "malformed"),
    ] {
        let refused = of(start, choices()).unwrap_err();
        assert!(refused.contains(why), "{why}: {refused}");
    }
}

#[test]
fn another_version_or_system_is_said() {
    let manifest = |version: &str, platforms: Value| {
        json!({
            "manifest_version": version, "name": "x", "version": "1", "server": {"type": "uv", "mcp_config": {"command": "uv"}},
            "compatibility": {"platforms": platforms},
        })
        .to_string()
    };
    let refused = read(manifest("1.0", json!([])).as_bytes(), "linux").unwrap_err();
    assert!(
        refused.contains("`1.0`, and ATK reads 0.3 and 0.4"),
        "{refused}"
    );
    let server = read(
        manifest("0.4", json!(["darwin", "win32"])).as_bytes(),
        "linux",
    )
    .unwrap();
    assert_eq!(
        server.warnings,
        ["the bundle is made for darwin, win32, and not for linux"]
    );
    assert!(read(b"[", "linux").unwrap_err().contains("malformed"));
}
