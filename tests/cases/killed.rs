//! An operation that is killed at any of its steps, and a recovery that is killed too; an operation
//! whose disk is full from any of its steps on: the home is as before or as after, and the next
//! command works.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use atk_tests::repository::Registry;
use atk_tests::sandbox::{Sandbox, Snapshot};

/// A home, an operation on it, and the home as it is before and after.
struct Case {
    sandbox: Sandbox,
    operation: Vec<String>,
    before: Snapshot,
    after: Snapshot,
    /// True if the operation makes a commit of the user's changes first.
    saves: bool,
}

impl Case {
    fn new(sandbox: Sandbox, operation: &[&str]) -> Case {
        let operation = operation.iter().map(|&word| word.to_owned()).collect();
        let before = sandbox.snapshot();
        let template = sandbox.path("template");
        copy(&sandbox.home(), &template);
        let mut case = Case {
            sandbox,
            operation,
            after: before.clone(),
            before,
            saves: false,
        };
        let finished = case.run(0);
        assert!(
            finished.iter().any(|line| line.starts_with("step ")),
            "{finished:?}"
        );
        assert!(
            !finished.iter().any(|line| line.starts_with("failed ")),
            "{finished:?}"
        );
        case.after = case.sandbox.snapshot();
        assert_ne!(
            case.before.difference(&case.after),
            "",
            "the operation changes something"
        );
        case
    }

    /// Runs the operation; kills it at a step, if it comes so far. Returns what it printed.
    fn run(&self, stop_at: usize) -> Vec<String> {
        let words: Vec<&str> = self.operation.iter().map(String::as_str).collect();
        self.step(stop_at, &words)
    }

    fn step(&self, stop_at: usize, operation: &[&str]) -> Vec<String> {
        self.start(&stop_at.to_string(), operation)
    }

