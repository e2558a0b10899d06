//! The homes that operations are interrupted in.

use std::fs;
use std::path::Path;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;

pub(crate) fn without_home() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.files("work/next").definition("Next", "");
    sandbox
}

/// With an empty directory, which a new plugin is written into.
pub(crate) fn with_empty() -> Sandbox {
    let sandbox = with_sources();
    fs::create_dir(sandbox.path("work/filled")).expect("create a directory");
    sandbox
}

/// Where sources are, before any plugin is added.
pub(crate) fn sources() -> (Sandbox, Registry) {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let lifecycle = "maturity: verified\nlifecycle: {install: ./install.sh, uninstall: 'true'}\n\
                     env_vars: [{name: TOKEN}]\n";
    registry.plugin("echo", |files| {
        files
            .definition("Echo", lifecycle)
            .exec("install.sh", "#!/bin/sh\n[ -e made ] || echo 1 >made\n")
            .file("changes", "one\n")
            .file("goes/file", "goes\n")
            .file("becomes", "a directory\n")
    });
    registry.plugin("broken", |files| {
        files.definition(
            "Broken",
            "maturity: verified\nlifecycle: {install: 'touch made; exit 3', uninstall: 'true'}\n",
        )
    });
    registry.commit("One");
    sandbox.use_registry(&registry.file_url());
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files
            .definition("Tool", "")
            .exec("run.sh", "#!/bin/sh\n")
            .link("latest", "run.sh")
    });
    sandbox
        .files("work/skill")
        .definition(
            "Skill",
            "lifecycle: {install: touch made, uninstall: rm -f made}\n",
        )
        .file("docs/a", "a\n")
        .exec("run.sh", "#!/bin/sh\n");
    sandbox.files("work/next").definition("Next", "");
    sandbox
        .files("work/mine")
        .definition("Mine", "")
        .file("SKILL.md", "mine\n");
    sandbox.atk(&["add", "-y", "./mine"]).succeeds();
    sandbox
        .files("home/plugins/mine")
        .file("custom/notes", "notes\n")
        .file(".env", "SECRET='keep'\n");
    commit_all(&sandbox);
    // The user has not committed this yet, and no operation on another plugin may.
    sandbox.files("home/plugins/mine").file("draft", "draft\n");
    (sandbox, registry)
}

pub(crate) fn commit_all(sandbox: &Sandbox) {
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "Mine"]);
}

pub(crate) fn with_sources() -> Sandbox {
    sources().0
}

pub(crate) fn with_cache() -> Sandbox {
    let sandbox = with_sources();
    let copy = sandbox.path("work/look");
    let copy = copy.to_str().expect("a path in UTF-8");
    sandbox.atk(&["fetch", "echo", copy]).succeeds();
    sandbox
}

pub(crate) fn in_place() -> Sandbox {
    let sandbox = with_sources();
    sandbox
        .files("home/plugins/placed")
        .definition(
            "Placed",
            "lifecycle: {install: 'true', uninstall: 'true'}\n",
        )
        .file("SKILL.md", "placed\n")
        .file("custom/notes", "mine\n")
        .file(".env", "A='b'\n");
    sandbox
}

/// `echo` is installed with edits, data and answers, and its registry has moved on.
pub(crate) fn with_newer() -> Sandbox {
    let (sandbox, mut registry) = sources();
    sandbox.atk(&["add", "-y", "echo"]).succeeds();
    sandbox
        .files("home/plugins/echo")
        .file("custom/notes", "mine\n")
        .file(".env", "# mine\nTOKEN='old'\n")
        .file("data/store", "precious\n")
        .file("changes", "edited\n");
    commit_all(&sandbox);
    sandbox
        .files("home/plugins/mine")
        .file("another-draft", "draft\n");
    registry.plugin("echo", |files| {
        files
            .remove("goes")
            .remove("becomes")
            .file("changes", "two\n")
            .file("becomes/one", "inside\n")
            .exec("new", "#!/bin/sh\n")
    });
    registry.commit("Two");
    sandbox
}

pub(crate) fn unlisted() -> Sandbox {
    let sandbox = with_newer();
    let receipts = sandbox.home().join(".git/atk/receipts");
    fs::remove_dir_all(receipts).expect("remove the receipts");
    sandbox
}

