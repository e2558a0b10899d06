//! What it costs to look at the versions of a home's plugins, and at their files.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use atk_tests::repository::{Repository, Scale, registry_of};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{GitServer, Stats};

use crate::life::{Entry, LATENCY, rev, write_manifest};
use crate::local::Measure;
use crate::measure::{median, ratio};
use crate::row::{Row, Unit, milliseconds};
use crate::tool::Tool;
use crate::usage::usage;

pub(crate) const CASES: [(&str, Measure); 3] = [
    ("`outdated`, 100 plugins of 6 sources", outdated_of_100),
    ("`outdated`, 1,000 plugins of 6 sources", outdated_of_1000),
    ("`verify`, home of 1,000", verify_of_1000),
];

const SCALE: Scale = Scale {
    plugins: 1_000,
    commits: 2_000,
};
const REPOSITORIES: usize = 5;

/// A home whose plugins come from a registry and five repositories; each source has moved on.
struct Sources {
    sandbox: Sandbox,
    registry: GitServer,
    repositories: GitServer,
}

impl Sources {
    /// A home of so many plugins, so many of them from each of the repositories.
    fn new(plugins: usize, of_a_repository: usize) -> Sources {
        let (root, name) = registry_of(SCALE);
        let registry = GitServer::start(&root);
        let sandbox = Tool::ours().sandbox(&registry.url(&name));
        let repositories = GitServer::start(sandbox.repos());
        let mut entries = Vec::new();
        for number in 0..REPOSITORIES {
            let name = format!("mono-{number}");
            let mono = Repository::new(&sandbox.repos(), &name);
            let directory = |plugin: usize| format!("tool-{number}-{plugin}");
            for plugin in 0..of_a_repository {
                mono.tree(&directory(plugin))
                    .definition(&directory(plugin), "")
                    .file("README.md", "# A plugin\n");
            }
            let pin = mono.commit("Plugins");
            mono.tree(&directory(0)).file("README.md", "# Changed\n");
            mono.commit("Change one");
            entries.extend((0..of_a_repository).map(|plugin| Entry {
                name: directory(plugin),
                kind: "git",
                pin: pin.clone(),
                url: Some(format!(
                    "{}//{}",
                    repositories.url(&name),
                    directory(plugin)
                )),
            }));
        }
        let pin = rev(&root.join(&name), "HEAD~50");
        entries.extend((0..plugins - entries.len()).map(|number| Entry {
            name: format!("plugin-{number:05}"),
            kind: "registry",
            pin: pin.clone(),
            url: None,
        }));
        write_manifest(&sandbox, &entries);
        Sources {
            sandbox,
            registry,
            repositories,
        }
    }

    /// What both servers were asked since they were last forgotten.
    fn stats(&self) -> Stats {
        let mut stats = self.registry.stats();
        let others = self.repositories.stats();
        stats.requests += others.requests;
        stats.connections += others.connections;
        stats.bytes_down += others.bytes_down;
        stats
    }

    fn begin(&self, latency: Duration) {
        for server in [&self.registry, &self.repositories] {
            server.change(|behaviour| behaviour.latency = latency);
            server.reset();
        }
    }
}

fn outdated_of_100(name: &'static str, _: Option<&Tool>) -> Row {
    outdated(name, &Sources::new(100, 10))
}

fn outdated_of_1000(name: &'static str, _: Option<&Tool>) -> Row {
    outdated(name, &Sources::new(1_000, 20))
}

fn outdated(name: &'static str, sources: &Sources) -> Row {
    let ours = Tool::ours();
    let mut times = Vec::new();
    for _ in 0..3 {
        // The first look is the dear one.
        let _ = fs::remove_dir_all(sources.sandbox.path("cache"));
        sources.begin(LATENCY);
        times.push(ours.time(&sources.sandbox, &["outdated"]));
    }
    let first = sources.stats();
    sources.begin(LATENCY);
    let again = ours.time(&sources.sandbox, &["outdated"]);
    let mut row = Row::new(name);
    // What the server can do, its refs, and the trees of a commit at two depths.
    let most = (REPOSITORIES + 1) as f64;
    row.at_most("connections", first.connections as f64, Unit::Count, most);
    row.at_most("requests", first.requests as f64, Unit::Count, most * 4.0);
    let kilobytes = first.bytes_down as f64 / 1000.0;
    row.shows("bytes down", kilobytes, Unit::Kilobytes);
    let time = milliseconds(median(times));
    row.at_most("time at 20 ms", time, Unit::Milliseconds, 1000.0);
    let requests = sources.stats().requests as f64;
    row.shows("requests, again", requests, Unit::Count);
    row.time("time at 20 ms, again", again);
    row
}

fn verify_of_1000(name: &'static str, _: Option<&Tool>) -> Row {
    let ours = Tool::ours();
    let sources = Sources::new(1_000, 20);
    sources.begin(Duration::ZERO);
    ours.time(&sources.sandbox, &["install", "--all", "-y"]);
    let sandbox = &sources.sandbox;
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--allow-empty", "-m", "The home"]);
    sources.begin(Duration::ZERO);
    let mut reads = Vec::new();
    let mut times = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        read_all(&sandbox.home().join("plugins"));
        reads.push(begun.elapsed());
        times.push(ours.time(sandbox, &["verify"]));
    }
    let (reads, time) = (median(reads), median(times));
    let spent = usage(&ours.command(sandbox, &["verify"]));
    let mut row = Row::new(name);
    let requests = sources.stats().requests as f64;
    row.at_most("requests", requests, Unit::Count, 0.0);
    row.time("reading every file", reads);
    row.time("time", time);
    row.at_most("ratio", ratio(time, reads), Unit::Times, 4.0);
    row.at_most("memory", spent.megabytes, Unit::Megabytes, 32.0);
    row
}

/// Reads every file below a directory once.
fn read_all(directory: &Path) {
    for entry in fs::read_dir(directory).expect("read a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_all(&path);
        } else {
            let _ = fs::read(path).expect("read a file");
        }
    }
}
