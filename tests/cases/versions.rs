//! What plugins follow: branches, tags, commits; holding and releasing them.

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;
use serde_json::Value;

/// A home, and a repository with a branch `next` and a tag `v1` at its first commit.
struct Case {
    sandbox: Sandbox,
    tool: Repository,
}

impl Case {
    fn new() -> Case {
        let sandbox = Sandbox::with_home();
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files.definition("Tool", "").file("version", "1")
        });
        tool.git(&["tag", "v1"]);
        tool.git(&["branch", "next"]);
        Case { sandbox, tool }
    }

    /// The same with the plugin, added at a revision.
    fn at(end: &str) -> Case {
        let case = Case::new();
        let source = format!("{}{end}", case.tool.file_url());
        case.sandbox.atk(&["add", "-y", &source]).succeeds();
        case
    }

    /// Makes a commit on the default branch.
    fn commit(&self, version: &str) -> String {
        self.tool.tree(".atk").file("version", version);
        self.tool.commit(version)
    }

    /// Makes `next` the newest commit.
    fn move_next(&self) {
        self.tool.git(&["branch", "--force", "next", "HEAD"]);
    }

    fn version(&self) -> String {
        self.sandbox.read("plugins/tool/version")
    }

    fn versions(&self) -> String {
        self.sandbox.read("atk.yaml")
    }

    fn source(&self) -> Value {
        let listed = self.sandbox.atk(&["list", "--json"]).succeeds().json();
        listed["plugins"][0]["source"].clone()
    }

    fn fails(&self, words: &[&str], code: i32, kind: &str) -> String {
        let words = [words, &["--json"]].concat();
        let failed = self.sandbox.atk(&words).fails(code);
        let error = &failed.json()["error"];
        assert_eq!(error["code"], kind, "{error}");
        error.to_string()
    }
}

#[test]
fn a_branch_is_followed_and_not_the_default_one() {
    let case = Case::at("@next");
    let pin = case.tool.head();
    let expected = format!(
        "schema_version: '2026-12-01'\nplugins:\n  tool:\n    ref: {pin}\n    track: next\n"
    );
    assert_eq!(case.versions(), expected);
    assert_eq!(case.source()["track"], "next");
    let committed = case.sandbox.git(&["show", "--stat", "--format=", "HEAD"]);
    assert!(committed.contains("atk.yaml"), "{committed}");
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");

    let newer = case.commit("2");
    let all = case.sandbox.atk(&["upgrade", "--all", "-y"]).succeeds();
    assert!(all.stdout.contains("up to date"), "{}", all.stdout);
    assert_eq!(case.version(), "1");
    case.move_next();
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(case.version(), "2");
    assert!(case.versions().contains(&newer), "{}", case.versions());

    case.tool.git(&["branch", "--delete", "--force", "next"]);
    case.tool.git(&["branch", "nex"]);
    let said = case.fails(&["upgrade", "tool"], 7, "ref_not_found");
    assert!(said.contains("`next`") && said.contains("`nex`"), "{said}");
}

#[test]
fn the_default_branch_needs_no_file() {
    let case = Case::at("");
    assert!(!case.sandbox.home().join("atk.yaml").exists());
    case.commit("2");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert!(!case.sandbox.home().join("atk.yaml").exists());
    assert_eq!(case.source()["track"], Value::Null);
}

#[test]
fn a_tag_stays_and_one_that_moved_is_an_error() {
    let case = Case::at("@v1");
    case.commit("2");
    let one = case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert!(one.stdout.contains("up to date"), "{}", one.stdout);
    case.tool.git(&["tag", "--force", "v1"]);
    let before = case.sandbox.snapshot();
    let said = case.fails(&["upgrade", "tool", "-y"], 7, "ref_moved");
    assert!(said.contains(&case.tool.head()), "{said}");
    assert_eq!(before.difference(&case.sandbox.snapshot()), "");
    // The new commit by its id is what the user may want.
    let head = case.tool.head();
    case.sandbox
        .atk(&["upgrade", "tool", "-y", "--to", &head])
        .succeeds();
    assert_eq!(case.version(), "2");
    assert_eq!(case.source()["held"], true);
}

