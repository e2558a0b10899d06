//! Waiting until something in a set of directories changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{ErrorKind as WatchError, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::error::{Error, Result};
use crate::host::CancelToken;

/// How often a cancel is looked for.
const PAUSE: Duration = Duration::from_millis(100);
/// How long nothing must change until a burst of changes counts as over.
const QUIET: Duration = Duration::from_millis(50);
/// The longest that a burst of changes is waited for.
const BURST: Duration = Duration::from_millis(400);
/// How often the directories are looked at without being told, if the system cannot watch them all.
const POLL: Duration = Duration::from_millis(800);

/// A set of directories that are watched, without those below them.
pub(crate) struct FileWatch {
    watcher: RecommendedWatcher,
    changes: Receiver<()>,
    /// Each with what tells it apart from another of its name: device and inode.
    watched: BTreeMap<PathBuf, (u64, u64)>,
    /// True if the system refused to watch some directory.
    is_partial: bool,
}

impl FileWatch {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the system has no watchers left.
    pub(crate) fn new() -> Result<FileWatch> {
        let (sender, changes) = channel();
        let watcher = notify::recommended_watcher(move |event| tell(&sender, &event));
        Ok(FileWatch {
            watcher: watcher.map_err(|error| refused(Path::new("/"), error))?,
            changes,
            watched: BTreeMap::new(),
            is_partial: false,
        })
    }

    /// Watches exactly these directories; those that do not exist are left out. Returns true if one
    /// of them was not watched before.
    pub(crate) fn set(&mut self, directories: &BTreeSet<PathBuf>) -> bool {
        let before = std::mem::take(&mut self.watched);
        self.is_partial = false;
        let mut has_new = false;
        let mut kept = BTreeMap::new();
        for (path, id) in before {
            // One that was deleted, or replaced by another, is no longer watched.
            if directories.contains(&path) && id_of(&path) == Some(id) {
                kept.insert(path, id);
            } else {
                let _ = self.watcher.unwatch(&path);
            }
        }
        for path in directories {
            if let Some(id) = id_of(path)
                && !kept.contains_key(path)
            {
                match self.watcher.watch(path, RecursiveMode::NonRecursive) {
                    Ok(()) => {
                        kept.insert(path.clone(), id);
                        has_new = true;
                    }
                    Err(error) if matches!(error.kind, WatchError::PathNotFound) => {}
                    Err(_) => self.is_partial = true,
                }
            }
        }
        self.watched = kept;
        has_new
    }

    /// Waits for a change, and until a burst of changes is over.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
    pub(crate) fn wait(&self, cancel: &CancelToken) -> Result<()> {
        let begun = Instant::now();
        loop {
            cancel.check()?;
            match self.changes.recv_timeout(PAUSE) {
                Ok(()) => break,
                Err(RecvTimeoutError::Timeout) if self.is_partial && begun.elapsed() >= POLL => {
                    return Ok(());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(PAUSE),
            }
        }
        let first = Instant::now();
        while self.changes.recv_timeout(QUIET).is_ok() && first.elapsed() < BURST {}
        while self.changes.try_recv().is_ok() {}
        Ok(())
    }
}

/// Passes on what may have changed something: files that are only read are looked at too.
fn tell(sender: &Sender<()>, event: &notify::Result<notify::Event>) {
    let is_change = match event {
        Ok(event) => !matches!(
            event.kind,
            EventKind::Access(
                AccessKind::Read
                    | AccessKind::Any
                    | AccessKind::Other
                    | AccessKind::Open(_)
                    | AccessKind::Close(
                        AccessMode::Any
                            | AccessMode::Execute
                            | AccessMode::Read
                            | AccessMode::Other
                    )
            )
        ),
        // Events were lost: better one look too many.
        Err(_) => true,
    };
    if is_change {
        // The receiver goes first when the watch ends.
        let _ = sender.send(());
    }
}

fn id_of(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = path.metadata().ok()?;
    metadata.is_dir().then(|| (metadata.dev(), metadata.ino()))
}

fn refused(path: &Path, error: notify::Error) -> Error {
    Error::io("cannot watch", path, std::io::Error::other(error))
        .with_help("the system may have no watches left: see `fs.inotify.max_user_instances`")
}
