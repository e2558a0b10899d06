//! The faces, and a process that runs the driver of one.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::scenario::Call;
use super::world::World;
use super::{command_line, flat};
use crate::sandbox::Sandbox;

/// No call of a scenario takes longer.
const LIMIT: Duration = Duration::from_secs(60);

/// What can be planted in a driver: a field more, an event less, an error as an outcome, no output.
pub const PLANTS: &[&str] = &["field", "event", "success", "silent"];

/// A column of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    /// Its name in reports and scenarios.
    pub name: &'static str,
    /// The variable that is `none` if its toolchain is missing.
    pub variable: Option<&'static str>,
}

/// Every face, in the order of the report.
pub const FACES: &[Face] = &[
    face("cli", None),
    face("c", None),
    face("python", Some("ATK_PYTHON")),
    face("aio", Some("ATK_PYTHON")),
    face("node", Some("ATK_NODE")),
    face("ruby", Some("ATK_UNIFFI")),
    face("kotlin", Some("ATK_UNIFFI")),
];

const fn face(name: &'static str, variable: Option<&'static str>) -> Face {
    Face { name, variable }
}

impl Face {
    /// Why it is not run, if a variable says so.
    #[must_use]
    pub fn left_out(self) -> Option<String> {
        let variable = self.variable?;
        let is_none = std::env::var(variable).is_ok_and(|value| value == "none");
        is_none.then(|| format!("{variable}=none"))
    }

    /// False if the outcome of an operation is not a document there: `init` returns the handle, and
    /// the command passes on the output and the exit status of a program.
    pub(super) fn shows_outcome_of(self, operation: Option<&str>) -> bool {
        match operation {
            Some("init") => ["cli", "c", "node"].contains(&self.name),
            Some("run" | "git" | "logs" | "readme" | "mcp") => self.name != "cli",
            _ => true,
        }
    }

    /// False if a record has all its fields: what is absent, null and empty is one there.
    pub(super) fn shows_absence(self) -> bool {
        !["ruby", "kotlin"].contains(&self.name)
    }

    /// False for the command: its questions are for a person.
    pub(super) fn shows_prompts(self) -> bool {
        self.name != "cli"
    }
}

/// The driver of a face. Its process is started when it is needed, and again after it has ended.
pub struct Driver {
    face: Face,
    /// The command line of the driver.
    command: Vec<String>,
    /// The user that the process runs as.
    user: Sandbox,
    process: Option<Process>,
    plant: String,
    limit: Duration,
}

struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Driver {
    /// The driver of a face, by its command line. The command `atk` needs none.
    #[must_use]
    pub fn new(face: Face, command: Vec<String>) -> Driver {
        Driver {
            face,
            command,
            user: Sandbox::new(),
            process: None,
            plant: String::new(),
            limit: LIMIT,
        }
    }

    /// Makes the driver differ, by one of [`PLANTS`]. For tests of the runner.
    pub fn plant(&mut self, plant: &str) {
        self.user.set("ATK_CONFORMANCE_PLANT", plant);
        plant.clone_into(&mut self.plant);
        if plant == "silent" {
            self.limit = Duration::from_secs(2);
        }
    }

    pub(super) fn face(&self) -> Face {
        self.face
    }

    /// Lets the driver call an operation; returns the lines of its trace.
    ///
    /// # Errors
    /// If it ends, hangs, or prints what is not a trace.
    pub(super) fn call(&mut self, call: &Call, world: &World) -> Result<Vec<Value>, String> {
        if self.face.name == "cli" {
            return command_line::call(call, world, &self.plant);
        }
        let request = match self.face.name {
            // Languages without JSON in their standard library.
            "c" | "kotlin" => flat::request(call),
            _ => serde_json::to_string(call).map_err(|error| error.to_string())? + "\n",
        };
        let answered = self.exchange(&request);
        if answered.is_err() {
            self.process = None;
        }
        answered
    }

    fn exchange(&mut self, request: &str) -> Result<Vec<Value>, String> {
        let process = match &mut self.process {
            Some(process) => process,
            none => none.insert(Process::start(&self.command, &self.user)?),
        };
        let sent = process.input.write_all(request.as_bytes());
        sent.and_then(|()| process.input.flush())
            .map_err(|error| format!("the driver reads nothing: {error}"))?;
        let mut lines = Vec::new();
        loop {
            let line = process.lines.recv_timeout(self.limit);
            let line = line.map_err(|error| format!("the driver prints no end: {error}"))?;
            let value: Value = serde_json::from_str(&line)
                .map_err(|error| format!("the driver prints {line:?}: {error}"))?;
            let is_end = value.get("outcome").is_some() || value.get("error").is_some();
            lines.push(value);
            if is_end {
                return Ok(lines);
            }
        }
    }
}

impl Process {
    fn start(command: &[String], user: &Sandbox) -> Result<Process, String> {
        let [program, words @ ..] = command else {
            return Err("the face has no driver".to_owned());
        };
        let mut command: Command = user.program(PathBuf::from(program));
        for name in ["PYTHONPATH", "LD_LIBRARY_PATH", "RUBYLIB", "NODE_PATH"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the driver has no pipes".to_owned());
        };
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Process {
            child,
            input,
            lines,
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
