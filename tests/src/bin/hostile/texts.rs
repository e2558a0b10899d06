//! Text from outside that drives a terminal, in every place that a command shows.

use atk_tests::repository::{Registry, Repository};

use crate::attack::{Attack, Expected, Input};

/// Clears the screen, sets the title, in both forms of each control; turns text round, hides it.
const EVIL: &str = "\\e[2J\\e]0;x\\a\\x9b31m\\x7f\\u202e\\u2066\\u200b\\r\\b";

pub(crate) fn all(inputs: &mut Vec<Input>) {
    let mut input = |name: &str, prepare: crate::attack::Prepare| {
        inputs.push(Input {
            group: "text",
            name: name.to_owned(),
            in_sample: true,
            seconds: 60,
            expected: Expected::Bounded,
            prepare,
        });
    };
    for (name, more) in [
        ("a description", "description: \"EVIL\"\n"),
        (
            "a vendor",
            "description: x\nvendor: {name: \"EVIL\", url: \"https://x/EVIL\"}\n",
        ),
        (
            "a command",
            "description: x\nlifecycle: {install: \"true #EVIL\", start: \"true #EVIL\", status: \"true #EVIL\"}\n",
        ),
        (
            "variables",
            "description: x\nenv_vars: [{name: MODE, description: \"EVIL\", default: \"EVIL\"}, {name: KEY, description: \"EVIL\", required: true}]\n",
        ),
        (
            "an MCP server",
            "description: x\nmcp: {transport: stdio, command: \"EVIL\", args: [\"EVIL\"]}\n",
        ),
        (
            "ports",
            "description: x\nservice: {name: \"EVIL\", type: docker, ports: [{name: \"EVIL\", port: 1}]}\n",
        ),
        (
            "unknown keys",
            "description: x\n\"EVIL\": {\"EVIL\": 1}\nmaturity: \"EVIL\"\n",
        ),
    ] {
        let text =
            format!("schema_version: '2026-01-23'\nname: Tool\n{more}").replace("EVIL", EVIL);
        input(
            name,
            Box::new(move |sandbox| {
                let files = sandbox.files("work/tool").file("plugin.yaml", &text);
                let _ = files.file("README.md", "# a\u{1b}[2Jb\u{9b}31m\u{202e}\n");
                let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
                    files.file("plugin.yaml", &text)
                });
                everything(&["add", "./tool", "-y", "--env", "KEY=v"])
                    .then(&["add", &tool.file_url()])
                    .then(&["add", &tool.file_url(), "-y"])
            }),
        );
    }
    let name = format!("schema_version: '2026-01-23'\nname: \"T{EVIL}\"\ndescription: x\n");
    input(
        "a name",
        Box::new(move |sandbox| {
            sandbox.files("work/tool").file("plugin.yaml", &name);
            everything(&["add", "./tool", "-y"])
        }),
    );
    input(
        "file names",
        Box::new(|sandbox| {
            let files = sandbox.files("work/tool").definition("Tool", "");
            let _ = files
                .file("a\u{202e}b\u{200b}c", "x")
                .file(".env.\u{1b}[2J", "x")
                .file("secret\u{1b}[2J.env", "x")
                .file("custom/\u{1b}[2J", "x");
            everything(&["add", "./tool", "-y"])
        }),
    );
    input(
        "a registry",
        Box::new(|sandbox| {
            let evil = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{200b}";
            let mut registry = Registry::new(&sandbox.repos(), "registry");
            registry
                .plugin("tool", |files| files.definition("Tool", ""))
                .entry(evil, evil, evil);
            registry.commit(evil);
            sandbox.use_registry(&registry.file_url());
            everything(&["add", "tool", "-y"])
                .then(&["search", ""])
                .then(&["search", evil])
                .then(&["add", evil])
                .then(&["add", "tol"])
        }),
    );
    input(
        "branches and tags",
        Box::new(|sandbox| {
            let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
                files.definition("Tool", "")
            });
            tool.git(&["branch", "\u{202e}main2\u{200b}"]);
            let url = tool.file_url();
            Attack::of(&["add", &format!("{url}@main2"), "-y"])
                .then(&["add", &format!("{url}@\u{202e}main2\u{200b}"), "-y"])
                .then(&["outdated"])
                .then(&["list"])
        }),
    );
    input(
        "what is typed",
        Box::new(|_| {
            let evil = "\u{1b}[2J\u{9b}31m\u{202e}";
            Attack::of(&["add", evil])
                .then(&["add", &format!("https://h{evil}/x")])
                .then(&["mcp", evil])
                .then(&["run", evil, evil])
                .then(&["help", evil])
                .then(&[evil])
                .then(&["list", &format!("--{evil}")])
                .then(&["--home", &format!("/nonexistent/{evil}"), "list"])
        }),
    );
    input(
        "a manifest",
        Box::new(|sandbox| {
            let manifest = format!(
                "schema_version: '2026-02-06'\n\"{EVIL}\": 1\nplugins:\n\
             - {{name: \"{EVIL}\", directory: tool, source: {{type: git, ref: {}, url: 'http://127.0.0.1:9/x'}}}}\n\
             - {{name: \"{EVIL}\", directory: \"{EVIL}\", source: {{type: \"{EVIL}\"}}}}\n",
                "1".repeat(40)
            );
            std::fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
            std::fs::write(
                sandbox.home().join("atk.yaml"),
                format!("plugins: {{\"{EVIL}\": {{track: \"{EVIL}\"}}}}\n"),
            )
            .unwrap();
            everything(&["list"])
        }),
    );
    input(
        "what is in `.env`",
        Box::new(|sandbox| {
            sandbox
                .files("work/tool")
                .definition("Tool", "env_vars: [{name: MODE}]\n");
            sandbox.atk(&["add", "./tool", "-y"]).succeeds();
            let env = "MODE=\u{1b}[2J\u{9b}31m\n\u{1b}[2J=x\nBAD \u{202e}\n";
            std::fs::write(sandbox.home().join("plugins/tool/.env"), env).unwrap();
            everything(&["list"])
        }),
    );
}

/// What shows something of a plugin.
fn everything(first: &[&str]) -> Attack {
    Attack::of(first)
        .then(&["list"])
        .then(&["list", "--json"])
        .then(&["show", "tool"])
        .then(&["status"])
        .then(&["status", "--json"])
        .then(&["mcp", "tool"])
        .then(&["help", "tool"])
        .then(&["outdated"])
        .then(&["setup", "tool"])
        .then(&["install", "--all", "-y"])
        .then(&["upgrade", "--all"])
        .then(&["uninstall", "tool"])
        .then(&["uninstall", "tool", "-y"])
}
