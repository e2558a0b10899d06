//! Operations that ask no server.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use atk_tests::sandbox::{Sandbox, atk_binary};

use crate::measure::{median, ratio};
use crate::row::{Row, Unit, milliseconds};
use crate::tool::Tool;
use crate::usage::usage;

const RUNS: usize = 15;

pub(crate) type Measure = fn(&'static str, Option<&Tool>) -> Row;

pub(crate) const CASES: [(&str, Measure); 4] = [
    ("start-up: `list`, home of 20", start_up),
    ("`list`, home of 1,000", list_of_a_thousand),
    (
        "add in a home of 1,000, against one of 10",
        add_in_a_large_home,
    ),
    ("the binary", binary_size),
];

fn start_up(name: &'static str, python: Option<&Tool>) -> Row {
    let ours = Tool::ours();
    let sandbox = home_of(&ours, 20);
    let list = || ours.time(&sandbox, &["list"]);
    let time = median((0..RUNS).map(|_| list()).collect());
    let spent = usage(&ours.command(&sandbox, &["list"]));
    let mut row = Row::new(name);
    row.time("time", time);
    row.time("processor time", spent.processor);
    row.at_most("memory", spent.megabytes, Unit::Megabytes, 12.0);
    if let Some(python) = python {
        let sandbox = Sandbox::new();
        let help = || python.time(&sandbox, &["--help"]);
        let theirs = median((0..5).map(|_| help()).collect());
        let spent = usage(&python.command(&sandbox, &["--help"]));
        row.time("py time (its help)", theirs);
        row.shows("py memory", spent.megabytes, Unit::Megabytes);
        row.at_least("faster", ratio(theirs, time), Unit::Times, 40.0);
    }
    row
}

fn list_of_a_thousand(name: &'static str, _: Option<&Tool>) -> Row {
    let ours = Tool::ours();
    let sandbox = home_of(&ours, 1_000);
    let spent = || usage(&ours.command(&sandbox, &["list"])).processor;
    let time = median((0..RUNS).map(|_| spent()).collect());
    let mut row = Row::new(name);
    row.at_most(
        "processor time",
        milliseconds(time),
        Unit::Milliseconds,
        10.0,
    );
    row
}

fn add_in_a_large_home(name: &'static str, _: Option<&Tool>) -> Row {
    let ours = Tool::ours();
    let homes = [10, 1_000].map(|plugins| home_of(&ours, plugins));
    let mut times = [Vec::new(), Vec::new()];
    // In turns, so that whatever else the machine does disturbs both alike.
    for run in 0..RUNS {
        for (sandbox, times) in homes.iter().zip(&mut times) {
            let tool = format!("tool-{run}");
            sandbox
                .files(&format!("work/{tool}"))
                .definition(&tool, "")
                .file("run.sh", "true\n");
            times.push(ours.time(sandbox, &["add", "-y", &format!("./{tool}")]));
        }
    }
    let [few, many] = times.map(median);
    let mut row = Row::new(name);
    row.time("time, home of 10", few);
    row.time("time, home of 1,000", many);
    row.at_most("ratio", ratio(many, few), Unit::Times, 1.2);
    row
}

fn binary_size(name: &'static str, _: Option<&Tool>) -> Row {
    let size = fs::metadata(atk_binary()).expect("the binary").len();
    let mut row = Row::new(name);
    row.at_most("size", size as f64 / 1e6, Unit::Megabytes, 6.0);
    row
}

/// A home with that many plugins of a registry, all of them in place.
pub(crate) fn home_of(tool: &Tool, plugins: usize) -> Sandbox {
    const PIN: &str = "0123456789abcdef0123456789abcdef01234567";
    let sandbox = tool.sandbox("http://127.0.0.1:9/registry");
    let mut entries = "plugins:\n".to_owned();
    for number in 0..plugins {
        let directory = format!("plugin-{number:04}");
        write!(
            entries,
            "- name: Plugin {number:04}\n  directory: {directory}\n  source:\n    \
             type: registry\n    ref: {PIN}\n    url: null\n"
        )
        .expect("write to a string");
        sandbox
            .files(&format!("home/plugins/{directory}"))
            .definition(&format!("Plugin {number:04}"), "")
            .file(".atk-ref", format!("{PIN}\n"))
            .file("README.md", "# A plugin\n");
    }
    let manifest = sandbox
        .read("manifest.yaml")
        .replace("plugins: []\n", &entries);
    sandbox.files("home").file("manifest.yaml", manifest);
    sandbox.git(&["commit", "--quiet", "--all", "--message", "Fill the home"]);
    // A new index has the time of its files; git looks again at those that are as young.
    std::thread::sleep(Duration::from_millis(1100));
    sandbox.git(&["update-index", "--refresh"]);
    sandbox
}
