//! What is said about a definition that cannot be used: where the file is, each problem once, and
//! characters that cannot be seen.

use std::fs;

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;

/// Two problems.
const BROKEN: &str =
    "schema_version: \"2026-01-23\"\nname: tool\ndescription: A tool\nports: 3\nnam: x\n";

#[track_caller]
fn assert_said_once(said: &str, text: &str) {
    assert_eq!(said.matches(text).count(), 1, "`{text}` in:\n{said}");
}

#[test]
fn the_definition_in_the_documentation_can_be_added_and_does_what_it_says() {
    let sandbox = Sandbox::with_home();
    let text = include_str!("../../docs/plugins.md");
    let (_, definition) = text.split_once("```yaml\n").unwrap();
    let (definition, _) = definition.split_once("```").unwrap();
    // A port that nothing else on the machine uses.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    drop(listener);
    assert!(definition.contains("port: 47114"), "{definition}");
    let script =
        "#!/bin/sh\necho \"$GREETER_TOKEN $GREETER_STYLE $ATK_PLUGIN_DIR $ATK_HOME\" >installed\n";
    sandbox
        .files("work/greeter")
        .file("plugin.yaml", definition.replace("47114", &port))
        .exec("install.sh", script);
    sandbox
        .atk(&["add", "./greeter", "--env", "GREETER_TOKEN=t"])
        .succeeds();
    let home = sandbox.home().display().to_string();
    let plugin = format!("{home}/plugins/greeter");
    assert_eq!(
        sandbox.atk(&["logs", "greeter"]).succeeds().stdout,
        format!("t polite {plugin} {home}\n")
    );
    let config = sandbox.atk(&["mcp", "greeter"]).succeeds().json();
    assert_eq!(
        config["Greeter"],
        serde_json::json!({
            "command": "python3",
            "args": [format!("{plugin}/server.py"), "--style", "polite"],
            "env": {"GREETER_TOKEN": "t"},
            "timeout": 30000
        })
    );
    let state = |sandbox: &Sandbox| {
        let status = sandbox.atk(&["status", "--json"]).succeeds().json();
        status["plugins"][0]["outcome"]["state"].to_string()
    };
    assert_eq!(state(&sandbox), "\"stopped\"");
    sandbox.atk(&["start", "greeter"]).succeeds();
    assert_eq!(state(&sandbox), "\"running\"");
    sandbox.atk(&["remove", "greeter", "--force"]).succeeds();
}

#[test]
fn an_installed_definition_is_named_by_its_path_in_the_home() {
    let sandbox = Sandbox::with_home();
    sandbox
        .files("work/tool")
        .definition("tool", "mcp: {transport: stdio, command: x}\n")
        .exec("hello.sh", "#!/bin/sh\n");
    sandbox.atk(&["add", "./tool"]).succeeds();
    let plugin = sandbox.home().join("plugins/tool");
    fs::write(plugin.join("plugin.yaml"), BROKEN).unwrap();
    for command in [
        &["start", "tool"][..],
        &["install", "tool"],
        &["setup", "tool"],
        &["mcp", "tool"],
        &["run", "tool", "hello"],
    ] {
        let said = sandbox.atk(command).fails(5).stderr;
        assert_said_once(&said, "plugins/tool/plugin.yaml:4:8: ports: ");
        assert_said_once(&said, "plugins/tool/plugin.yaml:5:1: nam: ");
    }
    let said = sandbox.atk(&["install", "--all"]).fails(1);
    let said = said.stdout + &said.stderr;
    assert_said_once(&said, "plugins/tool/plugin.yaml:5:1: nam: ");

    let definition = BROKEN.replace("ports: 3\nnam: x\n", "");
    fs::write(plugin.join("plugin.yaml"), definition).unwrap();
    let custom = sandbox.files("home/plugins/tool/custom");
    custom.file("overrides.yaml", "ports: 4\n");
    let said = sandbox.atk(&["start", "tool"]).fails(5).stderr;
    assert_said_once(
        &said,
        "plugins/tool/custom/overrides.yaml:1:8: ports: expected a list",
    );
}

#[test]
fn a_definition_at_its_source_is_named_by_its_path_there_by_add_and_fetch_alike() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/bad").file("plugin.yml", BROKEN);
    sandbox.files("work").file("single.yaml", BROKEN);
    let _ = Repository::tool(&sandbox.repos(), "git", |files| {
        files.file("plugin.yaml", BROKEN)
    });
    let git = format!("file://{}", sandbox.path("repos/git").display());
    let work = sandbox.path("work");
    let local = |file: &str| work.join(file).display().to_string();
    for (source, file) in [
        ("./bad", local("bad/plugin.yml")),
        ("././bad/", local("bad/plugin.yml")),
        ("./single.yaml", local("single.yaml")),
        (&git, ".atk/plugin.yaml".to_owned()),
    ] {
        let added = sandbox.atk(&["add", "-y", source]).fails(5).stderr;
        let fetched = sandbox.atk(&["fetch", source, "./out"]).fails(5).stderr;
        assert_eq!(added, fetched);
        assert_said_once(&added, &format!("{file}:4:8: ports: "));
        assert_said_once(&added, &format!("{file}:5:1: nam: "));
    }
}

