//! Many processes in one home: they add, remove, upgrade, set variables and read, they share one
//! cache, which some of them clear, and one of them is killed every 300 ms.
//!
//! What came of them is checked against a model: an addition that succeeded counts one, a removal
//! takes one away, and one that was killed may have done so or not.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use atk_tests::repository::Registry;
use atk_tests::sandbox::Sandbox;

use crate::check;
use crate::homes;
use crate::run::Tally;

const PROCESSES: usize = 16;
const BETWEEN_KILLS: Duration = Duration::from_millis(300);
/// How many plugins come and go.
const PLUGINS: usize = 12;
/// No command waits longer for the fifteen others.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Operation {
    Add(usize),
    Remove(usize),
    /// Sets the variable of `mine` to this number.
    Set(usize),
    Upgrade,
    Read,
    FetchEcho(usize),
    ClearCache,
}

/// An operation that has ended.
#[derive(Debug)]
struct Ended {
    operation: Operation,
    begun: Instant,
    ended: Instant,
    /// None if it was killed.
    code: Option<i32>,
    stderr: String,
}

struct Contention {
    sandbox: Sandbox,
    next: AtomicUsize,
    count: usize,
    seed: u64,
    /// Processes that are to be killed by the thread that waits for them.
    doomed: Vec<AtomicBool>,
    over: AtomicBool,
    ended: Mutex<Vec<Ended>>,
    faults: Mutex<Vec<String>>,
}

pub(crate) fn run(seed: u64, count: usize) -> Tally {
    println!("contention: --seed {seed}, {count} operations");
    let (sandbox, registry) = prepare();
    let before = fs::read(sandbox.home().join("plugins/mine/custom/notes")).ok();
    let contention = Contention {
        sandbox,
        next: AtomicUsize::new(0),
        count,
        seed,
        doomed: (0..PROCESSES).map(|_| AtomicBool::new(false)).collect(),
        over: AtomicBool::new(false),
        ended: Mutex::default(),
        faults: Mutex::default(),
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..PROCESSES)
            .map(|worker| {
                let contention = &contention;
                scope.spawn(move || contention.work(worker))
            })
            .collect();
        scope.spawn(|| contention.kill_some());
        scope.spawn(|| contention.move_on(registry));
        scope.spawn(|| contention.watch_files());
        for worker in workers {
            worker.join().expect("a thread");
        }
        contention.over.store(true, Ordering::SeqCst);
    });
    contention.recover_twice_at_once();
    contention.check_model();
    let after = fs::read(contention.sandbox.home().join("plugins/mine/custom/notes")).ok();
    if before != after {
        contention.fault("`custom/notes` of `mine` has changed".to_owned());
    }
    let lost = contention.faults.into_inner().expect("the faults");
    Tally {
        known: count,
        tried: count,
        lost,
    }
}

/// A home with `echo`, which is upgraded, `mine`, whose variable is set, and the sources of others.
fn prepare() -> (Sandbox, Registry) {
    let (sandbox, registry) = homes::sources();
    sandbox.atk(&["add", "-y", "echo"]).succeeds();
    for number in 0..PLUGINS {
        sandbox
            .files(&format!("work/p{number}"))
            .definition(
                &format!("p{number}"),
                "lifecycle: {install: 'sleep 0.01', uninstall: 'true'}\n",
            )
            .file("docs/a", format!("{number}\n"))
            .exec("run.sh", "#!/bin/sh\n");
    }
    sandbox
        .files("home/plugins/mine")
        .definition("Mine", "env_vars: [{name: COUNT}]\n");
    // Nothing is left for `git status` to show.
    homes::commit_all(&sandbox);
    (sandbox, registry)
}

impl Contention {
    fn fault(&self, fault: String) {
        self.faults.lock().expect("the faults").push(fault);
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// The operation with a number. It follows from the seed alone.
    fn operation(&self, number: usize) -> Operation {
        let mut state = (self.seed ^ (number as u64).wrapping_mul(0x2545_F491_4F6C_DD1D)) | 1;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        let plugin = random() % PLUGINS;
        match random() % 20 {
            0..=5 => Operation::Add(plugin),
            6..=10 => Operation::Remove(plugin),
            11..=12 => Operation::Set(number),
            13..=14 => Operation::Upgrade,
            15..=17 => Operation::Read,
            18 => Operation::FetchEcho(number),
            _ => Operation::ClearCache,
        }
    }

    fn work(&self, worker: usize) {
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number >= self.count {
                return;
            }
            let operation = self.operation(number);
            let ended = self.carry_out(worker, number, operation);
            let allowed: &[i32] = match ended.operation {
                // It may be there, or not.
                Operation::Add(_) => &[0, 5],
                Operation::Remove(_) => &[0, 4],
                _ => &[0],
            };
            // ATK does not wait for a plugin that others change; it says so.
            let outrun = ended.code == Some(1) && ended.stderr.contains("meanwhile");
            if let Some(code) = ended.code
                && !allowed.contains(&code)
                && !outrun
            {
                self.fault(format!(
                    "operation {number} {:?}: exit {code}: {}",
                    ended.operation,
                    ended.stderr.trim()
                ));
            }
            self.ended.lock().expect("what has ended").push(ended);
        }
    }

