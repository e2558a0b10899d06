//! The program that does the work: ours, or the Python tool.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use atk_tests::sandbox::{Sandbox, atk_binary, python_atk};

/// The registry that the Python tool asks, whatever it is told.
const PYTHON_REGISTRY: &str = "https://github.com/Svtoo/atk-registry";

/// A program with the commands that are measured.
#[derive(Debug, Clone)]
pub(crate) struct Tool {
    binary: PathBuf,
    is_python: bool,
}

impl Tool {
    /// The binary under test.
    pub(crate) fn ours() -> Tool {
        Tool {
            binary: atk_binary(),
            is_python: false,
        }
    }

    /// The Python tool, unless `ATK_PYTHON` does without it.
    pub(crate) fn python() -> Option<Tool> {
        Some(Tool {
            binary: python_atk()?,
            is_python: true,
        })
    }

    /// A new sandbox with an initialised home, whose registry is at `url`.
    pub(crate) fn sandbox(&self, url: &str) -> Sandbox {
        let mut sandbox = Sandbox::new();
        sandbox.use_registry(url);
        if self.is_python {
            let mut config = File::options()
                .append(true)
                .open(sandbox.path("user/.gitconfig"))
                .expect("open the user's git configuration");
            writeln!(config, "[url \"{url}\"]\n\tinsteadOf = {PYTHON_REGISTRY}")
                .expect("write the user's git configuration");
        }
        self.time(&sandbox, &["init"]);
        sandbox
    }

    /// The program with arguments, its output thrown away.
    pub(crate) fn command(&self, sandbox: &Sandbox, args: &[&str]) -> Command {
        let mut command = sandbox.program(&self.binary);
        command
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program, and says how long that took.
    ///
    /// # Panics
    /// Where it fails: there is nothing to measure then.
    pub(crate) fn time(&self, sandbox: &Sandbox, args: &[&str]) -> Duration {
        let mut command = self.command(sandbox, args);
        let begun = Instant::now();
        let output = command.output().expect("run the program");
        let time = begun.elapsed();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {said}");
        time
    }
}