#[test]
fn add_fetch_and_resolve_show_the_same_path() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/tool").definition("tool", "");
    let shown = format!(
        "local plugin ./tool ({})\n",
        sandbox.path("work/tool").display()
    );
    assert_eq!(sandbox.atk(&["resolve", "./tool"]).succeeds().stdout, shown);
    let fetched = sandbox.atk(&["fetch", "./tool", "./out"]).succeeds();
    assert_eq!(fetched.stderr, format!("Using {shown}"));
    let added = sandbox.atk(&["add", "./tool"]).succeeds();
    assert_eq!(added.stderr, format!("Using {shown}"));
    // Of what is not there too.
    let missing = sandbox.path("work/no").display().to_string();
    for command in [&["add", "./no"][..], &["fetch", "././no", "./out2"]] {
        let said = sandbox.atk(command).fails(5).stderr;
        assert!(said.contains(&format!("`{missing}`")), "{said}");
    }
}

#[test]
fn characters_that_look_like_others_are_named_with_their_place() {
    let sandbox = Sandbox::with_home();
    let head = "schema_version: \"2026-01-23\"\nname: tool\ndescription: A tool\n";
    for (text, code, place) in [
        (
            "lifecycle:\n\u{a0}\u{a0}start: x\n",
            "U+00A0 (no-break space)",
            "line 5, column 1",
        ),
        (
            "lifecycle:\n\tstart: x\n",
            "U+0009 (tab)",
            "line 5, column 1",
        ),
        (
            "lifecycle:\n  start\u{ff1a}x\n",
            "U+FF1A (full-width colon)",
            "line 5, column 8",
        ),
        (
            "maturity: \u{201c}verified\u{201d}\n",
            "U+201C (curly quote)",
            "line 4, column 11",
        ),
        (
            "matu\u{200b}rity: verified\n",
            "U+200B (zero-width space)",
            "line 4, column 5",
        ),
        (
            "\u{feff}maturity: verified\n",
            "U+FEFF (byte order mark)",
            "line 4, column 1",
        ),
        (
            "env_vars: [{name: A\u{2060}B}]\n",
            "U+2060 (word joiner)",
            "line 4, column 20",
        ),
        (
            "# x\u{2028}maturity: verified\n",
            "U+2028 (line separator)",
            ":4:4: ",
        ),
    ] {
        sandbox
            .files("work/tool")
            .file("plugin.yaml", format!("{head}{text}"));
        let said = sandbox.atk(&["add", "./tool"]).fails(5).stderr;
        assert!(
            said.contains(code) && said.contains(place),
            "{text:?}: {said}"
        );
    }
    // In an overlay and in the manifest too.
    sandbox.files("work/tool").file("plugin.yaml", head);
    sandbox.atk(&["add", "./tool"]).succeeds();
    let custom = sandbox.files("home/plugins/tool/custom");
    custom.file("overrides.yaml", "maturity:\u{a0}verified\n");
    let said = sandbox.atk(&["start", "tool"]).fails(5).stderr;
    assert!(said.contains("overrides.yaml:1:"), "{said}");
    assert!(said.contains("U+00A0 (no-break space)"), "{said}");
    let manifest = sandbox.read("manifest.yaml");
    let file = sandbox.home().join("manifest.yaml");
    fs::write(
        file,
        manifest.replace("type: local", "type: \u{201c}local\u{201d}"),
    )
    .unwrap();
    let said = sandbox.atk(&["list"]).fails(1).stderr;
    assert!(said.contains("U+201C (curly quote)"), "{said}");
}

#[test]
fn the_help_of_a_command_names_the_program() {
    let sandbox = Sandbox::new();
    for command in ["upgrade", "add", "run"] {
        let said = sandbox.atk(&["help", command]).succeeds().stdout;
        assert!(said.contains(&format!("Usage: atk {command}")), "{said}");
    }
}

#[test]
fn a_pointer_of_git_lfs_in_place_of_a_file_that_atk_reads_is_named() {
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n",
        "4d".repeat(32)
    );
    let mut sandbox = Sandbox::with_home();
    let repository = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.file("plugin.yaml", &pointer)
    });
    let refused = |sandbox: &Sandbox, args: &[&str], file: &str| {
        let said = sandbox.atk(args).fails(5).stderr;
        assert!(said.contains(file), "{said}");
        assert!(said.contains("is a Git LFS pointer"), "{said}");
        assert!(said.contains("`git lfs untrack`"), "{said}");
    };
    let url = repository.file_url();
    refused(&sandbox, &["fetch", &url, "out"], "plugin.yaml:1:1");
    refused(&sandbox, &["add", &url, "-y"], "plugin.yaml:1:1");
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    let overlay = "plugins/mine/custom/overrides.yaml";
    sandbox.files("home").file(overlay, &pointer);
    refused(&sandbox, &["start", "mine"], overlay);
    let registry = Repository::new(&sandbox.repos(), "registry");
    registry.tree(".").file("index.yaml", &pointer);
    registry.commit("Begin");
    sandbox.use_registry(&registry.file_url());
    refused(&sandbox, &["search"], "index.yaml");
}
