//! What the programs of the tests work on.

use std::path::Path;
use std::time::{Duration, Instant};

use atk_core::{Home, InitOptions, Options, Silent};
use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::{Sandbox, Snapshot};
use atk_tests::server::GitServer;

/// A registry with the plugin `echo` and a tool on a server, and the plugins `mine` and `slow` in
/// directories.
pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) server: GitServer,
}

impl Fixture {
    pub(crate) fn new() -> Fixture {
        let mut sandbox = Sandbox::new();
        let mut registry = Registry::new(&sandbox.repos(), "registry");
        registry.plugin("echo", |files| {
            files
                .definition("Echo", ECHO)
                .exec("script.sh", "#!/bin/sh\necho \"$1|$2\"\nexit 7\n")
        });
        registry.commit("Add echo");
        let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
            files.definition("Tool", "")
        });
        let variable = "env_vars: [{name: WANTED, required: false}]\n";
        sandbox.files("work/mine").definition("Mine", variable);
        let needs = "env_vars: [{name: WANTED, required: true}]\n\
                     lifecycle: {install: echo begun, uninstall: 'true'}\n";
        sandbox.files("work/needs").definition("Needs", needs);
        sandbox.files("work/slow").definition("Slow", SLOW);
        let server = GitServer::start(sandbox.repos());
        sandbox.use_registry(&server.url("registry"));
        Fixture { sandbox, server }
    }

    /// The same, with an empty home.
    pub(crate) fn with_home() -> Fixture {
        let fixture = Fixture::new();
        let sandbox = &fixture.sandbox;
        let mut options = Options::new(sandbox.path("cache"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        options.env.insert("PATH".into(), path);
        let home = Home::open(sandbox.home(), options).unwrap();
        home.init(&InitOptions::default(), &Silent).unwrap();
        fixture
    }

    /// The server lets every request wait for longer than any test.
    pub(crate) fn never_answers(&self) {
        self.server
            .change(|behaviour| behaviour.latency = Duration::from_secs(60));
    }

    /// Waits until the server has been asked for something.
    pub(crate) fn wait_for_a_request(&self) {
        let begun = Instant::now();
        while self.server.stats().requests == 0 {
            assert!(begun.elapsed() < Duration::from_secs(60), "no request");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn home(&self) -> String {
        text(&self.sandbox.home())
    }

    /// The path of a file below the working directory.
    pub(crate) fn work(&self, name: &str) -> String {
        text(&self.sandbox.path("work").join(name))
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.sandbox.snapshot()
    }
}

const ECHO: &str = "env_vars:
- {name: TOKEN, required: true, secret: true}
- {name: MODE, default: dflt}
lifecycle:
  install: echo $TOKEN $MODE
  uninstall: 'true'
  start: touch up
  stop: rm -f up
  status: test -e up
  logs: echo the log
mcp: {transport: stdio, command: serve}
";

const SLOW: &str = "lifecycle: {install: 'echo begun; exec sleep 60', uninstall: 'true'}\n";

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
