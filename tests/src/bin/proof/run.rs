//! Goes through classes and scenarios, and prints one table.

use std::collections::{BTreeMap, HashSet};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use atk_tests::sandbox::atk_binary;

use crate::beside;
use crate::class::{Class, Mode};
use crate::contention;
use crate::power;
use crate::sample::Sample;
use crate::scenario::{READING, SCENARIOS, Scenario};
use crate::subject::Subject;

pub(crate) struct Options {
    classes: Vec<Class>,
    /// One point of so many, in place of what each class says.
    every: Option<usize>,
    /// A few points of each class, each at another kind of call.
    sample: bool,
    threads: usize,
    pub(crate) seed: u64,
    words: Vec<String>,
}

/// What came of a class.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How many points there are.
    pub(crate) known: usize,
    pub(crate) tried: usize,
    pub(crate) lost: Vec<String>,
}

#[derive(Debug, Default)]
struct Row {
    scenarios: usize,
    known: usize,
    tried: usize,
    lost: usize,
    note: Option<String>,
}

pub(crate) fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("proof: {message}");
            return ExitCode::from(2);
        }
    };
    assert_all_operations_have_scenarios();
    // Built once, before threads need it.
    let _ = atk_binary();
    let begun = Instant::now();
    let rows = Mutex::new(BTreeMap::new());
    for (at, class) in options.classes.iter().enumerate() {
        rows.lock()
            .expect("the rows")
            .insert(at, (class.name.clone(), Row::default()));
    }
    let record = |at: usize, scenario: &str, tally: Tally| {
        let mut rows = rows.lock().expect("the rows");
        let (class, row) = rows.get_mut(&at).expect("the row of a class");
        row.scenarios += 1;
        row.known += tally.known;
        row.tried += tally.tried;
        row.lost += tally.lost.len();
        for lost in &tally.lost {
            println!("LOST {class} {scenario}: {lost}");
        }
    };
    sweep(&options, &record);
    for (at, class) in options.classes.iter().enumerate() {
        match class.mode {
            Mode::Contention => {
                let operations = if options.sample { 120 } else { 2000 };
                record(at, "", contention::run(options.seed, operations));
            }
            Mode::Hostile => record(at, "", beside::hostile(options.sample)),
            Mode::Fuzz if options.sample => {
                let mut rows = rows.lock().expect("the rows");
                rows.get_mut(&at).expect("the row of a class").1.note =
                    Some("not in the sample".to_owned());
            }
            Mode::Fuzz => record(at, "", beside::fuzz()),
            Mode::Power => match power::possible() {
                Ok(()) => {
                    // A disk is made for each: a short sample has room for two.
                    let few = if options.sample { 2 } else { usize::MAX };
                    for scenario in options.scenarios().into_iter().take(few) {
                        let sampling = options.sampling(class, scenario);
                        record(at, scenario.name, power::sweep(scenario, &sampling));
                    }
                }
                Err(why) => {
                    let mut rows = rows.lock().expect("the rows");
                    rows.get_mut(&at).expect("the row of a class").1.note =
                        Some(format!("not run: {why}"));
                }
            },
            Mode::Once(_) | Mode::Recovery | Mode::Synced | Mode::Order => {}
        }
    }
    let rows = rows.into_inner().expect("the rows");
    let lost = print(rows.values(), begun);
    if lost == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Interferes with scenarios, some at once.
fn sweep(options: &Options, record: &(impl Fn(usize, &str, Tally) + Sync)) {
    let swept = |class: &Class| {
        matches!(
            class.mode,
            Mode::Once(_) | Mode::Recovery | Mode::Synced | Mode::Order
        )
    };
    if !options.classes.iter().any(swept) {
        return;
    }
    let queue = Mutex::new(options.scenarios().into_iter());
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("the queue").next();
                    let Some(scenario) = next else { break };
                    let begun = Instant::now();
                    let subject = Subject::new(scenario);
                    let mut tried = 0;
                    for (at, class) in options.classes.iter().enumerate() {
                        let sampling = options.sampling(class, scenario);
                        let tally = match class.mode {
                            Mode::Once(what) => subject.sweep(what, &sampling),
                            Mode::Recovery => subject.sweep_recovery(&sampling),
                            Mode::Synced => subject.check_synced(),
                            Mode::Order => subject.sweep_order(&sampling, options.seed),
                            Mode::Power | Mode::Contention | Mode::Hostile | Mode::Fuzz => continue,
                        };
                        tried += tally.tried;
                        record(at, scenario.name, tally);
                    }
                    eprintln!(
                        "{:<30} {:>5} calls {tried:>6} points {:>6.1} s",
                        scenario.name,
                        subject.calls.len(),
                        begun.elapsed().as_secs_f64()
                    );
                }
            });
        }
    });
}