    fn start(&self, stop_at: &str, operation: &[&str]) -> Vec<String> {
        // A write that the disk has no room for is an error, not the end of the process.
        let mut command = self.sandbox.program("/bin/sh");
        command
            .args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#])
            .arg(env!("CARGO_BIN_EXE_atk-step"))
            .arg(self.sandbox.home())
            .arg(self.sandbox.path("cache"))
            .arg(stop_at)
            .args(operation)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            lines.push(line.unwrap());
            if lines.last().unwrap().starts_with("stopped ") {
                // SIGKILL.
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        lines
    }

    fn reset(&self) {
        fs::remove_dir_all(self.sandbox.home()).unwrap();
        copy(&self.sandbox.path("template"), &self.sandbox.home());
    }

    /// Says that the home is as before, or as after but for the time in its new commit and in the
    /// name of a backup. `kept` are lines of the difference to before that may be there.
    fn assert_before_or_after(&self, when: &str, kept: &[&str]) {
        let now = self.sandbox.snapshot();
        let to_before = without_staging(&self.before.difference(&now));
        if to_before.lines().all(|line| kept.contains(&line)) {
            return;
        }
        let status = self.sandbox.git(&["status", "--porcelain"]);
        let is_of_save = |line: &str| {
            [".git/(", ".gitignore "]
                .iter()
                .any(|path| line[2..].starts_with(path))
        };
        if self.saves && to_before.lines().all(is_of_save) && status.is_empty() {
            return;
        }
        let to_after = without_staging(&self.after.difference(&now));
        let only_times = to_after.lines().all(|line| {
            let path = &line[2..];
            path.starts_with(".git/(refs)") || path.starts_with(".git/atk/backups/echo/2")
        });
        assert!(
            only_times,
            "{when}: neither as before:\n{to_before}\nnor as after:\n{to_after}"
        );
        assert_eq!(status, "", "{when}: everything is committed");
    }

    fn assert_next_command_works(&self, when: &str) {
        let lines = self.step(0, &["add", "./next"]);
        let failure = lines.iter().find(|line| line.starts_with("failed "));
        assert_eq!(failure, None, "{when}");
        let leftovers = fs::read_dir(self.sandbox.home().join(".git/atk/staging"));
        assert_eq!(
            leftovers.unwrap().count(),
            0,
            "{when}: nothing is left behind"
        );
    }

    /// Kills the operation at every step, then its recovery at every step.
    fn kill_everywhere(&self) {
        let mut steps = 0;
        for stop_at in 1.. {
            self.reset();
            let lines = self.run(stop_at);
            let Some(name) = lines.iter().find_map(|line| line.strip_prefix("stopped ")) else {
                break;
            };
            steps = stop_at;
            let when = format!("killed at step {stop_at}, `{name}`");
            for again_at in 1.. {
                let lines = self.step(again_at, &["list"]);
                if !lines.iter().any(|line| line.starts_with("stopped ")) {
                    assert_eq!(lines, [""; 0], "{when}: recovery works");
                    break;
                }
                assert!(again_at < 500, "{when}: recovery has an end");
            }
            self.assert_before_or_after(&when, &[]);
            self.assert_next_command_works(&when);
        }
        assert!(steps >= 10, "only {steps} steps were seen");
    }
}

impl Case {
    /// Fills the disk at every step of the operation. `kept` is what stays of a failed `install`:
    /// the answers that were typed.
    fn fill_everywhere(&self, kept: &[&str]) {
        let words: Vec<&str> = self.operation.iter().map(String::as_str).collect();
        let mut failures = 0;
        for full_at in 1.. {
            self.reset();
            let lines = self.start(&format!("full:{full_at}"), &words);
            let Some(name) = lines.iter().find_map(|line| line.strip_prefix("full ")) else {
                break;
            };
            failures += usize::from(lines.iter().any(|line| line.starts_with("failed ")));
            let when = format!("full at step {full_at}, `{name}`");
            assert_eq!(self.step(0, &["list"]), [""; 0], "{when}: {lines:?}");
            self.assert_before_or_after(&when, kept);
            self.assert_next_command_works(&when);
        }
        assert!(failures >= 5, "only {failures} steps needed the disk");
    }
}

/// Staged files of a killed process stay until the next operation that changes the home.
fn without_staging(difference: &str) -> String {
    let lines = difference
        .lines()
        .filter(|line| !line[2..].starts_with(".git/atk/staging"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    let status = Command::new("cp")
        .arg("-a")
        .arg(from)
        .arg(to)
        .status()
        .unwrap();
    assert!(status.success());
}

fn with_registry() -> Sandbox {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("echo", |files| {
        files
            .definition(
                "Echo",
                "maturity: verified\n\
                 env_vars: [{name: TOKEN, required: true, secret: true}]\n\
                 lifecycle: {install: ./install.sh, uninstall: rm -f made}\n",
            )
            .exec(
                "install.sh",
                "#!/bin/sh\nmkdir -p .venv\necho $TOKEN > made\n",
            )
            .file("docs/guide.md", "guide\n")
            .link("latest", "docs/guide.md")
    });
    registry.commit("Add echo");
    let url = format!("file://{}", sandbox.repos().join("registry").display());
    sandbox.use_registry(&url);
    sandbox.files("work/next").definition("Next", "");
    sandbox.files("work/mine").definition("Mine", "");
    sandbox.atk(&["add", "./mine"]).succeeds();
    sandbox
}

#[test]
fn adding_a_plugin_may_be_killed_at_every_step() {
    Case::new(with_registry(), &["add", "echo", "TOKEN=t0ken"]).kill_everywhere();
}

#[test]
fn adding_a_plugin_where_the_user_left_files_may_be_killed_at_every_step() {
    let sandbox = with_registry();
    sandbox
        .files("home/plugins/echo")
        .file("custom/overrides.yaml", "description: mine\n")
        .file(".env", "# kept\nOTHER='x'\nTOKEN=old\n");
    Case::new(sandbox, &["add", "echo", "TOKEN=new"]).kill_everywhere();
}

#[test]
fn adding_a_local_plugin_may_be_killed_at_every_step() {
    let sandbox = with_registry();
    sandbox
        .files("work/skill")
        .definition(
            "Skill",
            "lifecycle: {install: touch made, uninstall: rm made}\n",
        )
        .file("custom/notes.md", "mine\n")
        .exec("run.sh", "#!/bin/sh\n");
    Case::new(sandbox, &["add", "./skill"]).kill_everywhere();
}

/// A home with `echo` of a registry that has moved on.
fn with_newer() -> Sandbox {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let lifecycle =
        "lifecycle: {install: ./install.sh, uninstall: 'true'}\nenv_vars: [{name: TOKEN}]\n";
    registry.plugin("echo", |files| {
        files
            .definition("Echo", lifecycle)
            .exec("install.sh", "#!/bin/sh\n[ -e made ] || echo 1 >made\n")
            .file("changes", "one\n")
            .file("goes/file", "goes\n")
            .file("becomes", "a directory\n")
    });
    registry.commit("One");
    let url = format!("file://{}", sandbox.repos().join("registry").display());
    sandbox.use_registry(&url);
    sandbox.files("work/next").definition("Next", "");
    sandbox.atk(&["add", "-y", "echo"]).succeeds();
    sandbox
        .files("home/plugins/echo")
        .file("custom/notes", "mine\n")
        .file(".env", "# mine\nTOKEN='old'\n")
        .file("data/store", "precious\n")
        .file("changes", "edited\n");
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "Mine"]);
    registry.plugin("echo", |files| {
        files
            .definition("Echo 2", lifecycle)
            .remove("goes")
            .remove("becomes")
            .file("changes", "two\n")
            .file("becomes/one", "inside\n")
            .exec("new", "#!/bin/sh\n")
    });
    registry.commit("Two");
    sandbox
}

/// The same home on a new machine, after `git clone`.
fn cloned() -> Sandbox {
    let sandbox = with_newer();
    let old = sandbox.path("old-machine");
    fs::rename(sandbox.home(), &old).unwrap();
    let mut git = sandbox.program("git");
    git.args(["clone", "-q"]).arg(&old).arg(sandbox.home());
    sandbox.spawn(git).wait().succeeds();
    sandbox
}

#[test]
fn an_upgrade_may_be_killed_at_every_step() {
    Case::new(with_newer(), &["upgrade", "echo", "TOKEN=new"]).kill_everywhere();
}

#[test]
fn a_removal_may_be_killed_at_every_step() {
    Case::new(with_newer(), &["remove", "echo"]).kill_everywhere();
}

/// A local plugin with changes that are not committed, in a home whose patterns stand in the
/// wrong order.
fn edited() -> Sandbox {
    let sandbox = with_registry();
    let secrets = "*.env\n.env.*\n";
    let gitignore = sandbox.read(".gitignore").replace(secrets, "");
    let gitignore = format!("{secrets}{gitignore}");
    fs::write(sandbox.home().join(".gitignore"), gitignore).unwrap();
    sandbox.git(&["commit", "-qam", "An older home"]);
    sandbox
        .files("home/plugins/mine")
        .definition(
            "Mine",
            "lifecycle: {install: 'true', uninstall: rm made, stop: touch made}\n",
        )
        .file("custom/notes", "mine\n");
    sandbox
}

#[test]
fn a_removal_that_saves_changes_first_may_be_killed_at_every_step() {
    let mut case = Case::new(edited(), &["remove", "mine"]);
    case.saves = true;
    case.kill_everywhere();
}

#[test]
fn a_removal_on_a_new_machine_may_be_killed_at_every_step() {
    Case::new(cloned(), &["remove", "echo"]).kill_everywhere();
}

#[test]
fn a_setup_may_be_killed_at_every_step() {
    Case::new(with_newer(), &["setup", "echo", "TOKEN=new"]).kill_everywhere();
}

#[test]
fn a_setup_on_a_new_machine_may_be_killed_at_every_step() {
    Case::new(cloned(), &["setup", "echo", "TOKEN=new"]).kill_everywhere();
}

#[test]
fn an_install_on_a_new_machine_may_be_killed_at_every_step() {
    Case::new(cloned(), &["install", "echo", "TOKEN=new"]).kill_everywhere();
}

/// The same home after a pull of what another machine upgraded: the pin is newer than the files.
fn pulled() -> Sandbox {
    let sandbox = with_newer();
    let newest = sandbox.path("repos/registry");
    let mut git = sandbox.program("git");
    git.arg("--git-dir").arg(newest).args(["rev-parse", "HEAD"]);
    let pin = sandbox.spawn(git).wait().succeeds().stdout;
    let manifest = sandbox.read("manifest.yaml");
    let (before, after) = manifest.split_once("ref: ").unwrap();
    let manifest = format!("{before}ref: {}{}", pin.trim(), &after[40..]);
    fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox.git(&["commit", "-qam", "Pulled"]);
    sandbox
}

/// The same home, as the Python tool leaves one: nothing lists ATK's files.
fn unlisted() -> Sandbox {
    let sandbox = with_newer();
    fs::remove_dir_all(sandbox.home().join(".git/atk")).unwrap();
    sandbox
}

#[test]
fn an_install_of_a_newer_pin_may_be_killed_at_every_step() {
    Case::new(pulled(), &["install", "echo", "TOKEN=new"]).kill_everywhere();
}

#[test]
fn an_upgrade_without_a_receipt_may_be_killed_at_every_step() {
    Case::new(unlisted(), &["upgrade", "echo"]).kill_everywhere();
}

#[test]
fn an_upgrade_on_a_new_machine_may_be_killed_at_every_step() {
    Case::new(cloned(), &["upgrade", "echo"]).kill_everywhere();
}

#[test]
fn an_install_survives_a_full_disk_at_every_step() {
    Case::new(pulled(), &["install", "echo", "TOKEN=new"]).fill_everywhere(&[]);
}

#[test]
fn an_install_on_a_new_machine_survives_a_full_disk_at_every_step() {
    Case::new(cloned(), &["install", "echo"]).fill_everywhere(&[]);
}

#[test]
fn an_add_survives_a_full_disk_at_every_step() {
    Case::new(with_registry(), &["add", "echo", "TOKEN=t0ken"]).fill_everywhere(&[
        "+ plugins/echo 0755 directory",
        r#"+ plugins/echo/.env 0600 12 bytes "TOKEN=t0ken\n""#,
    ]);
}

#[test]
fn an_upgrade_survives_a_full_disk_at_every_step() {
    Case::new(with_newer(), &["upgrade", "echo", "TOKEN=new"]).fill_everywhere(&[
        r##"- plugins/echo/.env 0644 19 bytes "# mine\nTOKEN='old'\n""##,
        r##"+ plugins/echo/.env 0600 17 bytes "# mine\nTOKEN=new\n""##,
    ]);
}

#[test]
fn a_removal_survives_a_full_disk_at_every_step() {
    Case::new(with_newer(), &["remove", "echo"]).fill_everywhere(&[]);
}

#[test]
fn a_removal_that_saves_changes_first_survives_a_full_disk_at_every_step() {
    let mut case = Case::new(edited(), &["remove", "mine"]);
    case.saves = true;
    case.fill_everywhere(&[]);
}

#[test]
fn a_setup_on_a_new_machine_survives_a_full_disk_at_every_step() {
    Case::new(cloned(), &["setup", "echo", "TOKEN=new"]).fill_everywhere(&[]);
}

#[test]
fn a_setup_survives_a_full_disk_at_every_step() {
    Case::new(with_newer(), &["setup", "echo", "TOKEN=new"]).fill_everywhere(&[]);
}
