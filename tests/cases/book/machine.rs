//! A machine of a reader: the addresses of the examples are served on the loopback.

use std::fmt::Write as _;
use std::fs;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::{Sandbox, atk_binary};
use atk_tests::server::GitServer;

use super::page::{Example, Page, is_shown};

pub(super) struct Machine {
    sandbox: Sandbox,
    _server: GitServer,
}

/// What the registry's plugins and the tools ask for and do.
const WITH_TOKEN: &str = "env_vars:\n\
    - {name: TOKEN, secret: true, description: Token of the service}\n\
    - {name: STYLE, default: polite, description: How to greet}\n\
    lifecycle: {install: echo installed, uninstall: 'true', status: 'test -e on', start: touch on, stop: rm -f on, logs: echo ready}\n\
    mcp: {transport: stdio, command: $ATK_PLUGIN_DIR/server.sh, env: [TOKEN]}\n";

impl Machine {
    pub(super) fn new() -> Machine {
        let mut sandbox = Sandbox::new();
        let repos = sandbox.repos();
        let mut registry = Registry::new(&repos, "registry.git");
        for (name, title) in [
            ("openmemory", "OpenMemory"),
            ("greeter", "Greeter"),
            ("notes", "Notes"),
        ] {
            registry.plugin(name, |files| {
                files
                    .definition(title, &format!("maturity: verified\n{WITH_TOKEN}"))
                    .exec("server.sh", "#!/bin/sh\nexit 0\n")
                    .file("README.md", format!("# {title}\n"))
            });
        }
        registry.commit("Publish the plugins");
        fs::create_dir(repos.join("org")).unwrap();
        for (name, title) in [("org/tool", "Tool"), ("org/greeter", "Greeter")] {
            let tool = Repository::tool(&repos, name, |files| {
                files
                    .definition(title, WITH_TOKEN)
                    .exec("server.sh", "#!/bin/sh\nexit 0\n")
                    .exec("backup.sh", "#!/bin/sh\necho saved\n")
                    .file("README.md", format!("# {title}\n"))
            });
            tool.git(&["tag", "v1.2"]);
            tool.tree(".atk").file("README.md", "# Tool, newer\n");
            tool.commit("Say more");
        }
        let mono = Repository::new(&repos, "org/mono");
        mono.tree("tools/x").definition("Tool X", "");
        mono.commit("Publish the tool");
        // The home of another machine.
        let _ = Repository::new(&repos, "me-atk-home.git");

        let server = GitServer::start(&repos);
        sandbox.use_registry(&server.url("registry.git"));
        sandbox.unset("ATK_HOME");
        sandbox.set("ATK_TRUST", "github.com/org/");
        fs::create_dir(sandbox.path("bin")).unwrap();
        std::os::unix::fs::symlink(atk_binary(), sandbox.path("bin/atk")).unwrap();
        let path = format!(
            "{}:{}",
            sandbox.path("bin").display(),
            std::env::var("PATH").unwrap_or_default()
        );
        sandbox.set("PATH", path);
        let mut configuration = fs::read_to_string(sandbox.path("user/.gitconfig")).unwrap();
        for (of, is) in [
            ("https://github.com/org/", server.url("org/")),
            (
                "https://example.com/registry.git",
                server.url("registry.git"),
            ),
            (
                "git@example.com:me/atk-home.git",
                format!("file://{}", repos.join("me-atk-home.git").display()),
            ),
        ] {
            let _ = writeln!(configuration, "[url \"{is}\"]\n\tinsteadOf = {of}");
        }
        fs::write(sandbox.path("user/.gitconfig"), configuration).unwrap();
        Machine {
            sandbox,
            _server: server,
        }
    }

    /// Runs the examples of a page. Returns what was not as the page says.
    pub(super) fn run(&self, page: &Page) -> Vec<String> {
        // Each command's output is between lines that no command prints.
        let mut script = String::from("exec 2>&1\n");
        for example in &page.examples {
            let _ = writeln!(script, "{}\nprintf '\\036%s\\036' $?", example.command);
        }
        fs::write(self.sandbox.path("tmp/page.sh"), script).unwrap();
        let mut shell = self.sandbox.program("sh");
        shell.arg(self.sandbox.path("tmp/page.sh"));
        let finished = self.sandbox.run_with_input(shell, "");
        let root = self.sandbox.path("").display().to_string();
        // The documentation shows a plausible home directory.
        let user = self.sandbox.path("user").display().to_string();
        let printed = finished.stdout.replace(&user, "/home/me");
        let printed = printed.replace(&root, "<root>/");
        let mut parts = printed.split('\u{1e}');
        let mut failures = Vec::new();
        for example in &page.examples {
            let (Some(printed), Some(code)) = (parts.next(), parts.next()) else {
                failures.push(Self::failure(
                    page,
                    example,
                    "did not run",
                    &finished.stderr,
                ));
                break;
            };
            if (code == "0") == example.fails {
                let ended = format!("exited with {code}");
                failures.push(Self::failure(page, example, &ended, printed));
            }
            let lines: Vec<&str> = printed.lines().collect();
            if !example.output.is_empty() && !is_shown(&lines, &example.output) {
                failures.push(Self::failure(
                    page,
                    example,
                    "printed something else",
                    printed,
                ));
            }
        }
        failures
    }

    fn failure(page: &Page, example: &Example, what: &str, printed: &str) -> String {
        let place = page.path.strip_prefix(super::top()).unwrap().display();
        format!(
            "{place}:{}: `{}` {what}:\n{printed}",
            example.line, example.command
        )
    }
}