    fn carry_out(&self, worker: usize, number: usize, operation: Operation) -> Ended {
        let words = match &operation {
            Operation::Add(plugin) => format!("add -y ./p{plugin}"),
            Operation::Remove(plugin) => format!("remove -y p{plugin}"),
            Operation::Set(value) => format!("setup -y mine --env COUNT={value}"),
            Operation::Upgrade => "upgrade -y echo".to_owned(),
            Operation::Read => "list --json".to_owned(),
            Operation::FetchEcho(number) => format!("fetch echo ./copy-{number}"),
            Operation::ClearCache => "cache clear".to_owned(),
        };
        let words: Vec<&str> = words.split(' ').collect();
        let output = self.sandbox.path(&format!("tmp/stderr-{number}"));
        let mut command = self.sandbox.command(&words);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&output).expect("create a file"));
        self.doomed[worker].store(false, Ordering::SeqCst);
        let begun = Instant::now();
        let mut child = command.spawn().expect("start a process");
        let status = loop {
            if let Some(status) = child.try_wait().expect("wait for a process") {
                break status;
            }
            let hangs = begun.elapsed() > LIMIT;
            if hangs {
                self.fault(format!("operation {number} {operation:?} hangs"));
            }
            if hangs || self.doomed[worker].load(Ordering::SeqCst) {
                child.kill().expect("kill a process");
            }
            std::thread::sleep(Duration::from_millis(3));
        };
        let stderr = fs::read_to_string(&output).unwrap_or_default();
        let _ = fs::remove_file(&output);
        Ended {
            operation,
            begun,
            ended: Instant::now(),
            code: status.code(),
            stderr,
        }
    }

    fn kill_some(&self) {
        let mut turn = self.seed as usize;
        while !self.is_over() {
            std::thread::sleep(BETWEEN_KILLS);
            turn = turn.wrapping_mul(5).wrapping_add(3);
            self.doomed[turn % PROCESSES].store(true, Ordering::SeqCst);
        }
    }

    /// The registry has a new version of `echo` again and again.
    fn move_on(&self, mut registry: Registry) {
        for version in 1.. {
            if self.is_over() {
                return;
            }
            registry.plugin("echo", |files| {
                let definition = format!(
                    "schema_version: '2026-01-23'\nname: Echo\ndescription: Version {version}\n\
                     maturity: verified\nlifecycle: {{install: 'true', uninstall: 'true'}}\n"
                );
                files
                    .file("changes", format!("{version}\n"))
                    .file("plugin.yaml", definition)
            });
            registry.commit(&format!("Version {version}"));
            std::thread::sleep(Duration::from_millis(700));
        }
    }

    /// What is replaced is never missing and never half there.
    fn watch_files(&self) {
        let home = self.sandbox.home();
        while !self.is_over() {
            for (path, begins, ends) in [
                ("manifest.yaml", "", "\n"),
                ("plugins/echo/plugin.yaml", "schema_version", "\n"),
            ] {
                match fs::read_to_string(home.join(path)) {
                    Ok(text) if text.starts_with(begins) && text.ends_with(ends) => {}
                    Ok(text) => self.fault(format!("a reader of `{path}` saw {text:?}")),
                    Err(error) => self.fault(format!("a reader of `{path}`: {error}")),
                }
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Kills an addition, and lets two processes recover the home at the same time.
    fn recover_twice_at_once(&self) {
        for round in 0..12 {
            let (add, remove) = (["add", "-y", "./skill"], ["remove", "-y", "skill"]);
            let killed = self.sandbox.start(&add);
            std::thread::sleep(Duration::from_millis(15 + 12 * round));
            // One that has ended already is still a child, and hears nothing.
            killed.signal(rustix::process::Signal::KILL);
            let _ = killed.wait();
            let both = [
                self.sandbox.start(&["list"]),
                self.sandbox.start(&["setup", "-y", "mine"]),
            ];
            for one in both {
                let done = one.wait();
                if done.code != 0 {
                    self.fault(format!(
                        "two at once: {}: {} {}",
                        done.line, done.code, done.stderr
                    ));
                }
            }
            let removed = self.sandbox.atk(&remove);
            if ![0, 4].contains(&removed.code) {
                self.fault(format!(
                    "after two at once: {} {}",
                    removed.code, removed.stderr
                ));
            }
        }
    }

    fn check_model(&self) {
        // Ends what a killed one may have left.
        let last = self.sandbox.atk(&["add", "-y", "./next"]);
        if last.code != 0 {
            self.fault(format!("the last addition: {} {}", last.code, last.stderr));
        }
        let ended = self.ended.lock().expect("what has ended");
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        for one in ended.iter() {
            let code = one
                .code
                .map_or("killed".to_owned(), |code| format!("exit {code}"));
            *codes.entry(code).or_default() += 1;
        }
        println!("contention: {codes:?}");
        let log = self.sandbox.log();
        for plugin in 0..PLUGINS {
            self.check_plugin(&ended, &log, plugin);
        }
        self.check_variable(&ended);
        self.check_home();
    }

    fn check_plugin(&self, ended: &[Ended], log: &[String], plugin: usize) {
        let count = |wanted: &Operation, code: Option<i32>| {
            let same = |one: &&Ended| one.operation == *wanted && one.code == code;
            ended.iter().filter(same).count()
        };
        let (add, remove) = (Operation::Add(plugin), Operation::Remove(plugin));
        let (added, perhaps_added) = (count(&add, Some(0)), count(&add, None));
        let (removed, perhaps_removed) = (count(&remove, Some(0)), count(&remove, None));
        let directory = self.sandbox.home().join(format!("plugins/p{plugin}"));
        let there = usize::from(directory.join("plugin.yaml").exists());
        let manifest = self.sandbox.read("manifest.yaml");
        let listed = usize::from(manifest.contains(&format!("directory: p{plugin}\n")));
        let wrong = |what: &str| {
            self.fault(format!(
                "p{plugin}: {what}: added {added} and perhaps {perhaps_added}, removed {removed} \
                 and perhaps {perhaps_removed}, there {there}, listed {listed}"
            ));
        };
        if there != listed {
            wrong("files and manifest differ");
        }
        let most = added + perhaps_added;
        // Every addition but those removed is there.
        if removed + perhaps_removed + there < added || removed + there > most {
            wrong("the plugin is lost, or came from nowhere");
        }
        let commits = |verb: &str| {
            let subject = format!("{verb} plugin 'p{plugin}'");
            log.iter().filter(|line| **line == subject).count()
        };
        let (adds, removes) = (commits("Add"), commits("Remove"));
        if !(added..=most).contains(&adds)
            || !(removed..=removed + perhaps_removed).contains(&removes)
        {
            wrong(&format!(
                "the history has {adds} additions, {removes} removals"
            ));
        }
        if adds != removes + listed {
            wrong(&format!(
                "the history ({adds} additions, {removes} removals) is not the state"
            ));
        }
        let source = self.sandbox.path(&format!("work/p{plugin}"));
        for file in ["plugin.yaml", "docs/a", "run.sh"] {
            if there == 1 && fs::read(source.join(file)).ok() != fs::read(directory.join(file)).ok()
            {
                wrong(&format!("`{file}` is not that of the source"));
            }
        }
    }

    /// The variable has the value of a last writer: no other began after that one had ended.
    fn check_variable(&self, ended: &[Ended]) {
        let text = self.sandbox.read("plugins/mine/.env");
        if !text.contains("SECRET='keep'") {
            self.fault(format!("the user's variable is gone: {text:?}"));
        }
        let value = text.lines().find_map(|line| line.strip_prefix("COUNT="));
        let value = value.map(|value| value.trim_matches(['\'', '"']).parse::<usize>());
        let sets: Vec<&Ended> = ended
            .iter()
            .filter(|one| matches!(one.operation, Operation::Set(_)))
            .collect();
        let Some(Ok(value)) = value else {
            if sets.iter().any(|one| one.code == Some(0)) {
                self.fault(format!("no value in {text:?}"));
            }
            return;
        };
        let Some(writer) = sets
            .iter()
            .find(|one| one.operation == Operation::Set(value))
        else {
            return self.fault(format!("no process wrote {value}"));
        };
        let later = |one: &&&Ended| one.code == Some(0) && one.begun > writer.ended;
        if let Some(later) = sets.iter().find(later)
            && writer.code.is_some()
        {
            self.fault(format!(
                "{value} is there, and {:?} came later",
                later.operation
            ));
        }
    }

    fn check_home(&self) {
        let status = check::status(&self.sandbox);
        if !status.is_empty() {
            self.fault(format!("git status is {status:?}"));
        }
        for fault in check::home(&self.sandbox, check::FollowUp::Change) {
            self.fault(fault);
        }
    }
}
