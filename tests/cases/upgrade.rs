//! A newer version takes the place of an older one: touched files only, the user's kept, and all
//! or nothing.

mod asking;
mod customised;
mod failing;
mod plans;
mod random;
mod receipts;
mod sources;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

/// A home with a git plugin `Tool` of a served repository.
struct Case {
    sandbox: Sandbox,
    tool: Repository,
    server: GitServer,
}

const INSTALL: &str = "lifecycle: {install: ./install.sh, uninstall: 'true'}\n";

impl Case {
    fn new() -> Case {
        let sandbox = Sandbox::with_home();
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files
                .definition("Tool", INSTALL)
                .exec("install.sh", "#!/bin/sh\necho installed >>install.log\n")
                .file("kept", "the same\n")
                .file("changes", "one\n")
                .file("goes/deep/file", "goes\n")
                .file("turns/into", "a file\n")
                .file("becomes", "a directory\n")
                .exec("mode", "#!/bin/sh\n")
                .link("link", "kept")
        });
        let server = GitServer::start(sandbox.repos());
        sandbox.atk(&["add", "-y", &server.url("tool")]).succeeds();
        Case {
            sandbox,
            tool,
            server,
        }
    }

    fn second_version(&self) -> String {
        self.tool
            .tree(".atk")
            .remove("goes")
            .remove("turns")
            .remove("becomes")
            .remove("link")
            .file("changes", "two\n")
            .file("turns", "into a file\n")
            .file("becomes/one", "inside\n")
            .file("mode", "#!/bin/sh\n")
            .link("link", "changes")
            .file("new/file", "new\n");
        self.tool.commit("Second version")
    }

    fn plugin(&self, path: &str) -> std::path::PathBuf {
        self.sandbox.home().join("plugins/tool").join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.plugin(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl Case {
    /// Has all of a plugin's files copied to its place and recorded, as the Python tool does: with
    /// a stamp and without a receipt.
    fn replaced_by_another_tool(&self, pin: &str) {
        let old = self.plugin("");
        let custom = old.join("custom");
        assert!(!custom.exists(), "the user has nothing there");
        fs::remove_dir_all(&old).unwrap();
        let mut copy = self.sandbox.program("cp");
        copy.arg("-a").arg(self.tool.tree(".atk").path()).arg(&old);
        self.sandbox.spawn(copy).wait().succeeds();
        fs::write(old.join(".atk-ref"), format!("{pin}\n")).unwrap();
        self.pin_to(pin);
    }

    /// Writes a pin to the manifest, as a pull of what another machine did brings it.
    fn pin_to(&self, pin: &str) {
        let manifest = self.sandbox.read("manifest.yaml");
        let (before, after) = manifest.split_once("ref: ").unwrap();
        let text = format!("{before}ref: {pin}{}", &after[40..]);
        fs::write(self.sandbox.home().join("manifest.yaml"), text).unwrap();
        self.sandbox.git(&["commit", "-qam", "Another pin"]);
    }

    fn upgrade(&self) -> serde_json::Value {
        let upgrade = ["upgrade", "tool", "-y", "--json"];
        let report = self.sandbox.atk(&upgrade).succeeds().json();
        report["plugins"][0].clone()
    }
}

fn mtime(path: &Path) -> (i64, i64) {
    let metadata = fs::symlink_metadata(path).unwrap();
    (metadata.mtime(), metadata.mtime_nsec())
}

#[test]
fn only_what_differs_is_touched_and_what_install_made_stays() {
    let case = Case::new();
    case.write(".venv/bin/python", "made by install\n");
    case.write("data/store.db", "precious\n");
    case.write("goes/mine", "mine\n");
    case.write("custom/notes.md", "my notes\n");
    let kept = [
        "kept",
        ".venv/bin/python",
        "data/store.db",
        "install.log",
        "install.sh",
        "custom/notes.md",
    ];
    let before: Vec<_> = kept.iter().map(|path| mtime(&case.plugin(path))).collect();
    let pin = case.second_version();

    let report = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .succeeds()
        .json();
    let files = &report["plugins"][0]["outcome"]["plan"]["files"];
    assert_eq!(
        files.to_string(),
        r#"{"added":["becomes/one","new/file","turns"],"changed":["changes","link","mode"],"removed":["becomes","goes/deep/file","turns/into"],"edited":[]}"#
    );
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
    assert_eq!(case.sandbox.read("plugins/tool/turns"), "into a file\n");
    assert_eq!(case.sandbox.read("plugins/tool/becomes/one"), "inside\n");
    assert_eq!(
        fs::read_link(case.plugin("link")).unwrap().to_str(),
        Some("changes")
    );
    assert!(!case.plugin("goes/deep").exists());
    assert_eq!(case.sandbox.read("plugins/tool/goes/mine"), "mine\n");
    let mode = fs::metadata(case.plugin("mode"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o111, 0, "it is no program any more");
    assert_eq!(
        case.sandbox.read("plugins/tool/.atk-ref"),
        format!("{pin}\n")
    );
    assert!(case.sandbox.read("manifest.yaml").contains(&pin));
    assert_eq!(
        case.sandbox.read("plugins/tool/install.log"),
        "installed\ninstalled\n"
    );
    let after: Vec<_> = kept.iter().map(|path| mtime(&case.plugin(path))).collect();
    for (at, path) in kept
        .iter()
        .enumerate()
        .filter(|(_, path)| **path != "install.log")
    {
        assert_eq!(before[at], after[at], "{path} was not touched");
    }
    assert_eq!(case.sandbox.log()[0], "Upgrade plugin 'Tool'");
    assert_eq!(
        case.sandbox.git(&["status", "--porcelain", "-uall"]),
        "?? plugins/tool/custom/notes.md"
    );
}

#[test]
fn what_the_user_edited_is_kept_in_a_backup() {
    let case = Case::new();
    case.write("changes", "edited\n");
    case.write("goes/deep/file", "edited too\n");
    case.write("new/file", "in the way\n");
    fs::set_permissions(case.plugin("kept"), fs::Permissions::from_mode(0o755)).unwrap();
    case.second_version();
    let report = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .succeeds()
        .json();
    let outcome = &report["plugins"][0]["outcome"];
    assert_eq!(
        outcome["plan"]["files"]["edited"].to_string(),
        r#"["changes","goes/deep/file","kept","new/file"]"#
    );
    let backup = Path::new(outcome["backup"].as_str().unwrap()).to_owned();
    for (path, text) in [
        ("changes", "edited\n"),
        ("goes/deep/file", "edited too\n"),
        ("new/file", "in the way\n"),
        ("kept", "the same\n"),
    ] {
        assert_eq!(
            fs::read_to_string(backup.join(path)).unwrap(),
            text,
            "{path}"
        );
    }
    assert!(
        outcome["warnings"][0]
            .as_str()
            .unwrap()
            .contains(backup.to_str().unwrap())
    );
    assert_eq!(case.sandbox.read("plugins/tool/new/file"), "new\n");
}

#[test]
fn a_directory_of_the_users_in_the_way_is_kept_with_all_that_is_in_it() {
    let case = Case::new();
    case.write("spot/a/b", "mine\n");
    case.tool
        .tree(".atk")
        .file("spot", "now a file of the plugin\n");
    case.tool.commit("Take the spot");
    let report = case
        .sandbox
        .atk(&["upgrade", "tool", "-y", "--json"])
        .succeeds()
        .json();
    let backup = report["plugins"][0]["outcome"]["backup"]
        .as_str()
        .unwrap()
        .to_owned();
    let kept = fs::read_to_string(Path::new(&backup).join("spot/a/b")).unwrap();
    assert_eq!(kept, "mine\n");
    assert_eq!(
        case.sandbox.read("plugins/tool/spot"),
        "now a file of the plugin\n"
    );
}

#[test]
fn a_link_that_the_user_put_in_the_place_of_a_file_is_replaced_and_not_followed() {
    let case = Case::new();
    let outside = case.sandbox.path("work/outside");
    fs::write(&outside, "outside\n").unwrap();
    fs::remove_file(case.plugin("changes")).unwrap();
    symlink(&outside, case.plugin("changes")).unwrap();
    case.second_version();
    case.sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    assert_eq!(fs::read_to_string(&outside).unwrap(), "outside\n");
    assert_eq!(case.sandbox.read("plugins/tool/changes"), "two\n");
    assert!(!case.plugin("changes").is_symlink());
}

#[test]
fn a_home_that_is_a_worktree_is_installed_and_upgraded_as_any_other() {
    let case = Case::new();
    let home = case.sandbox.path("worktree");
    let home = home.to_str().unwrap();
    case.sandbox
        .git(&["worktree", "add", "-q", "-b", "other", home]);
    let atk = |args: &[&str]| {
        let args = [&["--home", home], args].concat();
        case.sandbox.atk(&args).succeeds()
    };
    atk(&["install", "--all"]);
    let file = |path: &str| Path::new(home).join("plugins/tool").join(path);
    fs::write(file("changes"), "edited\n").unwrap();
    fs::write(file("data"), "mine\n").unwrap();
    let pin = case.second_version();
    let report = atk(&["upgrade", "tool", "-y", "--json"]).json();
    let outcome = &report["plugins"][0]["outcome"];
    assert_eq!(
        outcome["plan"]["files"]["removed"].to_string(),
        r#"["becomes","goes/deep/file","turns/into"]"#
    );
    let backup = Path::new(outcome["backup"].as_str().unwrap());
    let git_dir = case.sandbox.home().join(".git/worktrees/worktree");
    assert!(backup.starts_with(git_dir.join("atk/backups/tool")));
    let kept = fs::read_to_string(backup.join("changes")).unwrap();
    assert_eq!(kept, "edited\n");
    assert_eq!(fs::read_to_string(file("data")).unwrap(), "mine\n");
    let stamp = fs::read_to_string(file(".atk-ref")).unwrap();
    assert_eq!(stamp, format!("{pin}\n"));
    let status = case.sandbox.git(&["-C", home, "status", "--porcelain"]);
    assert_eq!(status, "");
    let title = case.sandbox.git(&["-C", home, "log", "-1", "--format=%s"]);
    assert_eq!(title, "Upgrade plugin 'Tool'");
    assert_eq!(
        case.sandbox.log()[0],
        "Add plugin 'Tool'",
        "the other is as it was"
    );
}