pub(crate) fn edited_local() -> Sandbox {
    let sandbox = with_sources();
    sandbox
        .files("home/plugins/mine")
        .definition("Mine", "lifecycle: {stop: touch stopped}\n")
        .file("SKILL.md", "edited\n")
        .file("custom/more", "more\n");
    sandbox
}

/// The home on a new machine.
pub(crate) fn cloned() -> Sandbox {
    let sandbox = with_newer();
    let old = sandbox.path("repos/old-machine");
    fs::rename(sandbox.home(), &old).expect("move the home");
    run_git(&sandbox, &["clone", "-q"], &[&old, &sandbox.home()]);
    sandbox
        .files("home/plugins/mine")
        .file(".env", "SECRET='keep'\n");
    sandbox
}

/// Commits of this home are made by the git program, because of a hook that takes a moment.
pub(crate) fn hooked(sandbox: Sandbox) -> Sandbox {
    sandbox
        .files("home/.git/hooks")
        .exec("pre-commit", "#!/bin/sh\nsleep 0.02\n")
        .exec("post-commit", "#!/bin/sh\nsleep 0.02\n");
    sandbox
}

/// The home becomes a worktree of a repository elsewhere.
pub(crate) fn in_worktree(sandbox: Sandbox) -> Sandbox {
    let main = sandbox.path("work/main-repository");
    fs::rename(sandbox.home(), &main).expect("move the home");
    run_git(
        &sandbox,
        &["-C", &main.to_string_lossy(), "checkout", "-q", "--detach"],
        &[],
    );
    run_git(
        &sandbox,
        &["-C", &main.to_string_lossy(), "worktree", "add", "-q"],
        &[&sandbox.home(), Path::new("main")],
    );
    // What git does not track moves along: `.env`, stamps, the files of registry plugins.
    let status = std::process::Command::new("cp")
        .arg("-an")
        .arg(main.join("plugins"))
        .arg(sandbox.home())
        .status();
    assert!(status.expect("run cp").success());
    sandbox.atk(&["list"]).succeeds();
    sandbox
}

/// The home pushes each commit to a repository beside it.
pub(crate) fn pushing(sandbox: Sandbox) -> Sandbox {
    let remote = sandbox.path("work/remote");
    run_git(&sandbox, &["init", "-q", "--bare"], &[&remote]);
    sandbox.git(&["remote", "add", "origin", &remote.to_string_lossy()]);
    sandbox.git(&["push", "-q", "-u", "origin", "HEAD"]);
    let manifest = sandbox.read("manifest.yaml");
    fs::write(
        sandbox.home().join("manifest.yaml"),
        manifest.replace("auto_push: false", "auto_push: true"),
    )
    .expect("write the manifest");
    commit_all(&sandbox);
    sandbox.git(&["push", "-q"]);
    sandbox
}

fn run_git(sandbox: &Sandbox, args: &[&str], paths: &[&Path]) {
    let mut git = sandbox.program("git");
    git.args(args).args(paths);
    sandbox.spawn(git).wait().succeeds();
}

/// No home, but the repository of one that was on another machine.
pub(crate) fn elsewhere() -> Sandbox {
    let sandbox = with_newer();
    let old = sandbox.path("repos/old-machine");
    fs::rename(sandbox.home(), old).expect("move the home");
    sandbox
}

/// The manifest of the home is there, and nothing else.
pub(crate) fn manifest_alone() -> Sandbox {
    let sandbox = with_sources();
    let manifest = sandbox.read("manifest.yaml");
    fs::remove_dir_all(sandbox.home()).expect("remove the home");
    fs::create_dir(sandbox.home()).expect("make the home");
    fs::write(sandbox.home().join("manifest.yaml"), manifest).expect("write the manifest");
    sandbox
}

/// `echo` is held at its commit.
pub(crate) fn held() -> Sandbox {
    let sandbox = with_newer();
    sandbox.atk(&["hold", "echo"]).succeeds();
    sandbox
}

/// The home names a registry.
pub(crate) fn with_registry() -> Sandbox {
    let sandbox = with_newer();
    sandbox
        .atk(&["registry", "add", "team", "h.org/registry"])
        .succeeds();
    sandbox
}

