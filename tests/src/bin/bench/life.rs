//! The rest of a plugin's life: is it current, what does a new machine cost, and does a large home
//! make it dearer.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use atk_tests::repository::{Repository, Scale, registry_of};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{GitServer, Stats};

use crate::local::{Measure, home_of};
use crate::measure::{median, ratio};
use crate::row::{Row, Unit};
use crate::tool::Tool;

pub(crate) const LATENCY: Duration = Duration::from_millis(20);
const RUNS: usize = 5;

pub(crate) const CASES: [(&str, Measure); 4] = [
    ("are 12 plugins of 4 sources current?", are_current),
    ("bootstrap: 10 plugins at 5 commits", bootstrap),
    (
        "upgrade in a home of 1,000, against one of 10",
        upgrade_in_a_large_home,
    ),
    (
        "remove in a home of 1,000, against one of 10",
        remove_in_a_large_home,
    ),
];

/// A plugin of a manifest.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) pin: String,
    pub(crate) url: Option<String>,
}

/// Writes plugins into the manifest of a home.
pub(crate) fn write_manifest(sandbox: &Sandbox, entries: &[Entry]) {
    let mut list = "plugins:\n".to_owned();
    for Entry {
        name,
        kind,
        pin,
        url,
    } in entries
    {
        let url = url.as_deref().unwrap_or("null");
        write!(
            list,
            "- name: {name}\n  directory: {name}\n  source:\n    type: {kind}\n    ref: {pin}\n    \
             url: {url}\n"
        )
        .expect("write to a string");
    }
    let manifest = sandbox
        .read("manifest.yaml")
        .replace("plugins: []\n", &list);
    sandbox.files("home").file("manifest.yaml", manifest);
    // The Python tool wants the directory.
    fs::create_dir_all(sandbox.home().join("plugins")).expect("create a directory");
}

/// Runs the work of a tool on a server with latency: how long, and what it asked.
fn far(
    server: &GitServer,
    runs: usize,
    mut prepare: impl FnMut() -> Sandbox,
    mut work: impl FnMut(&Sandbox) -> Duration,
) -> (Duration, Stats) {
    let mut times = Vec::new();
    let mut stats = Stats::default();
    for _ in 0..runs {
        server.change(|behaviour| behaviour.latency = Duration::ZERO);
        let sandbox = prepare();
        server.change(|behaviour| behaviour.latency = LATENCY);
        server.reset();
        times.push(work(&sandbox));
        stats = server.stats();
    }
    (median(times), stats)
}

fn show_python(row: &mut Row, (theirs, stats): (Duration, Stats), ours: Duration, faster: f64) {
    row.shows("py requests", stats.requests as f64, Unit::Count);
    row.shows("py connections", stats.connections as f64, Unit::Count);
    row.time("py time at 20 ms", theirs);
    row.at_least("faster at 20 ms", ratio(theirs, ours), Unit::Times, faster);
}

fn are_current(name: &'static str, python: Option<&Tool>) -> Row {
    let scratch = Sandbox::new();
    let repositories: Vec<(String, String)> = (0..3)
        .map(|number| {
            let name = format!("tool-{number}");
            let tool = Repository::tool(&scratch.repos(), &name, |files| {
                files.definition(&name, "maturity: verified\n")
            });
            (name, tool.head())
        })
        .collect();
    let (root, registry) = registry_of(Scale {
        plugins: 20,
        commits: 96,
    });
    let registry_server = GitServer::start(&root);
    let server = GitServer::start(scratch.repos());
    let head = rev(&root.join(&registry), "HEAD");
    let mut entries: Vec<Entry> = (0..9)
        .map(|number| Entry {
            name: format!("plugin-{number:05}"),
            kind: "registry",
            pin: head.clone(),
            url: None,
        })
        .collect();
    entries.extend(repositories.iter().map(|(name, pin)| Entry {
        name: name.clone(),
        kind: "git",
        pin: pin.clone(),
        url: Some(server.url(name)),
    }));
    let prepare = |tool: &Tool| {
        let sandbox = tool.sandbox(&registry_server.url(&registry));
        write_manifest(&sandbox, &entries);
        tool.time(&sandbox, &["install", "--all"]);
        sandbox
    };
    let measure = |tool: &Tool, runs: usize| {
        registry_server.change(|behaviour| behaviour.latency = LATENCY);
        let both = far(
            &server,
            runs,
            || {
                let sandbox = prepare(tool);
                registry_server.reset();
                sandbox
            },
            |sandbox| tool.time(sandbox, &["upgrade", "--all"]),
        );
        let mut stats = both.1;
        stats.requests += registry_server.stats().requests;
        stats.connections += registry_server.stats().connections;
        (both.0, stats)
    };
    let (ours, stats) = measure(&Tool::ours(), 3);
    let mut row = Row::new(name);
    row.at_most("requests", stats.requests as f64, Unit::Count, 8.0);
    row.at_most("connections", stats.connections as f64, Unit::Count, 4.0);
    row.time("time at 20 ms", ours);
    if let Some(python) = python {
        show_python(&mut row, measure(python, 1), ours, 7.0);
    }
    row
}

