//! Runs the conformance scenarios in every face, and prints a table of scenarios by faces.
//!
//! `conformance [--only <part of a name>] FACE=COMMAND…`: `COMMAND` is the line of the face's driver
//! for a shell; the command `atk` is `cli=`. A face that has a variable (`ATK_NODE=none`) is left out
//! if that says so, and shown as skipped.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use atk_tests::conformance::{
    Driver, FACES, Face, Report, Scenario, Trace, Verdict, differences, missing, run,
};

fn main() -> ExitCode {
    let mut only = String::new();
    let mut drivers: Vec<(Face, String)> = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--only" {
            only = words.next().unwrap_or_default();
            continue;
        }
        let (name, command) = word.split_once('=').unwrap_or((&word, ""));
        let Some(face) = FACES.iter().find(|face| face.name == name) else {
            eprintln!("there is no face `{name}`");
            return ExitCode::from(2);
        };
        drivers.push((*face, command.to_owned()));
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let all = Scenario::all(&directory.join("scenarios"));
    let lacking = if only.is_empty() {
        lacking(&directory, &all)
    } else {
        Vec::new()
    };
    for one in &lacking {
        println!("FAILED   no scenario: {one}");
    }
    let scenarios: Vec<_> = all.iter().filter(|one| one.name.contains(&only)).collect();
    // For the tests of this program: a difference in one face, as `node:field`.
    let plant = std::env::var("ATK_CONFORMANCE_PLANT").unwrap_or_default();
    let mut report = Report::default();
    // The traces that other faces are compared with, from the first face that is a library.
    let mut first: BTreeMap<&str, Vec<Trace>> = BTreeMap::new();
    // The command shows less than a library: it comes last.
    drivers.sort_by_key(|(face, _)| face.name == "cli");
    for (face, command) in &drivers {
        let words = ["/bin/sh", "-c", &format!("exec {command}")].map(str::to_owned);
        let mut driver = Driver::new(*face, words.to_vec());
        if let Some((planted, plant)) = plant.split_once(':')
            && planted == face.name
        {
            driver.plant(plant);
        }
        for scenario in &scenarios {
            let name = scenario.name.as_str();
            let has_driver = !command.is_empty() || face.name == "cli";
            let no_driver = (!has_driver).then(|| "there is no driver yet".to_owned());
            let reason = face.left_out().or(no_driver);
            if let Some(reason) = reason.or_else(|| scenario.skip.get(face.name).cloned()) {
                report.add(*face, name, Verdict::Skipped(reason));
                continue;
            }
            let (traces, mut problems) = run(scenario, &mut driver);
            match first.get(name) {
                Some(first) if problems.is_empty() => {
                    problems.extend(differences(first, &traces, *face));
                }
                None if problems.is_empty() => {
                    first.insert(name, traces);
                }
                Some(_) | None => {}
            }
            let verdict = match problems.is_empty() {
                true => Verdict::Passed,
                false => Verdict::Failed(problems),
            };
            report.add(*face, name, verdict);
        }
    }
    println!("{report}");
    let faces: Vec<_> = drivers.iter().map(|(face, _)| *face).collect();
    let is_whole = !scenarios.is_empty() && !faces.is_empty() && lacking.is_empty();
    match is_whole && report.is_success(scenarios.len(), &faces) {
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