/// A file of `echo` is not as it was pinned.
pub(crate) fn damaged() -> Sandbox {
    let sandbox = with_newer();
    fs::write(sandbox.home().join("plugins/echo/changes"), "edited\n").expect("write a file");
    sandbox
}

/// Git has the `.env` of `echo`, and everyone may read it.
pub(crate) fn leaking() -> Sandbox {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = with_newer();
    let env = sandbox.home().join("plugins/echo/.env");
    fs::set_permissions(&env, fs::Permissions::from_mode(0o644)).expect("a mode");
    sandbox.git(&["add", "-f", "plugins/echo/.env"]);
    sandbox.git(&["commit", "-qm", "An older home"]);
    sandbox
}

/// `echo` has been upgraded.
pub(crate) fn upgraded() -> Sandbox {
    let sandbox = with_newer();
    sandbox.atk(&["upgrade", "-y", "echo"]).succeeds();
    sandbox
}

/// `mine` has been removed: its answers are in the trash.
pub(crate) fn removed() -> Sandbox {
    let sandbox = with_newer();
    sandbox.atk(&["remove", "-y", "mine"]).succeeds();
    sandbox
}

/// The id of the plan of the upgrade lies in `work/plan`.
pub(crate) fn planned() -> Sandbox {
    let sandbox = with_newer();
    let shown = sandbox.atk(&["upgrade", "echo", "--dry-run", "--json"]);
    let plan = shown.succeeds().json();
    let id = plan["plugins"][0]["outcome"]["digest"]
        .as_str()
        .expect("the id of a plan");
    fs::write(sandbox.path("work/plan"), id).expect("write a file");
    sandbox
}

/// A directory below `plugins/` that belongs to no plugin.
pub(crate) fn orphaned() -> Sandbox {
    let sandbox = with_sources();
    sandbox
        .files("home/plugins/orphan")
        .definition("Orphan", "")
        .file("notes", "notes\n");
    sandbox
}

/// The registry plugin `served` has an MCP server and a skill, and Cursor another server.
pub(crate) fn pluggable() -> Sandbox {
    served().0
}

fn served() -> (Sandbox, Registry) {
    let (sandbox, mut registry) = sources();
    serve(&mut registry, "one");
    sandbox.atk(&["add", "-y", "served"]).succeeds();
    commit_all(&sandbox);
    sandbox.files("user").file(
        ".cursor/mcp.json",
        "// mine\n{\"mcpServers\": {\"other\": {\"command\": \"x\"}}}\n",
    );
    sandbox
        .files("user")
        .file(".claude/skills/mine/SKILL.md", "mine\n");
    (sandbox, registry)
}

/// The server of `served` is plugged into two agents, with its arguments in their files.
pub(crate) fn plugged() -> Sandbox {
    plugged_of_registry().0
}

fn plugged_of_registry() -> (Sandbox, Registry) {
    let (sandbox, registry) = served();
    let plug = ["plug", "served", "--to", "claude,cursor", "--values"];
    sandbox.atk(&plug).succeeds();
    let copy = ["plug", "served", "--to", "cursor", "--values", "--copy"];
    sandbox.atk(&copy).succeeds();
    (sandbox, registry)
}

/// The same, and its registry has moved on.
pub(crate) fn plugged_and_newer() -> Sandbox {
    let (sandbox, mut registry) = plugged_of_registry();
    serve(&mut registry, "two");
    sandbox
}

fn serve(registry: &mut Registry, argument: &str) {
    let server =
        format!("maturity: verified\nmcp: {{transport: stdio, command: sh, args: [{argument}]}}\n");
    let skill = format!("---\nname: served\ndescription: d\n---\n{argument}\n");
    registry.plugin("served", |files| {
        files
            .definition("Served", &server)
            .file("SKILL.md", &skill)
            .exec("scripts/run", "#!/bin/sh\n")
    });
    registry.commit(argument);
}

/// A plugin whose commands of a service write into its directory.
pub(crate) fn service() -> Sandbox {
    let sandbox = with_sources();
    sandbox.files("work/service").definition(
        "Service",
        "lifecycle: {start: mkdir -p custom && touch custom/running, stop: rm -f custom/running}\n",
    );
    sandbox.atk(&["add", "-y", "./service"]).succeeds();
    sandbox
}
