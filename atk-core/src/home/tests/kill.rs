//! SIGKILL at every step of a transaction, and again at every step of its recovery.
//!
//! The test binary runs itself: the child is `victim`, with the job in its environment.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::process::{Signal, getpid, kill_process};

use super::super::Checkpoint;
use super::fixture::{Fixture, assert_scratch_is_clean};
use super::script::{SCRIPTS, Script};

/// `<root> <script or "recover" or "create"> <number or name of the step>`
const JOB: &str = "ATK_TEST_VICTIM";

#[test]
fn victim() {
    let Ok(job) = std::env::var(JOB) else { return };
    let [root, what, step] = job.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{job}");
    };
    let checkpoint = Some(match step.parse() {
        Ok(n) => killer(n),
        Err(_) => killer_at(step),
    });
    let fixture = Fixture::at(Path::new(root));
    match what {
        "create" => assert!(fixture.create(checkpoint).is_ok()),
        "recover" => fixture.locked_at(checkpoint, |_| ()).unwrap(),
        script => {
            let script = Script::from_name(script).unwrap();
            fixture
                .locked_at(checkpoint, |locked| script.run(locked))
                .unwrap()
                .unwrap();
        }
    }
}

/// Kills this process for real at step `n`, counted from 1.
fn killer(n: usize) -> Checkpoint {
    let count = AtomicUsize::new(0);
    Arc::new(move |_| {
        if count.fetch_add(1, Ordering::Relaxed) + 1 == n {
            die();
        }
    })
}

/// Kills this process for real at the first step of that name.
fn killer_at(name: &str) -> Checkpoint {
    let name = name.to_owned();
    Arc::new(move |step| {
        if step == name {
            die();
        }
    })
}

fn die() {
    let _ = kill_process(getpid(), Signal::KILL);
    loop {
        std::thread::park();
    }
}

/// Runs a job that is killed at a step, by its number or name. False if it ended before.
pub(super) fn killed(fixture: &Fixture, what: &str, n: impl std::fmt::Display) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "home::tests::kill::victim",
            "--test-threads=1",
            "-q",
        ])
        .env(JOB, format!("{} {what} {n}", fixture.dir.display()))
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(
        status.success() || status.signal() == Some(9),
        "{what} at {n}: {status}"
    );
    !status.success()
}

/// What a home is before and after a transaction, and copies of it before.
pub(super) struct Expected {
    pub(super) pristine: Fixture,
    before: Vec<String>,
    after: Vec<String>,
}

impl Expected {
    pub(super) fn new(script: Script) -> Self {
        let pristine = Fixture::new();
        script.prepare(&pristine);
        let before = pristine.snapshot();
        let run = pristine.copy();
        assert_eq!(run.snapshot(), before);
        run.locked(|locked| script.run(locked)).unwrap();
        let after = run.snapshot();
        assert_eq!(before == after, script == Script::FailedAdd);
        Expected {
            pristine,
            before,
            after,
        }
    }

    pub(super) fn prepared(&self) -> Fixture {
        self.pristine.copy()
    }

    /// Recovers, and says whether the home is as after.
    pub(super) fn check(&self, fixture: &Fixture, at: &str) -> bool {
        fixture.locked(|_| ());
        let found = fixture.snapshot();
        if found != self.after {
            similar(&found, &self.before, at);
        }
        assert_scratch_is_clean(&fixture.root());
        // The next command works.
        found == self.after
    }
}

fn similar(found: &[String], expected: &[String], at: &str) {
    assert_eq!(
        found.join("\n"),
        expected.join("\n"),
        "{at}: neither as before nor as after; compared with before"
    );
}

#[test]
fn a_kill_at_any_step_leaves_the_home_as_before_or_as_after() {
    for script in SCRIPTS {
        let expected = Expected::new(script);
        let mut was_after = false;
        for step in 1.. {
            let fixture = expected.prepared();
            let dead = killed(&fixture, &format!("{script:?}"), step);
            let after = expected.check(&fixture, &format!("{script:?} killed at {step}"));
            assert!(
                after || !was_after,
                "{script:?} at {step}: committed, then not"
            );
            was_after = after;
            // A second recovery finds nothing to do.
            expected.check(&fixture, "recovered twice");
            if !dead {
                assert!(step > 20, "{script:?} has {step} steps only");
                break;
            }
        }
        assert!(was_after);
    }
}

#[test]
fn a_kill_at_any_step_of_recovery_changes_nothing_in_what_it_comes_to() {
    let script = Script::EachKind;
    let expected = Expected::new(script);
    (1..).find(|step| !recovery_is_killed(&expected, script, *step));
}

/// Kills the script at one step and its recovery at every one. False if the script ended.
fn recovery_is_killed(expected: &Expected, script: Script, step: usize) -> bool {
    for again in 1.. {
        let fixture = expected.prepared();
        let dead = killed(&fixture, &format!("{script:?}"), step);
        let dead_again = killed(&fixture, "recover", again);
        let at = format!("{script:?} killed at {step}, its recovery at {again}");
        expected.check(&fixture, &at);
        if !dead_again {
            return dead;
        }
    }
    unreachable!("recovery ends")
}

#[test]
fn a_creation_killed_at_any_step_is_completed_by_the_next() {
    let whole = Fixture::new();
    let expected = whole.snapshot();
    for step in 1.. {
        let fixture = Fixture::bare();
        let dead = killed(&fixture, "create", step);
        fixture.create(None).unwrap();
        assert_eq!(fixture.snapshot(), expected, "killed at {step}");
        fixture.locked(|_| ());
        assert_eq!(fixture.snapshot(), expected, "killed at {step}");
        assert_scratch_is_clean(&fixture.root());
        if !dead {
            assert!(step > 10);
            break;
        }
    }
}
