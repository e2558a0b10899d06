//! One hostile input: how it is tried, and what must hold.

use std::any::Any;
use std::fmt;
use std::time::{Duration, Instant};

use atk_core::ErrorKind;
use atk_tests::sandbox::Sandbox;

use crate::usage;

/// Megabytes that each process may have.
const MOST_MEMORY: f64 = 200.0;

/// An input that means harm.
pub(crate) struct Input {
    pub(crate) group: &'static str,
    pub(crate) name: String,
    pub(crate) in_sample: bool,
    /// How long it may take. What ends at the network timeout of 30 s takes that long.
    pub(crate) seconds: u64,
    pub(crate) expected: Expected,
    pub(crate) prepare: Prepare,
}

/// Puts the input in its place, and says how it is given to `atk`.
pub(crate) type Prepare = Box<dyn FnOnce(&mut Sandbox) -> Attack + Send>;

/// Makes the bytes of a file, a pack, ...
pub(crate) type Bytes = fn() -> Vec<u8>;

/// Command lines of `atk`, and what must stay while they run: servers.
pub(crate) struct Attack {
    pub(crate) commands: Vec<Vec<String>>,
    pub(crate) around: Box<dyn Any>,
}

/// What must come of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected {
    /// An error of one of these kinds, and the home as it was.
    Refused(&'static [ErrorKind]),
    /// Success. What may not be placed is left out.
    LeftOut,
    /// Success or an error: only the bounds count, and what is shown.
    Bounded,
}

impl Attack {
    /// Adds a source, unasked.
    pub(crate) fn add(source: impl Into<String>) -> Attack {
        Attack::of(&["add", &source.into(), "-y", "--json"])
    }

    pub(crate) fn of(words: &[&str]) -> Attack {
        Attack {
            commands: vec![words.iter().map(|word| (*word).to_owned()).collect()],
            around: Box::new(()),
        }
    }

    pub(crate) fn then(mut self, words: &[&str]) -> Attack {
        self.commands.extend(Attack::of(words).commands);
        self
    }

    /// Keeps a server until the end.
    pub(crate) fn with(mut self, server: impl Any) -> Attack {
        self.around = Box::new(server);
        self
    }
}

/// A line of the table.
pub(crate) struct Row {
    pub(crate) place: (&'static str, String),
    outcome: String,
    pub(crate) megabytes: f64,
    pub(crate) seconds: f64,
    pub(crate) problems: Vec<String>,
    /// What the last error said.
    pub(crate) message: String,
}

impl Row {
    pub(crate) const HEAD: &str = "input                                                     outcome                   peak MB seconds";
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (group, name) = &self.place;
        write!(
            f,
            "{:<57} {:<25} {:>7.1} {:>7.2}",
            format!("{group}: {name}"),
            self.outcome,
            self.megabytes,
            self.seconds
        )?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n    BROKEN: {problem}"))
    }
}

/// Tries an input.
pub(crate) fn run(input: Input) -> Row {
    let mut sandbox = Sandbox::with_home();
    let attack = (input.prepare)(&mut sandbox);
    let before = sandbox.snapshot();
    let mut row = Row {
        place: (input.group, input.name),
        outcome: String::new(),
        megabytes: 0.0,
        seconds: 0.0,
        problems: Vec::new(),
        message: String::new(),
    };
    for words in &attack.commands {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let report = sandbox.path("usage");
        let begun = Instant::now();
        let mut running = sandbox.spawn(usage::measured(&sandbox.command(&words), &report));
        let limit = Duration::from_secs(input.seconds);
        if !running.ends_within(limit) {
            row.outcome = "hangs".to_owned();
            row.problems
                .push(format!("{words:?} runs for more than {limit:?}"));
            end_all_of(&running);
            break;
        }
        let finished = running.wait();
        row.seconds = row.seconds.max(begun.elapsed().as_secs_f64());
        let bytes = std::fs::read_to_string(&report).unwrap_or_default();
        let megabytes = bytes.parse::<f64>().expect("the memory of a process") / 1e6;
        row.megabytes = row.megabytes.max(megabytes);
        judge(&mut row, input.expected, &finished);
    }
    if row.megabytes > MOST_MEMORY {
        row.problems.push(format!("more than {MOST_MEMORY} MB"));
    }
    if matches!(input.expected, Expected::Refused(_)) {
        let difference = before.difference(&sandbox.snapshot());
        if !difference.is_empty() {
            row.problems
                .push(format!("the home changed:\n{difference}"));
        }
    }
    drop(attack.around);
    row
}

fn judge(row: &mut Row, expected: Expected, finished: &atk_tests::sandbox::Finished) {
    let document = serde_json::from_str(&finished.stdout);
    let error = document.map_or(
        serde_json::Value::Null,
        |mut document: serde_json::Value| document["error"].take(),
    );
    let code = error["code"].as_str().map(str::to_owned);
    row.message = error["message"]
        .as_str()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    row.outcome = match (&code, finished.code) {
        (Some(code), _) => code.clone(),
        (None, 0) => "bounded".to_owned(),
        (None, code) => format!("exit status {code}"),
    };
    match expected {
        Expected::Refused(kinds) => {
            if !kinds.iter().any(|kind| code.as_deref() == Some(kind.id())) {
                row.problems.push(format!("{finished:?}"));
            }
        }
        Expected::LeftOut if finished.code != 0 => row.problems.push(format!("{finished:?}")),
        Expected::LeftOut | Expected::Bounded => {}
    }
    // 1 is for defects, and more than 7 for signals and panics.
    let is_defect = code.as_deref() == Some(ErrorKind::Internal.id()) || finished.code > 100;
    if is_defect || finished.stderr.contains("panicked") {
        row.problems.push(format!("{finished:?}"));
    }
    for text in [&finished.stdout, &finished.stderr] {
        let drives = |c: char| {
            (c.is_control() && !matches!(c, '\n' | '\t'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}')
        };
        if let Some(at) = text.find(drives) {
            let shown: String = text[at..].chars().take(40).collect();
            row.problems
                .push(format!("{} shows {shown:?}", finished.line));
        }
    }
}

/// Ends a process that runs on, and the one that it started.
fn end_all_of(running: &atk_tests::sandbox::Running) {
    let children = format!("/proc/{0}/task/{0}/children", running.pid());
    for pid in std::fs::read_to_string(children)
        .unwrap_or_default()
        .split_whitespace()
    {
        let pid = pid.parse().ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }
}
