//! `git http-backend`, run as a CGI program.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::{self, JoinHandle};

use rustix::process::{Pid, Signal, kill_process_group};

use super::behaviour::Behaviour;
use super::request::Request;

/// A running backend whose head has been read. Dropping it ends the process and its children.
pub(super) struct Backend {
    child: Child,
    writer: Option<JoinHandle<()>>,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: BufReader<ChildStdout>,
}

impl Backend {
    /// Starts the backend for a request and reads the head of its answer.
    pub(super) fn start(root: &Path, request: &Request, behaviour: &Behaviour) -> io::Result<Self> {
        let mut child = command(root, request, behaviour).spawn()?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("no pipes"));
        };
        let body = request.body.clone();
        // A backend that answers before it has read everything must not wait for us.
        let writer = thread::spawn(move || drop(stdin.write_all(&body)));
        let mut backend = Backend {
            child,
            writer: Some(writer),
            status: 200,
            headers: Vec::new(),
            body: BufReader::with_capacity(64 << 10, stdout),
        };
        backend.read_head()?;
        Ok(backend)
    }

    fn read_head(&mut self) -> io::Result<()> {
        loop {
            let mut line = String::new();
            if self.body.read_line(&mut line)? == 0 {
                return Err(io::Error::other("the backend said nothing"));
            }
            let line = line.trim_end();
            match line.split_once(": ") {
                None if line.is_empty() => return Ok(()),
                None => return Err(io::Error::other("the backend sent no head")),
                Some(("Status", status)) => {
                    let code = status.split(' ').next().and_then(|code| code.parse().ok());
                    self.status = code.unwrap_or(500);
                }
                Some((name, value)) => self.headers.push((name.to_owned(), value.to_owned())),
            }
        }
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// A `git` that no configuration but the server's own reaches.
pub(super) fn git() -> Command {
    let mut git = Command::new("git");
    git.env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", "/nonexistent")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    git
}

fn command(root: &Path, request: &Request, behaviour: &Behaviour) -> Command {
    let settings = [
        ("safe.directory", "*"),
        (
            "uploadpack.allowFilter",
            if behaviour.filter { "true" } else { "false" },
        ),
    ];
    let mut git = git();
    git.arg("http-backend")
        .env("GIT_CONFIG_COUNT", settings.len().to_string())
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", &request.method)
        .env("PATH_INFO", &request.path)
        .env("REMOTE_ADDR", "127.0.0.1")
        .env("SERVER_PROTOCOL", "HTTP/1.1")
        .env("CONTENT_LENGTH", request.body.len().to_string());
    for (number, (key, value)) in settings.iter().enumerate() {
        git.env(format!("GIT_CONFIG_KEY_{number}"), key);
        git.env(format!("GIT_CONFIG_VALUE_{number}"), value);
    }
    // Without its query, a request for refs is one of a client that knows no smart protocol.
    if !behaviour.dumb {
        git.env("QUERY_STRING", &request.query);
    }
    if let Some(protocol) = request
        .header("git-protocol")
        .filter(|_| behaviour.protocol_v2)
    {
        git.env("GIT_PROTOCOL", protocol);
    }
    if let Some(kind) = request.header("content-type") {
        git.env("CONTENT_TYPE", kind);
    }
    if let Some(encoding) = request.header("content-encoding") {
        git.env("HTTP_CONTENT_ENCODING", encoding);
    }
    git.stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0);
    git
}
