//! An operation that is killed at any of its steps, and a recovery that is killed too: the home is
//! as before or as after, and the next command works.

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
        let mut command = self.sandbox.program(env!("CARGO_BIN_EXE_atk-step"));
        command
            .arg(self.sandbox.home())
            .arg(self.sandbox.path("cache"))
            .arg(stop_at.to_string())
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

    /// Says that the home is as before, or as after but for the time in its new commit.
    fn assert_before_or_after(&self, when: &str) {
        let now = self.sandbox.snapshot();
        let to_before = without_staging(&self.before.difference(&now));
        if to_before.is_empty() {
            return;
        }
        let to_after = without_staging(&self.after.difference(&now));
        let only_refs = to_after
            .lines()
            .all(|line| line[2..].starts_with(".git/(refs)"));
        assert!(
            only_refs,
            "{when}: neither as before:\n{to_before}\nnor as after:\n{to_after}"
        );
        let status = self.sandbox.git(&["status", "--porcelain"]);
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
            self.assert_before_or_after(&when);
            self.assert_next_command_works(&when);
        }
        assert!(steps >= 10, "only {steps} steps were seen");
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
