//! Runs the conformance scenarios in every face, and prints a table of scenarios by faces.
//!
//! `conformance [--only <part of a name>] [--self-test] FACE=COMMAND…`: `COMMAND` is the line of the
//! face's driver for a shell; the command `atk` is `cli=`. A face that has a variable
//! (`ATK_NODE=none`) is left out if that says so, and shown as skipped. `--self-test` then plants
//! differences in each face, and fails if one is not found.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use atk_tests::conformance::{
    Driver, FACES, Face, PLANTS, Report, Scenario, Trace, Verdict, differences, missing, run,
};

/// The scenario in which differences are planted: it has an outcome, events and an error.
const PLANTED: &str = "add_refuses_what_is_there";

/// How many faces run at a time.
const AT_A_TIME: usize = 2;

fn main() -> ExitCode {
    let mut only = String::new();
    let mut tests_itself = false;
    let mut faces: Vec<(Face, String)> = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => only = words.next().unwrap_or_default(),
            "--self-test" => tests_itself = true,
            word => {
                let (name, command) = word.split_once('=').unwrap_or((word, ""));
                let Some(face) = FACES.iter().find(|face| face.name == name) else {
                    eprintln!("there is no face `{name}`");
                    return ExitCode::from(2);
                };
                faces.push((*face, command.to_owned()));
            }
        }
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let all = Scenario::all(&directory.join("scenarios"));
    let lacking = match only.is_empty() {
        true => lacking(&directory, &all),
        false => Vec::new(),
    };
    for one in &lacking {
        println!("FAILED   no scenario: {one}");
    }
    let scenarios: Vec<_> = all.iter().filter(|one| one.name.contains(&only)).collect();
    let columns = columns(&faces, &scenarios);
    let report = compared(&columns, &scenarios);
    println!("{report}");
    let names: Vec<_> = faces.iter().map(|(face, _)| *face).collect();
    let is_whole = !scenarios.is_empty() && !faces.is_empty() && lacking.is_empty();
    let is_success = is_whole && report.is_success(scenarios.len(), &names);
    let finds = !tests_itself || finds_differences(&faces, &all);
    match is_success && finds {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// What of the API has neither a scenario nor a written reason.
fn lacking(directory: &Path, scenarios: &[Scenario]) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(directory.join(name)).unwrap_or_default();
    let api = serde_json::from_str(&read("api.json")).expect("api.json is JSON");
    let reasons = serde_json::from_str(&read("reasons.json")).expect("reasons.json is JSON");
    missing(&api, scenarios, &reasons)
}

/// What a face did.
struct Column {
    face: Face,
    took: Duration,
    cells: Vec<Cell>,
}

enum Cell {
    Skipped(String),
    Ran(Vec<Trace>, Vec<String>),
}

/// Runs all scenarios in all faces, some faces at a time; in the order of the faces.
fn columns(faces: &[(Face, String)], scenarios: &[&Scenario]) -> Vec<Column> {
    let queue = Mutex::new(faces.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("no worker panics").next();
                    let Some((place, (face, command))) = next else {
                        return;
                    };
                    let column = column(*face, command, scenarios);
                    done.lock().expect("no worker panics").insert(place, column);
                }
            });
        }
    });
    let done = done.into_inner().expect("no worker panics");
    done.into_values().collect()
}

fn column(face: Face, command: &str, scenarios: &[&Scenario]) -> Column {
    let started = Instant::now();
    let mut driver = Driver::new(face, in_shell(command));
    let mut cell = |scenario: &&Scenario| {
        let reason = face.left_out();
        match reason.or_else(|| scenario.skip.get(face.name).cloned()) {
            Some(reason) => Cell::Skipped(reason),
            None => {
                let (traces, problems) = run(scenario, &mut driver);
                Cell::Ran(traces, problems)
            }
        }
    };
    let cells = scenarios.iter().map(&mut cell).collect();
    Column {
        face,
        took: started.elapsed(),
        cells,
    }
}

fn in_shell(command: &str) -> Vec<String> {
    ["/bin/sh", "-c", &format!("exec {command}")]
        .map(str::to_owned)
        .to_vec()
}

/// The verdicts: each trace is compared with that of the first library which did as expected.
fn compared(columns: &[Column], scenarios: &[&Scenario]) -> Report {
    let mut report = Report::default();
    // The command shows less than a library.
    let libraries = || columns.iter().filter(|column| column.face.name != "cli");
    for column in columns {
        report.took(column.face, column.took);
        for (number, (cell, scenario)) in column.cells.iter().zip(scenarios).enumerate() {
            let first = libraries().find_map(|column| match &column.cells[number] {
                Cell::Ran(traces, problems) if problems.is_empty() => Some(traces),
                Cell::Ran(..) | Cell::Skipped(_) => None,
            });
            let verdict = match cell {
                Cell::Skipped(reason) => Verdict::Skipped(reason.clone()),
                Cell::Ran(traces, problems) => verdict(traces, problems, first, column.face),
            };
            report.add(column.face, &scenario.name, verdict);
        }
    }
    report
}

fn verdict(
    traces: &[Trace],
    problems: &[String],
    first: Option<&Vec<Trace>>,
    face: Face,
) -> Verdict {
    let mut problems = problems.to_vec();
    if let Some(first) = first
        && problems.is_empty()
    {
        problems.extend(differences(first, traces, face));
    }
    match problems.is_empty() {
        true => Verdict::Passed,
        false => Verdict::Failed(problems),
    }
}

/// True if each planted difference is found in each face that is not left out.
fn finds_differences(faces: &[(Face, String)], all: &[Scenario]) -> bool {
    let scenario = all.iter().find(|one| one.name == PLANTED);
    let scenario = scenario.expect("the scenario in which differences are planted");
    let mut found = Vec::new();
    let mut is_success = true;
    let mut first = None;
    // The command comes last, as its outcomes are compared with those of a library.
    let (command, libraries): (Vec<_>, Vec<_>) =
        faces.iter().partition(|(face, _)| face.name == "cli");
    for (face, command) in libraries.into_iter().chain(command) {
        if face.left_out().is_some() {
            continue;
        }
        let mut verdict_of = |plant: Option<&str>| {
            let mut driver = Driver::new(*face, in_shell(command));
            if let Some(plant) = plant {
                driver.plant(plant);
            }
            let (traces, problems) = run(scenario, &mut driver);
            let first = first.get_or_insert_with(|| traces.clone());
            verdict(&traces, &problems, Some(first), *face)
        };
        // Without a plant there is no difference.
        let mut is_found = verdict_of(None) == Verdict::Passed;
        for plant in PLANTS {
            if !matches!(verdict_of(Some(plant)), Verdict::Failed(_)) {
                println!(
                    "FAILED   the difference `{plant}` in {} is not found",
                    face.name
                );
                is_found = false;
            }
        }
        is_success &= is_found;
        found.push(face.name);
    }
    println!("planted differences are looked for in: {}", found.join(" "));
    is_success
}
