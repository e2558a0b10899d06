//! Which process a child of ours is, told to a later process of ours.

use std::fs;

use rustix::process::Pid;
use serde::{Deserialize, Serialize};

/// A process of this machine. A number alone may by now be another process's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProcessId {
    pid: u32,
    /// Which start of the machine it belongs to, if the system tells.
    boot: Option<String>,
    /// When it was started, in the system's own unit, if the system tells.
    start: Option<u64>,
}

impl ProcessId {
    /// The process of a child that has not been reaped.
    pub(super) fn of(pid: u32) -> Self {
        ProcessId {
            pid,
            boot: boot(),
            start: start(pid).map(|(start, _)| start),
        }
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// True while it runs. One that ended and was not reaped does not.
    pub(super) fn is_alive(&self) -> bool {
        if self.boot != boot() {
            return false;
        }
        if let Some(then) = self.start {
            return start(self.pid).is_some_and(|(now, runs)| runs && now == then);
        }
        i32::try_from(self.pid)
            .ok()
            .and_then(Pid::from_raw)
            .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
    }
}

fn boot() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim_end().to_owned())
}

/// When a process was started, and whether it runs.
fn start(pid: u32) -> Option<(u64, bool)> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // `<pid> (<any text>) <state> <parent> …`; the start is the 22nd field, the 20th from the state.
    let mut fields = line.rsplit(')').next()?.split_whitespace();
    let state = fields.next()?;
    let start = fields.nth(18)?.parse().ok()?;
    Some((start, !matches!(state, "Z" | "X")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_from_a_later_one_of_its_number() {
        let own = ProcessId::of(std::process::id());
        assert!(own.is_alive());
        let earlier = ProcessId {
            start: own.start.map(|start| start + 1),
            ..own.clone()
        };
        let other_boot = ProcessId {
            boot: Some("another".into()),
            ..own
        };
        assert!(!other_boot.is_alive());
        if earlier.start.is_some() {
            assert!(!earlier.is_alive());
        }
    }
}
