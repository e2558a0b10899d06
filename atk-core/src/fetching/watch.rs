//! A look at what a git process costs while it runs: memory, and bytes on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use walkdir::WalkDir;

use super::bounds::{Memory, Share, exceeded};
use crate::error::{Error, ErrorKind, Result};
use crate::model::limits::{GIT_LIGHT_MEMORY, GIT_MEMORY, GIT_PASSING_MEMORY};

/// What is looked at.
#[derive(Default)]
pub(super) struct Watch {
    memory: MemoryRule,
    /// The right to take much memory.
    share: Option<Share>,
    /// A directory that the process fills, and how large it may get.
    place: Option<(PathBuf, u64)>,
    bytes: u64,
}

/// How much memory the process may take.
#[derive(Default)]
enum MemoryRule {
    /// As much as it needs: the server is a process of ours, as for a local repository.
    #[default]
    Unbounded,
    /// One process at a time may take much; the others are stopped until it is their turn.
    InTurn(Arc<Memory>),
    /// Little: it only passes on what comes.
    PassesOn,
}

/// What changed between two looks.
pub(super) struct DiskChange {
    /// By how many bytes the directory has grown.
    pub(super) grown: u64,
    /// How long the process was stopped.
    pub(super) stopped: Duration,
}

impl Watch {
    /// Also looks at a directory that the process fills.
    pub(super) fn look_at(&mut self, dir: &Path, limit: u64) {
        self.place = Some((dir.to_owned(), limit));
    }

    /// Also looks at the memory of the process and its helpers, which they share with all others
    /// of the operation.
    pub(super) fn look_at_memory(&mut self, memory: &Arc<Memory>) {
        self.memory = MemoryRule::InTurn(Arc::clone(memory));
    }

    /// From now on the process only passes on what comes. It gives up the right to take much memory,
    /// because the thread that reads from it may need that right and would wait for itself.
    pub(super) fn passes_on(&mut self) {
        if let MemoryRule::InTurn(_) = self.memory {
            self.memory = MemoryRule::PassesOn;
        }
        self.share = None;
    }

    /// True while much can happen between two looks.
    pub(super) fn is_urgent(&self) -> bool {
        matches!(self.memory, MemoryRule::InTurn(_))
    }

    /// True if progress is known by the directory, and not by what the process prints.
    pub(super) fn has_place(&self) -> bool {
        self.place.is_some()
    }

    /// Looks at the process and its directory.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] if a limit is passed.
    pub(super) fn look(&mut self, pid: u32) -> Result<DiskChange> {
        let stopped = self.look_at_family(pid)?;
        let Some((dir, limit)) = &self.place else {
            return Ok(DiskChange { grown: 0, stopped });
        };
        let files = WalkDir::new(dir).into_iter().flatten();
        let sizes = files.filter_map(|item| item.metadata().ok());
        let files = sizes.filter(std::fs::Metadata::is_file);
        let bytes: u64 = files.map(|meta| meta.len()).sum();
        if bytes > *limit {
            return Err(exceeded("more", *limit));
        }
        let grown = bytes.saturating_sub(self.bytes);
        self.bytes = bytes;
        Ok(DiskChange { grown, stopped })
    }

    /// Bounds the memory of all processes together. Returns how long this one waited for its turn.
    fn look_at_family(&mut self, pid: u32) -> Result<Duration> {
        let limit = match &self.memory {
            MemoryRule::Unbounded => return Ok(Duration::ZERO),
            MemoryRule::InTurn(_) => GIT_MEMORY,
            MemoryRule::PassesOn => GIT_PASSING_MEMORY,
        };
        let family = Processes::of(pid);
        if family.bytes > limit {
            // Not TERM: git takes more memory until it has ended.
            family.signal(Signal::KILL);
            let text = format!("git needs more than {limit} bytes of memory for the server's data");
            return Err(Error::new(ErrorKind::GitFailed, text));
        }
        let MemoryRule::InTurn(memory) = &self.memory else {
            return Ok(Duration::ZERO);
        };
        if self.share.is_some() || family.bytes <= GIT_LIGHT_MEMORY {
            return Ok(Duration::ZERO);
        }
        let begun = Instant::now();
        family.signal(Signal::STOP);
        self.share = memory.take(family.bytes);
        family.signal(Signal::CONT);
        Ok(begun.elapsed())
    }
}

/// A git process and git's own programs below it. Credential helpers are the user's, and may take
/// what they want. Where there is no `/proc`, nothing is known.
#[derive(Default)]
struct Processes {
    /// Bytes of memory. Not the pages of files: the system can take those back.
    bytes: u64,
    pids: Vec<u32>,
}

impl Processes {
    fn of(pid: u32) -> Processes {
        let mut family = Processes::default();
        let mut pending = vec![pid];
        // More than git ever starts.
        for _ in 0..32 {
            let Some(pid) = pending.pop() else {
                break;
            };
            let read = |path: String| std::fs::read_to_string(path).unwrap_or_default();
            let status = read(format!("/proc/{pid}/status"));
            let field = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name));
                line.map(str::trim).unwrap_or_default()
            };
            let name = field("Name:");
            if !name.starts_with("git") || name.starts_with("git-credential") {
                continue;
            }
            let kilobytes = field("RssAnon:").split(' ').next();
            let kilobytes = kilobytes.and_then(|number| number.parse::<u64>().ok());
            family.bytes += kilobytes.unwrap_or(0) << 10;
            family.pids.push(pid);
            let children = read(format!("/proc/{pid}/task/{pid}/children"));
            let children = children.split_whitespace();
            pending.extend(children.filter_map(|pid| pid.parse::<u32>().ok()));
        }
        family
    }

    fn signal(&self, signal: Signal) {
        for &pid in &self.pids {
            if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
                // One that has ended needs no signal.
                let _ = kill_process(pid, signal);
            }
        }
    }
}
