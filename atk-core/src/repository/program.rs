//! Running the git program in the home's repository.

use std::ffi::OsStr;
use std::io::{Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use super::failure::shown;
use super::{Backend, Repository};
use crate::error::{Error, ErrorKind, Result};
use crate::host::{CancelToken, Stream};
use crate::model::git_url::redact;
use crate::process::wait;
use crate::text::escape_lines;

/// How long a cancelled git may take to end by itself: it then removes its lock files.
const GRACE: Duration = Duration::from_secs(2);

/// How much of what git says is kept for an error.
const KEPT: usize = 4 << 10;

/// How long an input may be that is written before git reads it: the smallest buffer of a pipe.
pub(super) const MESSAGE: usize = 4 << 10;

/// A command line of git that is to run.
pub(super) struct Run<'a> {
    pub(super) args: Vec<&'a OsStr>,
    /// Which index it uses; the repository's own without one.
    pub(super) index: Option<PathBuf>,
    pub(super) env: Vec<(String, String)>,
    pub(super) input: Vec<u8>,
    pub(super) cancel: CancelToken,
}

/// What git answered.
#[derive(Debug)]
pub(super) struct GitOutput {
    pub(super) success: bool,
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    /// The end of both streams, fit to be shown.
    pub(super) tail: String,
}

impl<'a> Run<'a> {
    pub(super) fn new<A: AsRef<OsStr> + ?Sized>(args: &[&'a A]) -> Self {
        Run {
            args: args.iter().map(|arg| (*arg).as_ref()).collect(),
            index: None,
            env: Vec::new(),
            input: Vec::new(),
            cancel: CancelToken::new(),
        }
    }

    pub(super) fn index(mut self, path: &Path) -> Self {
        self.index = Some(path.to_owned());
        self
    }

    pub(super) fn input(mut self, input: Vec<u8>) -> Self {
        self.input = input;
        self
    }

    pub(super) fn cancel(mut self, cancel: &CancelToken) -> Self {
        self.cancel = cancel.clone();
        self
    }
}

impl Repository {
    /// Runs git in the work tree and takes its answer.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] with what it said, where it failed; [`ErrorKind::GitMissing`].
    pub(super) fn git<A: AsRef<OsStr> + ?Sized>(&self, args: &[&A]) -> Result<GitOutput> {
        self.run(Run::new(args))?.succeeded()
    }

    /// Runs git, whether it then succeeds or fails.
    pub(super) fn run(&self, run: Run<'_>) -> Result<GitOutput> {
        let stdin = self.as_stdin(&run.input)?;
        let child = self.start(&run, stdin)?;
        self.finish(child, &run)
    }

    /// Runs git, and gives it its input only after `introduce` was called with its process id and
    /// did not fail. The input must fit into a pipe ([`MESSAGE`]).
    pub(super) fn run_introduced(
        &self,
        run: Run<'_>,
        input: &[u8],
        introduce: &mut dyn FnMut(u32) -> Result<()>,
    ) -> Result<GitOutput> {
        let broken = |error| Error::io("cannot write to git in", &self.root, error);
        // Our own reading end stays open until all is written: a git that ended early must not
        // send SIGPIPE to a host that does not ignore it.
        let (reader, mut writer) = std::io::pipe().map_err(broken)?;
        let stdin = reader.try_clone().map_err(broken)?;
        let mut child = self.start(&run, stdin.into())?;
        let introduced =
            introduce(child.id()).and_then(|()| writer.write_all(input).map_err(broken));
        if let Err(error) = introduced {
            // It must not take the end of its input for the whole of it.
            let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
            let _ = child.wait();
            return Err(error);
        }
        drop((writer, reader));
        self.finish(child, &run)
    }

    fn start(&self, run: &Run<'_>, stdin: Stdio) -> Result<Child> {
        let mut command = self.access.command(&self.root, self.reason())?;
        // What is written is synced, nothing goes on in the background, and messages are UTF-8
        // whatever encoding the user set: they are given and read so. Hooks inherit these.
        command.args([
            "-c",
            "core.fsync=all",
            "-c",
            "gc.auto=0",
            "-c",
            "maintenance.auto=false",
            "-c",
            "i18n.commitEncoding=UTF-8",
            "-c",
            "i18n.logOutputEncoding=UTF-8",
        ]);
        command.args(&run.args);
        command.envs(run.index.iter().map(|index| ("GIT_INDEX_FILE", index)));
        command.envs(run.env.iter().map(|(name, value)| (name, value)));
        command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.process_group(0);
        command.spawn().map_err(|error| self.not_run(error))
    }

    fn finish(&self, child: Child, run: &Run<'_>) -> Result<GitOutput> {
        let (mut stdout, mut tail) = (Vec::new(), Vec::new());
        let end = wait::wait(child, &run.cancel, GRACE, &mut |stream, chunk| {
            tail.extend_from_slice(&chunk);
            tail.drain(..tail.len().saturating_sub(KEPT));
            if stream == Stream::Stdout {
                stdout.extend(chunk);
            }
        })
        .map_err(|error| self.not_run(error))?;
        run.cancel.check()?;
        let tail = escape_lines(redact(String::from_utf8_lossy(&tail).trim()).as_str());
        Ok(GitOutput {
            success: end.status.success(),
            code: end.status.code(),
            stdout,
            tail,
        })
    }

    fn not_run(&self, error: std::io::Error) -> Error {
        Error::new(
            ErrorKind::GitFailed,
            format!("cannot run git in `{}`: {error}", shown(&self.root)),
        )
        .with_path(&self.root)
        .with_cause(error)
    }

    /// A file without a name, so that neither side ever waits for the other.
    fn as_stdin(&self, input: &[u8]) -> Result<Stdio> {
        if input.is_empty() {
            return Ok(Stdio::null());
        }
        let write = || {
            let mut file = tempfile::tempfile_in(&self.git_dir)?;
            file.write_all(input)?;
            file.rewind()?;
            Ok(file.into())
        };
        write().map_err(|error| Error::io("cannot write to", &self.git_dir, error))
    }

    fn reason(&self) -> &str {
        match &self.engine {
            Backend::InProcess => "the repository needs it",
            Backend::Program(reason) => reason,
        }
    }
}

impl GitOutput {
    /// The answer, unless git failed.
    pub(super) fn succeeded(self) -> Result<Self> {
        if self.success {
            return Ok(self);
        }
        let last = self
            .tail
            .lines()
            .last()
            .unwrap_or("it printed nothing")
            .to_owned();
        Err(Error::new(ErrorKind::GitFailed, format!("git failed: {last}")).with_output(self.tail))
    }

    /// The first line as a path.
    pub(super) fn line(&self) -> Result<PathBuf> {
        let line = self
            .stdout
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        Ok(PathBuf::from(OsStr::from_bytes(line)))
    }
}
