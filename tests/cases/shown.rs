//! What is shown: configurations, READMEs, completions, manual pages, the documents of `--json`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use atk_tests::sandbox::Sandbox;

/// A home with local plugins; each is a name and further lines of its definition.
fn home(plugins: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::with_home();
    for (name, more) in plugins {
        let source = format!("work/{name}");
        sandbox.files(&source).definition(name, more);
        sandbox.atk(&["add", &format!("./{name}")]).succeeds();
    }
    sandbox
}

#[test]
fn the_mcp_configuration_is_ready_for_an_agents_file() {
    let sandbox = home(&[
        (
            "std",
            "env_vars: [{name: TOKEN, required: true, secret: true, default: x}, {name: MODE, default: fast}, {name: NOPE}]\n\
             mcp: {transport: stdio, command: $ATK_PLUGIN_DIR/run, args: [--mode, '${MODE}'], env: [TOKEN, MODE, NOPE], timeout: 5000}\n",
        ),
        (
            "web",
            "mcp: {transport: http, endpoint: 'http://localhost:1/$ATK_PLUGIN_DIR'}\n",
        ),
        ("none", ""),
    ]);
    fs::write(sandbox.home().join("plugins/std/.env"), "TOKEN=s3cret\n").unwrap();
    let dir = |name: &str| {
        sandbox
            .home()
            .join("plugins")
            .join(name)
            .display()
            .to_string()
    };
    let shown = sandbox.atk(&["mcp", "std"]).succeeds();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&shown.stdout).unwrap(),
        serde_json::json!({"std": {
            "command": format!("{}/run", dir("std")), "args": ["--mode", "fast"],
            "env": {"MODE": "fast", "TOKEN": "s3cret"}, "timeout": 5000,
        }})
    );
    assert_eq!(
        sandbox.atk(&["mcp", "web", "--json"]).succeeds().json(),
        serde_json::json!({"web": {"type": "http", "url": format!("http://localhost:1/{}", dir("web"))}})
    );
    let required = "env_vars: [{name: TOKEN, required: true}]\nmcp: {transport: stdio, command: run, env: [TOKEN]}\n";
    fs::remove_file(sandbox.home().join("plugins/std/.env")).unwrap();
    sandbox
        .files("home/plugins/std")
        .definition("std", required);
    let unset = sandbox.atk(&["mcp", "std"]).succeeds();
    assert!(unset.stdout.contains("<NOT_SET>"));
    assert!(
        unset.stderr.contains("variable `TOKEN` is not set"),
        "{}",
        unset.stderr
    );
    assert_eq!(
        sandbox.atk(&["mcp", "none", "--json"]).fails(5).json()["error"]["code"],
        "not_declared"
    );
}

#[test]
fn a_command_wins_over_a_plugin_and_a_readme_is_shown_safely() {
    let mut sandbox = home(&[("one", ""), ("list", "")]);
    sandbox
        .files("home/plugins/one")
        .file("README.md", "# One\n\u{1b}[2Jtext\n");
    assert_eq!(
        sandbox.atk(&["help", "one"]).succeeds().stdout,
        "# One\n\\u{1b}[2Jtext\n"
    );
    sandbox.set("TERM", "xterm");
    let laid_out = sandbox.terminal(&["help", "one"]).wait().succeeds().stdout;
    assert!(
        !laid_out.contains('#') && laid_out.contains("\u{1b}[1m"),
        "{laid_out:?}"
    );
    let plain = sandbox.terminal(&["help", "one", "--color", "never"]);
    assert_eq!(
        plain.wait().succeeds().stdout,
        "# One\r\n\\u{1b}[2Jtext\r\n"
    );
    assert!(
        sandbox
            .atk(&["help", "list"])
            .succeeds()
            .stdout
            .starts_with("Show the plugins of the home")
    );
    assert!(
        sandbox
            .atk(&["help"])
            .succeeds()
            .stdout
            .starts_with("Installs, pins")
    );
    fs::remove_file(sandbox.home().join("plugins/one/README.md")).unwrap();
    let none = sandbox.atk(&["help", "one"]).succeeds();
    assert_eq!(none.stdout, "");
    assert!(none.stderr.contains("has no `README.md`"));
    sandbox.atk(&["help", "nobody"]).fails(4);
}

#[test]
fn completions_and_manual_pages_come_from_the_binary() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = sandbox.atk(&["completions", shell]).succeeds().stdout;
        assert!(script.contains("COMPLETE"), "{shell}: {script}");
        if is_there(&sandbox, shell) {
            let mut check = sandbox.program(shell);
            check.arg("-n");
            sandbox.run_with_input(check, &script).succeeds();
        }
    }
    sandbox.atk(&["man", "pages"]).succeeds();
    let page = fs::read_to_string(sandbox.path("work/pages/atk-upgrade.1")).unwrap();
    assert!(page.contains("dry\\-run"), "{page}");
    for section in ["EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
        let heading = format!(".SH {section}");
        let quoted = format!(".SH \"{section}\"");
        assert!(
            page.contains(&heading) || page.contains(&quoted),
            "{section}: {page}"
        );
    }
    let mode = fs::metadata(sandbox.path("work/pages"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o700, 0o700);
    if is_there(&sandbox, "groff") {
        for page in fs::read_dir(sandbox.path("work/pages")).unwrap() {
            let mut check = sandbox.program("groff");
            check.args(["-man", "-ww", "-z"]).arg(page.unwrap().path());
            assert_eq!(sandbox.spawn(check).wait().succeeds().stderr, "");
        }
    }
}

/// Not every machine has every program that could look at what we write.
fn is_there(sandbox: &Sandbox, program: &str) -> bool {
    let mut look = sandbox.program("sh");
    look.args(["-c", &format!("command -v {program}")]);
    sandbox.spawn(look).wait().code == 0
}

#[test]
fn json_has_no_character_that_is_unseen_or_drives_a_terminal() {
    let more = "env_vars: [{name: MODE, default: \"a\\x7fb\\x9bc\\u200bd\\U000e0041e\"}]\n\
                mcp: {transport: stdio, command: \"run\\u202e\", args: ['${MODE}'], env: [MODE]}\n\
                lifecycle: {status: \"echo 'x\\u2066y'; false\"}\n";
    let sandbox = home(&[("tool", more)]);
    sandbox
        .files("home/plugins/tool")
        .file("README.md", "a\u{feff}\u{2028}b\n");
    for (code, words) in [
        (0, &["mcp", "tool"][..]),
        (0, &["mcp", "tool", "--json"]),
        (0, &["resolve", "./tool", "--json"]),
        (0, &["help", "tool", "--json"]),
        (0, &["list", "--json"]),
        (4, &["mcp", "x\u{202e}\u{85}", "--json"]),
        (2, &["list", "--x\u{200e}", "--json"]),
    ] {
        let finished = sandbox.atk(words);
        assert_eq!(finished.code, code, "{words:?}: {}", finished.stderr);
        let shown = &finished.stdout;
        serde_json::from_str::<serde_json::Value>(shown).unwrap();
        let bad = |c: char| {
            (c.is_control() && c != '\n')
                || "\u{200b}\u{200e}\u{2028}\u{202e}\u{2066}\u{feff}\u{e0041}".contains(c)
        };
        assert!(!shown.contains(bad), "{words:?}: {shown:?}");
    }
    let shown = sandbox.atk(&["mcp", "tool"]).succeeds().stdout;
    assert!(
        shown.contains(r#""a\u007fb\u009bc\u200bd\udb40\udc41e""#),
        "{shown}"
    );
}
