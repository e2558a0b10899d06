//! Coding agents: which are there, and what is written into their files.

use std::fs;

use atk_tests::sandbox::Sandbox;

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
