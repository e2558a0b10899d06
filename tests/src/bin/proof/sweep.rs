//! Goes through scenarios and calls, and prints what did not survive.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Mutex;

use atk_tests::sandbox::{Sandbox, atk_binary};
use nix::errno::Errno;

use crate::check::{self, Expected, FollowUp};
use crate::power;
use crate::scenario::{SCENARIOS, Scenario};
use crate::state::{self, Saved};
use crate::trace::{self, Interference, Plan, Traced};

pub(crate) const FOLLOW_UPS: [FollowUp; 3] = [FollowUp::Read, FollowUp::Again, FollowUp::Change];

/// What is done at each point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Once(Interference),
    Recovery,
    Power,
}

struct Options {
    mode: Mode,
    every: usize,
    threads: usize,
    words: Vec<String>,
}

/// The result of a scenario.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) points: usize,
    pub(crate) lost: Vec<String>,
}

pub(crate) fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("proof: {message}");
            return ExitCode::from(2);
        }
    };
    // Built once, before threads need it.
    let _ = atk_binary();
    let wanted: Vec<&Scenario> = SCENARIOS
        .iter()
        .filter(|one| {
            options.words.is_empty()
                || options
                    .words
                    .iter()
                    .any(|word| one.name.contains(word.as_str()))
        })
        .collect();
    let queue = Mutex::new(wanted.into_iter());
    let total = Mutex::new((0, 0));
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("the queue").next();
                    let Some(scenario) = next else { break };
                    let tally = run(scenario, &options);
                    let mut total = total.lock().expect("the total");
                    total.0 += tally.points;
                    total.1 += tally.lost.len();
                    println!(
                        "{:<32} {:>5} points {:>5} survived",
                        scenario.name,
                        tally.points,
                        tally.points - tally.lost.len()
                    );
                    for lost in &tally.lost {
                        println!("    {lost}");
                    }
                }
            });
        }
    });
    let (points, lost) = *total.lock().expect("the total");
    println!("{points} points, {} survived, {lost} lost", points - lost);
    if lost == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

impl Options {
    fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
        let mut options = Options {
            mode: Mode::Once(Interference::KillAll),
            every: 1,
            threads: 2,
            words: Vec::new(),
        };
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                "--every" => {
                    options.every = value()?.parse().map_err(|_| "--every takes a number")?
                }
                "--threads" => {
                    options.threads = value()?.parse().map_err(|_| "--threads takes a number")?
                }
                "--mode" => options.mode = mode(&value()?)?,
                _ if arg.starts_with('-') => return Err(format!("unknown option {arg}")),
                _ => options.words.push(arg),
            }
        }
        if options.mode == Mode::Power {
            options.threads = 1;
        }
        Ok(options)
    }
}

fn mode(text: &str) -> Result<Mode, String> {
    let errno = |name: &str| match name {
        "ENOSPC" => Ok(Errno::ENOSPC),
        "EIO" => Ok(Errno::EIO),
        "EMFILE" => Ok(Errno::EMFILE),
        "EDQUOT" => Ok(Errno::EDQUOT),
        "EROFS" => Ok(Errno::EROFS),
        "EACCES" => Ok(Errno::EACCES),
        "EINTR" => Ok(Errno::EINTR),
        _ => Err(format!("unknown error {name}")),
    };
    Ok(match text.split_once(':') {
        None if text == "kill" => Mode::Once(Interference::KillAll),
        None if text == "orphan" => Mode::Once(Interference::KillFirst),
        None if text == "recovery" => Mode::Recovery,
        None if text == "power" => Mode::Power,
        Some(("error", name)) => Mode::Once(Interference::Fail(errno(name)?)),
        Some(("full", name)) => Mode::Once(Interference::FailOn(errno(name)?)),
        _ => return Err(format!("unknown mode {text}")),
    })
}

fn run(scenario: &Scenario, options: &Options) -> Tally {
    if options.mode == Mode::Power {
        return power::sweep(scenario, options.every);
    }
    let subject = Subject::new(scenario);
    match options.mode {
        Mode::Once(what) => subject.sweep(what, options.every),
        Mode::Recovery => subject.sweep_recovery(options.every),
        Mode::Power => Tally::default(),
    }
}