#[test]
fn a_plugin_at_a_commit_is_held_until_it_is_released() {
    let case = Case::new();
    let pin = case.tool.head();
    let source = format!("{}@{pin}", case.tool.file_url());
    case.sandbox.atk(&["add", "-y", &source]).succeeds();
    case.commit("2");
    let all = case.sandbox.atk(&["upgrade", "--all", "-y"]).succeeds();
    assert!(all.stdout.contains("held"), "{}", all.stdout);
    let said = case.sandbox.atk(&["upgrade", "tool"]).fails(1).stderr;
    assert!(said.contains("`atk unhold tool`"), "{said}");
    case.fails(&["upgrade", "tool", "--dry-run"], 1, "held");

    let said = case.sandbox.atk(&["unhold", "tool"]).succeeds().stdout;
    assert!(said.contains("the default branch"), "{said}");
    assert_eq!(case.sandbox.log()[0], "Release plugin 'Tool'");
    let versions = case.sandbox.home().join("atk.yaml");
    assert!(!versions.exists(), "nothing is left to write down");
    let again = case.sandbox.atk(&["unhold", "tool"]).succeeds().stdout;
    assert!(again.contains("already"), "{again}");
    assert_eq!(case.sandbox.log().len(), 3, "no empty commit");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(case.version(), "2");

    case.sandbox.atk(&["hold", "tool"]).succeeds();
    assert_eq!(case.sandbox.log()[0], "Hold plugin 'Tool'");
    case.commit("3");
    case.sandbox.atk(&["upgrade", "tool", "-y"]).fails(1);
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn another_version_is_named_and_followed_from_then_on() {
    let case = Case::at("");
    case.commit("2");
    case.move_next();
    case.sandbox
        .atk(&["upgrade", "tool", "-y", "--to", "next"])
        .succeeds();
    assert_eq!(
        (case.version().as_str(), &case.source()["track"]),
        ("2", &"next".into())
    );

    // Back to an older version, and said so.
    let plan = ["upgrade", "tool", "--to", "v1", "--dry-run"];
    let plan = case.sandbox.atk(&plan).succeeds().stdout;
    assert!(plan.contains("(older)"), "{plan}");
    case.sandbox
        .atk(&["upgrade", "tool", "-y", "--to", "v1"])
        .succeeds();
    assert_eq!(
        (case.version().as_str(), &case.source()["track"]),
        ("1", &"v1".into())
    );

    // The commit is the same, what is followed is not.
    case.tool.git(&["tag", "v1.0", "v1"]);
    let plan = ["upgrade", "tool", "--to", "v1.0", "--dry-run"];
    let plan = [&plan[..], &["--exit-code"]].concat();
    let planned = case.sandbox.atk(&plan).fails(12).stdout;
    let same = ["upgrade", "tool", "-y", "--to", "v1.0"];
    let changed = case.sandbox.atk(&same).succeeds().stdout;
    let said = "tool: its files are the same; only what it follows changes\n";
    assert_eq!((planned.as_str(), changed.as_str()), (said, said));
    let again = case.sandbox.atk(&same).succeeds().stdout;
    assert_eq!(again, "tool: already up to date\n");
    assert_eq!(case.source()["track"], "v1.0");
    assert_eq!(case.sandbox.log()[0], "Let plugin 'Tool' follow v1.0");
    let commits = case.sandbox.log().len();
    case.sandbox.atk(&same).succeeds();
    assert_eq!(case.sandbox.log().len(), commits, "nothing changed");
    case.fails(&["upgrade", "tool", "--to", "none"], 7, "ref_not_found");
}

#[test]
fn what_was_written_by_hand_survives_and_goes_with_its_plugin() {
    let case = Case::at("@next");
    let text = case
        .versions()
        .replace("plugins:", "# mine\nregistries: []\nplugins:");
    let text = text.replace("track: next", "track: next # soon");
    std::fs::write(case.sandbox.home().join("atk.yaml"), &text).unwrap();
    case.sandbox
        .git(&["commit", "--all", "--message", "Comments"]);
    let newer = case.commit("2");
    case.move_next();
    let old = case.tool.git(&["rev-parse", "HEAD~1"]);
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(case.versions(), text.replace(&old, &newer));

    case.sandbox.files("work/mine").definition("Mine", "");
    case.sandbox.atk(&["add", "./mine"]).succeeds();
    case.sandbox.atk(&["remove", "tool", "--force"]).succeeds();
    let left = case.versions();
    assert!(left.contains("# mine") && !left.contains("tool:"), "{left}");
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn an_entry_that_another_tool_left_behind_is_reported_and_tidied_up() {
    let case = Case::at("@next");
    let newer = case.commit("2");
    // As the Python tool upgrades: it moves the pin and knows nothing of the file.
    let manifest = case.sandbox.read("manifest.yaml");
    let old = case.tool.git(&["rev-parse", "HEAD~1"]);
    let path = case.sandbox.home().join("manifest.yaml");
    std::fs::write(&path, manifest.replace(&old, &newer)).unwrap();
    assert_eq!(case.source()["moved"], true);
    let listed = case.sandbox.atk(&["list"]).succeeds().stdout;
    assert!(listed.contains("moved by another tool"), "{listed}");
    case.move_next();
    case.sandbox.atk(&["hold", "tool"]).succeeds();
    assert_eq!(case.source()["moved"], false);

    // And as it removes.
    let text = case.versions() + "  gone-plugin:\n    held: true\n";
    std::fs::write(case.sandbox.home().join("atk.yaml"), text).unwrap();
    case.sandbox.files("work/mine").definition("Mine", "");
    case.sandbox.atk(&["add", "./mine"]).succeeds();
    assert!(
        !case.versions().contains("gone-plugin"),
        "{}",
        case.versions()
    );
}

#[test]
fn a_broken_file_is_named_with_its_line_and_loses_nothing() {
    let case = Case::at("@next");
    let path = case.sandbox.home().join("atk.yaml");
    for (text, part) in [
        ("plugins:\n  tool: {track: 'a..b'}\n", "atk.yaml:2:"),
        ("plugins: [\n", "atk.yaml:1:"),
        (
            "<<<<<<< HEAD\na: 1\n=======\nb: 2\n>>>>>>> x\n",
            "conflict markers",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        for words in [&["list"][..], &["upgrade", "tool"], &["hold", "tool"]] {
            let said = case.sandbox.atk(words).fails(1).stderr;
            assert!(said.contains(part), "{words:?}: {said}");
            assert!(said.contains("checkout HEAD -- atk.yaml"), "{said}");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_new_machine_follows_what_the_old_one_did() {
    let case = Case::at("@next");
    let (home, url) = (
        case.sandbox.path("laptop"),
        format!("file://{}", case.sandbox.home().display()),
    );
    let home = home.to_str().unwrap();
    case.sandbox
        .atk(&["--home", home, "bootstrap", &url, "-y"])
        .succeeds();
    case.commit("2");
    case.move_next();
    case.sandbox
        .atk(&["--home", home, "upgrade", "--all", "-y"])
        .succeeds();
    let version = std::fs::read_to_string(case.sandbox.path("laptop/plugins/tool/version"));
    assert_eq!(version.unwrap(), "2");
}

/// The states of the plugins by `outdated`, by their directories.
fn outdated(sandbox: &Sandbox) -> Vec<(String, String)> {
    let report = sandbox.atk(&["outdated", "--json"]).succeeds().json();
    let lines = report["plugins"].as_array().unwrap().iter();
    let state = |line: &Value| {
        let state = match line["result"].as_str() {
            Some("done") => &line["outcome"]["state"],
            _ => &line["reason"],
        };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&line["directory"]), text(state))
    };
    lines.map(state).collect()
}

#[test]
fn outdated_says_how_each_plugin_stands_and_changes_nothing() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    for name in ["same", "newer", "dropped"] {
        registry.plugin(name, |files| files.definition(name, ""));
    }
    registry.commit("Three");
    let tool = |name: &str| {
        let tool = Repository::tool(&sandbox.repos(), name, |files| {
            files.definition(name, "").file("version", "1")
        });
        tool.git(&["tag", "v1"]);
        tool.git(&["branch", "next"]);
        tool
    };
    let names = [
        "behind",
        "elsewhere",
        "fixed",
        "held",
        "moved",
        "gone",
        "vanished",
    ];
    let tools: Vec<Repository> = names.into_iter().map(tool).collect();
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    for name in ["same", "newer", "dropped"] {
        sandbox.atk(&["add", "-y", name]).succeeds();
    }
    for (name, end) in names
        .into_iter()
        .zip(["", "", "@v1", "", "@v1", "@next", ""])
    {
        let source = format!("{}{end}", server.url(name));
        sandbox.atk(&["add", "-y", &source]).succeeds();
    }
    sandbox.atk(&["hold", "held"]).succeeds();
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    for (name, tool) in names.into_iter().zip(&tools) {
        match name {
            "elsewhere" => tool.tree("").file("other", "x"),
            _ => tool.tree(".atk").file("version", "2"),
        };
        tool.commit("Two");
    }
    tools[4].git(&["tag", "--force", "v1"]);
    tools[5].git(&["branch", "--delete", "--force", "next"]);
    std::fs::rename(sandbox.path("repos/vanished"), sandbox.path("repos/x")).unwrap();
    registry.plugin("newer", |files| files.file("new", "x"));
    registry.remove("dropped");
    registry.commit("Changes");

    let before = sandbox.snapshot();
    server.reset();
    let states = outdated(&sandbox);
    let expected = [
        ("same", "current"),
        ("newer", "behind"),
        ("dropped", "gone"),
        ("behind", "behind"),
        ("elsewhere", "current"),
        ("fixed", "current"),
        ("held", "held"),
        ("moved", "moved"),
        ("gone", "gone"),
        ("vanished", "gone"),
        ("mine", "local"),
    ];
    let expected = expected.map(|(name, state)| (name.to_owned(), state.to_owned()));
    assert_eq!(states, expected);
    assert_eq!(before.difference(&sandbox.snapshot()), "");
    let shown = sandbox.atk(&["outdated"]).succeeds().stdout;
    assert!(shown.contains("moved: the tag `v1`"), "{shown}");
    sandbox.atk(&["outdated", "--exit-code"]).fails(12);
    sandbox.atk(&["outdated", "same", "--exit-code"]).succeeds();

    // The server is not reached: nothing is known, and that is no failure.
    drop(server);
    let report = sandbox.atk(&["outdated", "behind", "--json"]).succeeds();
    let outcome = &report.json()["plugins"][0]["outcome"];
    assert_eq!(outcome["state"], "unknown");
    assert!(outcome["reason"].as_str().unwrap().contains("http://"));
}

#[test]
fn outdated_asks_each_source_once_and_for_no_file() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let plugins: Vec<String> = (10..60).map(|number| format!("plugin-{number}")).collect();
    for name in &plugins {
        registry.plugin(name, |files| files.definition(name, ""));
    }
    registry.commit("Fifty");
    let tools: Vec<Repository> = (0..5)
        .map(|number| {
            let name = format!("mono-{number}");
            let mono = Repository::new(&sandbox.repos(), &name);
            for plugin in 0..10 {
                let files = mono.tree(&format!("tools/tool-{number}{plugin}"));
                files.definition(&format!("Tool {number}{plugin}"), "");
            }
            mono.commit("Ten");
            mono
        })
        .collect();
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    for name in &plugins {
        sandbox.atk(&["add", "-y", name]).succeeds();
    }
    for number in 0..5 {
        for plugin in 0..10 {
            let url = server.url(&format!("mono-{number}"));
            let source = format!("{url}//tools/tool-{number}{plugin}");
            sandbox.atk(&["add", "-y", &source]).succeeds();
        }
    }
    for (number, tool) in tools.iter().enumerate() {
        let files = tool.tree(&format!("tools/tool-{number}3"));
        files.file("large", "x".repeat(100_000));
        tool.commit("Three");
    }
    registry.plugin("plugin-20", |files| files.file("new", "y".repeat(100_000)));
    registry.commit("Twenty");

    server.reset();
    let states = outdated(&sandbox);
    let stats = server.stats();
    assert_eq!(states.len(), 100);
    let behind = states.iter().filter(|(_, state)| state == "behind");
    assert_eq!(behind.count(), 6);
    // What the server can do, its refs, and the trees of a commit; the plugins' own trees lie one
    // level deeper in the repositories with directories of directories.
    assert_eq!(stats.connections, 6, "{}", stats.summary());
    assert!(stats.requests <= 6 * 4, "{}", stats.summary());
    assert!(stats.bytes_down < 60_000, "{}", stats.summary());
    for (at, repository) in tools.iter().enumerate() {
        let large = repository.git(&["rev-parse", &format!("HEAD:tools/tool-{at}3/large")]);
        assert!(!stats.wants().contains(&large.as_str()));
    }
}

#[test]
fn a_hold_during_an_upgrade_is_not_lost() {
    let case = Case::at("");
    case.tool.tree(".atk").exec("run.sh", "#!/bin/sh\n");
    case.tool.commit("Two");
    let mut asked = case.sandbox.terminal(&["upgrade", "tool"]);
    asked.wait_for("[y/N]");
    case.sandbox.atk(&["hold", "tool"]).succeeds();
    asked.enter("y");
    let said = asked.wait().fails(1).stdout;
    assert!(said.contains("changed `tool` meanwhile"), "{said}");
    assert_eq!(case.source()["held"], true);
    assert_eq!(case.version(), "1");
}

#[test]
fn outdated_asks_a_repository_once_however_many_of_its_plugins_changed() {
    let sandbox = Sandbox::with_home();
    let mono = Repository::new(&sandbox.repos(), "mono");
    let names: Vec<String> = (10..30).map(|number| format!("tool-{number}")).collect();
    for name in &names {
        let files = mono.tree(&format!("tools/{name}"));
        files.definition(name, "");
    }
    mono.commit("Twenty");
    let server = GitServer::start(sandbox.repos());
    for name in &names {
        let source = format!("{}//tools/{name}", server.url("mono"));
        sandbox.atk(&["add", "-y", &source]).succeeds();
        mono.tree(&format!("tools/{name}")).file("new", "x");
    }
    mono.commit("All");
    server.reset();
    let states = outdated(&sandbox);
    assert!(
        states.iter().all(|(_, state)| state == "behind"),
        "{states:?}"
    );
    let stats = server.stats();
    assert!(stats.requests <= 4, "{}", stats.summary());
}