fn print<'a>(rows: impl Iterator<Item = &'a (String, Row)>, begun: Instant) -> usize {
    println!(
        "\n{:<14} {:>9} {:>13} {:>13} {:>9} {:>6}",
        "class", "scenarios", "points known", "points tried", "survived", "lost"
    );
    let mut total = Row::default();
    for (name, row) in rows {
        let note = row.note.as_deref().unwrap_or_default();
        println!(
            "{name:<14} {:>9} {:>13} {:>13} {:>9} {:>6} {note}",
            row.scenarios,
            row.known,
            row.tried,
            row.tried - row.lost.min(row.tried),
            row.lost
        );
        total.known += row.known;
        total.tried += row.tried;
        total.lost += row.lost;
    }
    println!(
        "{:<14} {:>9} {:>13} {:>13} {:>9} {:>6} in {:.0} s",
        "all",
        "",
        total.known,
        total.tried,
        total.tried - total.lost.min(total.tried),
        total.lost,
        begun.elapsed().as_secs_f64()
    );
    total.lost
}

/// The description of the API lists all operations: each changes nothing, or has a scenario.
fn assert_all_operations_have_scenarios() {
    let text = include_str!("../../../conformance/api.json");
    let api: serde_json::Value = serde_json::from_str(text).expect("the description of the API");
    let operations = api["operations"].as_array().expect("a list of operations");
    assert!(!operations.is_empty(), "the description lists operations");
    let tried: HashSet<String> = SCENARIOS
        .iter()
        .map(|scenario| match scenario.operation {
            ["cache", "clear", ..] => "clear_cache".to_owned(),
            ["registry", action, ..] => format!("registry_{action}"),
            [name, ..] => name.replace("uninstall", "remove"),
            [] => String::new(),
        })
        .collect();
    for operation in operations {
        let name = operation["name"]
            .as_str()
            .expect("the name of an operation");
        assert!(
            tried.contains(name) != READING.contains(&name),
            "`{name}` needs a scenario, or to be listed as one that changes nothing"
        );
    }
}

impl Options {
    fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
        let now = std::time::UNIX_EPOCH
            .elapsed()
            .map_or(1, |now| now.as_secs());
        let mut options = Options {
            classes: Vec::new(),
            every: None,
            sample: false,
            threads: 2,
            seed: now,
            words: Vec::new(),
        };
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            let number = |text: String| {
                let number = text.parse().ok().filter(|number| *number > 0);
                number.ok_or(format!("{arg} takes a number"))
            };
            match arg.as_str() {
                "--every" => options.every = Some(number(value()?)?),
                "--threads" => options.threads = number(value()?)?,
                "--seed" => options.seed = number(value()?)? as u64,
                "--mode" => options.classes.push(Class::named(&value()?)?),
                "--sample" => options.sample = true,
                _ if arg.starts_with('-') => return Err(format!("unknown option {arg}")),
                _ => options.words.push(arg),
            }
        }
        if options.classes.is_empty() {
            options.classes = Class::all();
        }
        Ok(options)
    }

    /// Those whose name contains one of the words that were given; of a sample a few, one of each
    /// kind of operation and of home.
    fn scenarios(&self) -> Vec<&'static Scenario> {
        let wanted = |scenario: &&Scenario| match self.words.as_slice() {
            [] => !self.sample || scenario.sampled,
            words => words.iter().any(|word| scenario.name.contains(word)),
        };
        SCENARIOS.iter().filter(wanted).collect()
    }

    fn sampling(&self, class: &Class, scenario: &Scenario) -> Sample {
        if self.sample {
            return Sample::few(&class.name, scenario.name);
        }
        let every = self.every.unwrap_or(class.every);
        Sample::every(every, &class.name, scenario.name)
    }
}