fn bootstrap(name: &'static str, python: Option<&Tool>) -> Row {
    let (root, registry) = registry_of(Scale {
        plugins: 1_000,
        commits: 2_000,
    });
    let server = GitServer::start(&root);
    let pins: Vec<String> = (0..5)
        .map(|number| rev(&root.join(&registry), &format!("HEAD~{}", number * 300)))
        .collect();
    let entries: Vec<Entry> = (0..10)
        .map(|number| Entry {
            name: format!("plugin-{:05}", number * 97),
            kind: "registry",
            pin: pins[number % 5].clone(),
            url: None,
        })
        .collect();
    let measure = |tool: &Tool, runs: usize| {
        far(
            &server,
            runs,
            || {
                let sandbox = tool.sandbox(&server.url(&registry));
                write_manifest(&sandbox, &entries);
                sandbox
            },
            |sandbox| tool.time(sandbox, &["install", "--all"]),
        )
    };
    let (ours, stats) = measure(&Tool::ours(), 3);
    let mut row = Row::new(name);
    row.at_most("requests", stats.requests as f64, Unit::Count, 3.0);
    row.at_most("connections", stats.connections as f64, Unit::Count, 1.0);
    let kilobytes = stats.bytes_down as f64 / 1000.0;
    row.shows("bytes down", kilobytes, Unit::Kilobytes);
    row.time("time at 20 ms", ours);
    if let Some(python) = python {
        show_python(&mut row, measure(python, 1), ours, 40.0);
    }
    row
}

fn upgrade_in_a_large_home(name: &'static str, _: Option<&Tool>) -> Row {
    in_a_large_home(name, |tool, sandbox, repository, run| {
        let text = format!("{run}\n");
        repository.tree(".atk").file("README.md", text);
        repository.commit("Document");
        tool.time(sandbox, &["upgrade", "tool"])
    })
}

fn remove_in_a_large_home(name: &'static str, _: Option<&Tool>) -> Row {
    in_a_large_home(name, |tool, sandbox, repository, _| {
        let time = tool.time(sandbox, &["remove", "--force", "tool"]);
        tool.time(sandbox, &["add", "-y", &repository.file_url()]);
        time
    })
}

type Work = fn(&Tool, &Sandbox, &Repository, usize) -> Duration;

fn in_a_large_home(name: &'static str, work: Work) -> Row {
    let ours = Tool::ours();
    let scratch = Sandbox::new();
    let homes = [10, 1_000].map(|plugins| {
        let repository = Repository::tool(&scratch.repos(), &format!("tool-{plugins}"), |files| {
            files.definition("Tool", "").file("README.md", "0\n")
        });
        let sandbox = home_of(&ours, plugins);
        ours.time(&sandbox, &["add", "-y", &repository.file_url()]);
        (sandbox, repository)
    });
    let mut times = [Vec::new(), Vec::new()];
    // In turns, so that whatever else the machine does disturbs both alike.
    for run in 1..=RUNS * 3 {
        for ((sandbox, repository), times) in homes.iter().zip(&mut times) {
            times.push(work(&ours, sandbox, repository, run));
        }
    }
    let [few, many] = times.map(median);
    let mut row = Row::new(name);
    row.time("time, home of 10", few);
    row.time("time, home of 1,000", many);
    row.at_most("ratio", ratio(many, few), Unit::Times, 1.2);
    row
}

/// The id of a commit of a bare repository.
pub(crate) fn rev(repository: &Path, name: &str) -> String {
    let mut git = Command::new("git");
    git.arg("--git-dir")
        .arg(repository)
        .args(["rev-parse", name]);
    let output = git.output().expect("run git");
    assert!(output.status.success(), "git rev-parse {name}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
