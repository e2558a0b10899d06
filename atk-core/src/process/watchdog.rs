//! Ends a child process if this process is killed before it could.

use std::io::Write;
use std::process::{Child, Command, Stdio as Io};

/// Reads the target, then waits until we write a line or are gone. If we are gone, it does to the
/// child what a cancel would have done. No `--` before the target, which may be a group (`-123`): dash
/// knows none.
const SCRIPT: &str = r#"read -r target && [ -n "$target" ] && { read -r done || {
    kill -TERM "$target"; kill -CONT "$target"; sleep 5; kill -KILL "$target"
}; }"#;

/// The target of the kill.
#[derive(Clone, Copy)]
pub(crate) enum WatchdogTarget {
    /// The whole process group that the child leads.
    Group,
    /// The child alone: its group is ours, and others are in it.
    Child,
}

/// A small process that outlives us by a moment. The kernel closes our end of its pipe however we
/// end (SIGKILL, a crash), which no signal handler could notice. Linux has a signal for the death
/// of a parent, but only the child itself can ask for it, between fork and exec, and it does not
/// reach the child's own children.
///
/// A kill between the start of the command and the line that names it is not noticed.
#[must_use = "dropping it ends the watch"]
pub(crate) struct Watchdog(Child);

impl Watchdog {
    /// Starts the process, before the command, which must not run unwatched. None if that needs
    /// more processes than there may be: the command runs without it then.
    pub(crate) fn begin() -> Option<Watchdog> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the script is ours and holds no text from outside"
        )]
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", SCRIPT])
            .current_dir("/")
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Io::piped())
            .stdout(Io::null())
            .stderr(Io::null());
        // Not in our group: what ends that must not end the watch.
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        shell.spawn().ok().map(Watchdog)
    }

    /// Names the child to end.
    pub(crate) fn over(&mut self, child: &Child, watched: WatchdogTarget) {
        let target = match watched {
            WatchdogTarget::Group => format!("-{}\n", child.id()),
            WatchdogTarget::Child => format!("{}\n", child.id()),
        };
        if let Some(pipe) = &mut self.0.stdin {
            // If the process is gone, the command runs unwatched, as if there had never been one.
            let _ = pipe.write_all(target.as_bytes());
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        let told = self.0.stdin.take().map(|mut pipe| pipe.write_all(b"\n"));
        if !matches!(told, Some(Ok(()))) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}
