//! Pins that are odd, gone, or of commits that did not change the plugin: each is the matter of its
//! own plugin.

use std::fs;

use atk_tests::repository::Registry;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

/// A home with three plugins of one registry, which has moved on.
struct Case {
    sandbox: Sandbox,
    registry: Registry,
    /// The commit that all are pinned to, and the one after it, which changed `one` alone.
    pins: [String; 2],
    server: GitServer,
}

const NAMES: [&str; 3] = ["one", "two", "three"];

impl Case {
    fn new() -> Case {
        let mut sandbox = Sandbox::with_home();
        let mut registry = Registry::new(&sandbox.repos(), "registry");
        for name in NAMES {
            registry.plugin(name, |files| {
                let more =
                    "maturity: verified\nlifecycle: {install: echo ran >>ran, uninstall: 'true'}\n";
                files.definition(name, more).file("text", "1\n")
            });
        }
        let first = registry.commit("Three");
        let server = GitServer::start(sandbox.repos());
        sandbox.use_registry(&server.url("registry"));
        for name in NAMES {
            sandbox.atk(&["add", name]).succeeds();
        }
        registry.plugin("one", |files| files.file("text", "2\n"));
        let second = registry.commit("Change one");
        Case {
            sandbox,
            registry,
            pins: [first, second],
            server,
        }
    }

    /// Pins a plugin to something, as a pull or an editor may.
    fn pin(&self, name: &str, pin: &str) {
        let manifest = self.sandbox.read("manifest.yaml");
        let (before, after) = manifest
            .split_once(&format!("directory: {name}\n"))
            .unwrap();
        let (between, after) = after.split_once("ref: ").unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        let text = format!("{before}directory: {name}\n{between}ref: {pin}\n{after}");
        fs::write(self.sandbox.home().join("manifest.yaml"), text).unwrap();
        self.sandbox.git(&["commit", "-qam", "Pin"]);
    }

    fn all(&self, operation: &str) -> (i32, serde_json::Value) {
        let ended = self.sandbox.atk(&[operation, "--all", "--json"]);
        let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        assert!(report["plugins"].is_array(), "{report}");
        (ended.code, report["plugins"].clone())
    }
}

#[test]
fn a_pin_that_cannot_be_fetched_does_not_stop_other_plugins() {
    for pin in [&"ab".repeat(20), &"cd".repeat(32), "null"] {
        let case = Case::new();
        case.pin("two", pin);
        let (code, plugins) = case.all("install");
        assert_eq!(code, 1, "{pin}: {plugins}");
        assert_eq!(plugins[0]["result"], "done", "{pin}: {plugins}");
        assert_eq!(plugins[1]["result"], "failed", "{pin}: {plugins}");
        assert_eq!(plugins[2]["result"], "done", "{pin}: {plugins}");

        // The newest commit is the way out.
        let (code, plugins) = case.all("upgrade");
        assert_eq!(code, 0, "{pin}: {plugins}");
        assert_eq!(plugins[0]["result"], "done", "{pin}: {plugins}");
        assert_eq!(plugins[1]["result"], "done", "{pin}: {plugins}");
        assert_eq!(plugins[2]["reason"], "up_to_date", "{pin}: {plugins}");
        let stamp = format!("{}\n", case.pins[1]);
        assert_eq!(case.sandbox.read("plugins/two/.atk-ref"), stamp);
    }
}

#[test]
fn a_pin_of_another_commit_with_the_same_files_touches_none_of_them() {
    let case = Case::new();
    let text = case.sandbox.home().join("plugins/two/text");
    let touched = || fs::metadata(&text).unwrap().modified().unwrap();
    let before = touched();
    case.pin("two", &case.pins[1]);
    case.server.reset();
    case.sandbox.atk(&["install", "two"]).succeeds();
    assert!(
        case.server.stats().requests <= 3,
        "{}",
        case.server.stats().summary()
    );
    assert_eq!(touched(), before);
    let stamp = format!("{}\n", case.pins[1]);
    assert_eq!(case.sandbox.read("plugins/two/.atk-ref"), stamp);
    assert_eq!(case.sandbox.read("plugins/two/ran"), "ran\nran\n");
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");

    // The receipt knows: an upgrade takes away what is ATK's and gone.
    let mut registry = case.registry;
    registry.tree("plugins/two").remove("text");
    registry.plugin("two", |files| files.file("new", "new\n"));
    registry.commit("Change two");
    case.sandbox.atk(&["upgrade", "two"]).succeeds();
    assert!(!text.exists());
    assert_eq!(case.sandbox.read("plugins/two/ran"), "ran\nran\nran\n");
}

#[test]
fn an_older_pin_brings_the_older_files_back() {
    let case = Case::new();
    case.sandbox.atk(&["upgrade", "one"]).succeeds();
    assert_eq!(case.sandbox.read("plugins/one/text"), "2\n");
    case.sandbox.git(&["revert", "--no-edit", "HEAD"]);
    let log = case.sandbox.log();
    case.sandbox.atk(&["install", "one"]).succeeds();
    assert_eq!(case.sandbox.read("plugins/one/text"), "1\n");
    let stamp = format!("{}\n", case.pins[0]);
    assert_eq!(case.sandbox.read("plugins/one/.atk-ref"), stamp);
    assert_eq!(case.sandbox.log(), log);
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");
}