/// A scenario with its sandbox, and what is expected of it.
pub(crate) struct Subject<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) sandbox: Sandbox,
    base: Saved,
    before: Expected,
    after: Expected,
    statuses: [String; 2],
    /// How many calls the operation makes that change files.
    pub(crate) counted: usize,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(scenario: &'a Scenario) -> Subject<'a> {
        let sandbox = (scenario.prepare)();
        let base = Saved::of(&sandbox, "base");
        let before = Expected::of(&sandbox, scenario);
        let status_before = check::status(&sandbox);
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
        let statuses = [status_before, check::status(&sandbox)];
        base.restore(&sandbox);
        Subject {
            scenario,
            sandbox,
            base,
            before,
            after,
            statuses,
            counted: traced.counted,
        }
    }

    fn sweep(&self, what: Interference, every: usize) -> Tally {
        let mut tally = Tally::default();
        for at in (1..=self.counted).step_by(every) {
            let interrupt = || {
                self.base.restore(&self.sandbox);
                self.trace(Some(Plan { at, what }), &mut || {})
            };
            let traced = interrupt();
            let Some(hit) = &traced.hit else { break };
            tally.points += 1;
            let mut faults = self.unclear(&traced, what);
            faults.extend(self.follow_ups(&|| drop(interrupt())));
            if !faults.is_empty() {
                tally
                    .lost
                    .push(format!("{at} {hit}: {}", faults.join("; ")));
            }
        }
        tally
    }

    /// What is wrong with the answer of an operation that met an error.
    fn unclear(&self, traced: &Traced, what: Interference) -> Vec<String> {
        let mut faults = Vec::new();
        if traced.hung {
            faults.push("it hangs".to_owned());
        }
        if matches!(what, Interference::Fail(_) | Interference::FailOn(_)) {
            let said = traced.stderr.trim();
            if said.contains("panicked") || traced.code > 128 {
                faults.push(format!("it panics or crashes: {} {said}", traced.code));
            }
            if traced.code != 0 && said.is_empty() {
                faults.push("it fails without a word".to_owned());
            }
        }
        faults
    }

    fn sweep_recovery(&self, every: usize) -> Tally {
        let mut tally = Tally::default();
        let step = (self.counted / 24).max(1) * every;
        for at in (1..=self.counted).step_by(step) {
            let what = Interference::KillAll;
            let kill = || {
                self.base.restore(&self.sandbox);
                self.trace(Some(Plan { at, what }), &mut || {}).hit
            };
            for again in 1.. {
                let Some(first) = kill() else { break };
                let kill_recovery = || {
                    let recovery = self.command(&["add", "-y", "./next"]);
                    let plan = Plan { at: again, what };
                    self.trace_command(&recovery, Some(plan), &mut || {}).hit
                };
                let Some(hit) = kill_recovery() else { break };
                tally.points += 1;
                let faults = self.follow_ups(&|| {
                    let _ = kill();
                    let _ = kill_recovery();
                });
                if !faults.is_empty() {
                    tally.lost.push(format!(
                        "{at} {first}, then {again} {hit}: {}",
                        faults.join("; ")
                    ));
                }
            }
        }
        tally
    }

    /// Runs the three commands, each on the state that `interrupt` makes, and returns what does
    /// not hold. The second runs on a copy of that state, as of a home that was restored from a
    /// backup: files then have other inode numbers.
    fn follow_ups(&self, interrupt: &dyn Fn()) -> Vec<String> {
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
        let init = self.scenario.operation == ["init"];
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
            let _ = self.sandbox.spawn(self.command(&["init"])).wait();
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
            if !self.statuses.contains(&status) {
                faults.push(format!("git status is {status:?} after exit {}", done.code));
            }
            faults.extend(check::faults(
                &self.sandbox,
                &self.before,
                &self.after,
                follow_up,
            ));
        }
        faults
            .into_iter()
            .map(|fault| format!("[{name}] {fault}"))
            .collect()
    }

    fn command(&self, args: &[&str]) -> Command {
        self.sandbox.command(args)
    }

    fn operation(&self) -> Command {
        operation(self.scenario, &self.sandbox)
    }

    pub(crate) fn trace(&self, plan: Option<Plan>, at_stop: &mut dyn FnMut()) -> Traced {
        trace_operation(self.scenario, &self.sandbox, plan, at_stop)
    }

    fn trace_command(
        &self,
        command: &Command,
        plan: Option<Plan>,
        at_stop: &mut dyn FnMut(),
    ) -> Traced {
        trace_in(&self.sandbox, command, plan, at_stop)
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
    trace_in(sandbox, &operation(scenario, sandbox), plan, at_stop)
}

fn trace_in(
    sandbox: &Sandbox,
    command: &Command,
    plan: Option<Plan>,
    at_stop: &mut dyn FnMut(),
) -> Traced {
    let output = tempfile::Builder::new()
        .prefix("proof-output-")
        .tempdir_in("/dev/shm")
        .expect("make a directory");
    let root: PathBuf = sandbox.path("repos").with_file_name("");
    trace::run(command, &root, output.path(), plan, at_stop)
}
