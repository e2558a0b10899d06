//! A scenario made ready, and what is looked at after an interruption.

use std::path::PathBuf;
use std::process::Command;

use atk_tests::sandbox::Sandbox;

use crate::check::{self, Expected, FollowUp};
use crate::scenario::Scenario;
use crate::state::{self, Saved};
use crate::trace::{self, Plan, Traced, Watch};

pub(crate) const FOLLOW_UPS: [FollowUp; 3] = [FollowUp::Read, FollowUp::Again, FollowUp::Change];

/// A scenario with its sandbox, and what is expected of it.
pub(crate) struct Subject<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) sandbox: Sandbox,
    pub(crate) base: Saved,
    pub(crate) before: Expected,
    pub(crate) after: Expected,
    /// The calls of the operation that change files.
    pub(crate) calls: Vec<String>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(scenario: &'a Scenario) -> Subject<'a> {
        let sandbox = (scenario.prepare)();
        let base = Saved::of(&sandbox, "base");
        let before = Expected::of(&sandbox, scenario);
        let traced = trace_operation(scenario, &sandbox, None, &mut || {});
        let expected = scenario.again == [6];
        assert!(
            traced.code == 0 || (expected && traced.code == 6),
            "{}: {} {}",
            scenario.name,
            traced.code,
            traced.stderr
        );
        let after = Expected::of(&sandbox, scenario);
        base.restore(&sandbox);
        Subject {
            scenario,
            sandbox,
            base,
            before,
            after,
            calls: traced.calls,
        }
    }

    /// Runs the three commands, each on the state that `interrupt` makes, and returns what does
    /// not hold. The second runs on a copy of that state, as of a home that was restored from a
    /// backup: files then have other inode numbers.
    pub(crate) fn follow_ups(&self, interrupt: &dyn Fn()) -> Vec<String> {
        let mut faults = Vec::new();
        for follow_up in FOLLOW_UPS {
            if follow_up != FOLLOW_UPS[0] {
                interrupt();
            }
            if follow_up == FollowUp::Again {
                Saved::of(&self.sandbox, "killed").restore(&self.sandbox);
            }
            faults.extend(self.follow_up(follow_up));
        }
        faults
    }

    /// Runs one of the three commands, and returns what does not hold then.
    pub(crate) fn follow_up(&self, follow_up: FollowUp) -> Vec<String> {
        let init = self.scenario.makes_home();
        let (name, command, codes): (_, _, &[i32]) = match follow_up {
            FollowUp::Read => (
                "list",
                self.command(&["list"]),
                if init { &[0, 3] } else { &[0] },
            ),
            FollowUp::Again => ("again", self.operation(), self.scenario.again),
            FollowUp::Change => ("next", self.command(&["add", "-y", "./next"]), &[0]),
        };
        if init && follow_up == FollowUp::Change {
            let begin = match self.scenario.name {
                "init-adopt" => self.operation(),
                _ => self.command(&["init"]),
            };
            let _ = self.sandbox.spawn(begin).wait();
        }
        let done = self.sandbox.spawn(command).wait();
        let mut faults = Vec::new();
        if !codes.contains(&done.code) {
            faults.push(format!("exit {}: {}", done.code, done.stderr.trim()));
        }
        if !(init && done.code == 3) {
            let mut status = check::status(&self.sandbox);
            if let Some(made) = self.scenario.made {
                status = status.replace(&format!("?? {made}\n"), "");
            }
            let expected = [self.before.status(), self.after.status()];
            let may = |line: &&str| {
                let under = |path: &&str| line.contains(path);
                !self.scenario.may_change.iter().any(under)
            };
            for draft in self.before.drafts().filter(may) {
                if !status.lines().any(|line| line == draft) {
                    faults.push(format!("`{draft}` was committed"));
                }
            }
            if !expected.contains(&status.as_str()) {
                faults.push(format!("git status is {status:?} after exit {}", done.code));
            }
            faults.extend(check::faults(
                &self.sandbox,
                &self.before,
                &self.after,
                self.scenario.is_several(),
                follow_up,
            ));
        }
        faults
            .into_iter()
            .map(|fault| format!("[{name}] {fault}"))
            .collect()
    }

    /// What is wrong if the home is not as after the operation, which succeeded.
    pub(crate) fn lost_after_success(&self) -> Vec<String> {
        let now = Expected::of(&self.sandbox, self.scenario);
        now.faults_after_an_end(&self.before, &self.after, true, false)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.sandbox.command(args)
    }

    fn operation(&self) -> Command {
        operation(self.scenario, &self.sandbox)
    }

    pub(crate) fn trace(&self, plan: Option<Plan>, at_stop: &mut dyn FnMut()) -> Traced {
        trace_operation(self.scenario, &self.sandbox, plan, at_stop)
    }

    pub(crate) fn trace_command(
        &self,
        command: &Command,
        plan: Option<Plan>,
        at_stop: &mut dyn FnMut(),
    ) -> Traced {
        trace_in(&self.sandbox, command, plan, at_stop, None)
    }

    /// Runs the whole operation, from the beginning, before someone's eyes.
    pub(crate) fn watch(&self, watch: &mut dyn Watch) -> Traced {
        let operation = self.operation();
        trace_in(&self.sandbox, &operation, None, &mut || {}, Some(watch))
    }

    /// The directory of the sandbox.
    pub(crate) fn root(&self) -> PathBuf {
        self.sandbox.path("repos").with_file_name("")
    }
}

impl Drop for Subject<'_> {
    fn drop(&mut self) {
        for name in ["base", "killed"] {
            state::remove(&self.sandbox.path(&format!("saved-{name}")));
        }
    }
}

fn operation(scenario: &Scenario, sandbox: &Sandbox) -> Command {
    let repos = format!("file://{}", sandbox.repos().display());
    let home = sandbox.home().to_string_lossy().into_owned();
    let words: Vec<String> = scenario
        .operation
        .iter()
        .map(|word| match word.split_once('/') {
            Some(("URL", rest)) => format!("{repos}/{rest}"),
            Some(("HOME", rest)) => format!("{home}/{rest}"),
            Some(("PLAN", _)) => {
                let plan = sandbox.path("work/plan");
                std::fs::read_to_string(plan).expect("the id of a plan")
            }
            _ => (*word).to_owned(),
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    sandbox.command(&words)
}

fn trace_operation(
    scenario: &Scenario,
    sandbox: &Sandbox,
    plan: Option<Plan>,
    at_stop: &mut dyn FnMut(),
) -> Traced {
    trace_in(sandbox, &operation(scenario, sandbox), plan, at_stop, None)
}

fn trace_in(
    sandbox: &Sandbox,
    command: &Command,
    plan: Option<Plan>,
    at_stop: &mut dyn FnMut(),
    watch: Option<&mut dyn Watch>,
) -> Traced {
    let output = tempfile::Builder::new()
        .prefix("proof-output-")
        .tempdir_in("/dev/shm")
        .expect("make a directory");
    let root: PathBuf = sandbox.path("repos").with_file_name("");
    trace::run(command, &root, output.path(), plan, at_stop, watch)
}
