//! Operations that ask a server.

use std::path::PathBuf;
use std::time::Duration;

use atk_tests::repository::{Scale, mono_repository, registry_of};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{GitServer, Stats};

use crate::measure::{median, ratio};
use crate::row::{Row, Unit};
use crate::tool::Tool;

const LATENCY: Duration = Duration::from_millis(20);
const RUNS: usize = 3;

/// A plugin to be added, and what that may cost.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    from: From,
    /// The same registry has given another plugin before.
    second: bool,
    requests: f64,
    kilobytes: Option<f64>,
    /// How many times faster than the Python tool, with latency.
    faster: f64,
}

enum From {
    Registry(Scale),
    Mono,
}

const SMALL: From = From::Registry(Scale {
    plugins: 20,
    commits: 96,
});
const MIDDLE: From = From::Registry(Scale {
    plugins: 1_000,
    commits: 2_000,
});
const LARGE: From = From::Registry(Scale {
    plugins: 10_000,
    commits: 10_000,
});

pub(crate) const CASES: [Case; 6] = [
    Case {
        name: "add, registry of 20",
        from: SMALL,
        second: false,
        requests: 4.0,
        kilobytes: Some(16.0),
        faster: 3.0,
    },
    Case {
        name: "add, registry of 1,000 (2,000 commits)",
        from: MIDDLE,
        second: false,
        requests: 6.0,
        kilobytes: Some(100.0),
        faster: 5.0,
    },
    Case {
        name: "add, registry of 10,000 (10,000 commits)",
        from: LARGE,
        second: false,
        requests: 6.0,
        kilobytes: Some(900.0),
        faster: 35.0,
    },
    Case {
        name: "add, 200 MB beside `.atk/`",
        from: From::Mono,
        second: false,
        requests: 5.0,
        kilobytes: Some(10.0),
        faster: 3.5,
    },
    Case {
        name: "second plugin, registry of 1,000",
        from: MIDDLE,
        second: true,
        requests: 3.0,
        kilobytes: None,
        faster: 9.0,
    },
    Case {
        name: "second plugin, registry of 10,000",
        from: LARGE,
        second: true,
        requests: 3.0,
        kilobytes: None,
        faster: 100.0,
    },
];

impl Case {
    /// Measures with our binary, and with the Python tool if there is one.
    pub(crate) fn run(&self, python: Option<&Tool>) -> Row {
        let (root, repository) = self.from.repository();
        let server = GitServer::start(root);
        let url = server.url(&repository);
        let measure = |tool: &Tool, latency: Duration, runs: usize| {
            let mut times = Vec::new();
            let mut stats = Stats::default();
            for _ in 0..runs {
                server.change(|behaviour| behaviour.latency = Duration::ZERO);
                let sandbox = tool.sandbox(&url);
                if self.second {
                    tool.time(&sandbox, &["add", "-y", "plugin-00007"]);
                }
                server.change(|behaviour| behaviour.latency = latency);
                server.reset();
                times.push(tool.time(&sandbox, &["add", "-y", self.from.source(&url)]));
                self.from.check(&sandbox);
                stats = server.stats();
            }
            (median(times), stats)
        };
        let ours = Tool::ours();
        let (near, _) = measure(&ours, Duration::ZERO, RUNS);
        let (far, stats) = measure(&ours, LATENCY, RUNS);
        let mut row = Row::new(self.name);
        row.at_most(
            "requests",
            stats.requests as f64,
            Unit::Count,
            self.requests,
        );
        row.at_most("connections", stats.connections as f64, Unit::Count, 1.0);
        let kilobytes = stats.bytes_down as f64 / 1000.0;
        match self.kilobytes {
            Some(limit) => row.at_most("bytes down", kilobytes, Unit::Kilobytes, limit),
            None => row.shows("bytes down", kilobytes, Unit::Kilobytes),
        }
        row.time("time", near);
        row.time("time at 20 ms", far);
        if let Some(python) = python {
            let (near, _) = measure(python, Duration::ZERO, 1);
            let (python_far, stats) = measure(python, LATENCY, 1);
            row.shows("py requests", stats.requests as f64, Unit::Count);
            row.shows("py connections", stats.connections as f64, Unit::Count);
            row.shows(
                "py bytes down",
                stats.bytes_down as f64 / 1000.0,
                Unit::Kilobytes,
            );
            row.time("py time", near);
            row.time("py time at 20 ms", python_far);
            row.at_least(
                "faster at 20 ms",
                ratio(python_far, far),
                Unit::Times,
                self.faster,
            );
        }
        row
    }
}

impl From {
    /// The directory to serve, and the repository in it.
    fn repository(&self) -> (PathBuf, String) {
        match self {
            From::Registry(scale) => registry_of(*scale),
            From::Mono => mono_repository(),
        }
    }

    /// What is typed to add the plugin.
    fn source<'a>(&self, url: &'a str) -> &'a str {
        match self {
            From::Registry(_) => "plugin-00013",
            From::Mono => url,
        }
    }

    /// Says that the plugin is there: a measurement of a failure is none.
    fn check(&self, sandbox: &Sandbox) {
        let directory = match self {
            From::Registry(_) => "plugin-00013",
            From::Mono => "mono",
        };
        let skill = format!("home/plugins/{directory}/skill/SKILL.md");
        assert!(sandbox.path(&skill).exists(), "{skill} is missing");
    }
}
