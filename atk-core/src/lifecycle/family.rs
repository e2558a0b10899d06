//! The processes that a command has started, as long as they are in our own process group.

use std::collections::BTreeMap;

use rustix::process::{Pid, Signal, getpgrp, kill_process};

/// A child and its descendants. A daemon that has left the process group is not one of them, nor
/// is one whose parents had all ended before it was first looked for.
pub(super) struct Family {
    child: i32,
    /// The members that were seen, each with when it started: process ids are used again.
    members: BTreeMap<i32, String>,
}

/// A process of the system's table.
#[derive(Debug, PartialEq, Eq)]
struct Process {
    id: i32,
    parent: i32,
    group: i32,
    started: String,
}

impl Family {
    pub(super) fn of(child: Pid) -> Self {
        Family {
            child: child.as_raw_nonzero().get(),
            members: BTreeMap::new(),
        }
    }

    /// Looks for members, and forgets those that have ended.
    pub(super) fn look(&mut self) {
        let group = getpgrp().as_raw_nonzero().get();
        let mut table = table();
        table.retain(|process| process.group == group);
        self.members
            .retain(|id, started| table.iter().any(|p| p.id == *id && p.started == *started));
        if let Some(child) = table.iter().find(|process| process.id == self.child) {
            self.members
                .entry(child.id)
                .or_insert(child.started.clone());
        }
        // A table has no order: until a round finds no more.
        loop {
            let known = self.members.len();
            for process in &table {
                if self.members.contains_key(&process.parent) {
                    self.members
                        .entry(process.id)
                        .or_insert(process.started.clone());
                }
            }
            if self.members.len() == known {
                break;
            }
        }
    }

    /// Signals all members.
    pub(super) fn signal(&mut self, signal: Signal) {
        self.look();
        for id in self.members.keys() {
            if let Some(pid) = Pid::from_raw(*id) {
                // It fails if the process has just ended.
                let _ = kill_process(pid, signal);
            }
        }
    }

    /// True if no member is alive.
    pub(super) fn is_gone(&mut self) -> bool {
        self.look();
        self.members.is_empty()
    }
}

/// All processes that have not ended.
#[cfg(target_os = "linux")]
fn table() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let line = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            of_stat(&line)
        })
        .collect()
}

/// `<pid> (<any text>) <state> <parent> <group> …`; the 22nd field is the time of the start.
#[cfg(any(target_os = "linux", test))]
fn of_stat(line: &str) -> Option<Process> {
    let (id, _) = line.split_once(' ')?;
    let (_, rest) = line.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let alive = !matches!(*fields.first()?, "Z" | "X");
    alive.then_some(())?;
    Some(Process {
        id: id.parse().ok()?,
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        started: (*fields.get(19)?).to_owned(),
    })
}

/// All processes that have not ended, by the `ps` of POSIX: other systems have no `/proc`.
#[cfg(any(not(target_os = "linux"), test))]
fn table_of_ps() -> Vec<Process> {
    let listed = super::shell::shell()
        .args([
            "-c",
            "LC_ALL=C exec ps -A -o pid= -o ppid= -o pgid= -o state= -o lstart=",
        ])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .output();
    let text = listed.map(|listed| listed.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(of_ps)
        .collect()
}

#[cfg(any(not(target_os = "linux"), test))]
fn of_ps(line: &str) -> Option<Process> {
    let mut fields = line.split_whitespace();
    let mut number = || fields.next()?.parse().ok();
    let (id, parent, group) = (number()?, number()?, number()?);
    let state = fields.next()?;
    let started = fields.collect::<Vec<_>>().join(" ");
    (!state.starts_with(['Z', 'X'])).then_some(Process {
        id,
        parent,
        group,
        started,
    })
}

#[cfg(not(target_os = "linux"))]
fn table() -> Vec<Process> {
    table_of_ps()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_know_this_process() {
        let own = i32::try_from(std::process::id()).unwrap();
        let group = getpgrp().as_raw_nonzero().get();
        for table in [table(), table_of_ps()] {
            let found = table.iter().find(|process| process.id == own).unwrap();
            assert_eq!(found.group, group);
        }
    }

    #[test]
    fn a_name_may_look_like_fields_and_ended_processes_do_not_count() {
        let stat = "7 (a) Z 1 2) S 5 6 6 0 -1 0 1 2 3 4 5 6 7 8 9 20 1 0 4711 99";
        let process = of_stat(stat).unwrap();
        assert_eq!((process.id, process.parent, process.group), (7, 5, 6));
        assert_eq!(process.started, "4711");
        assert_eq!(of_stat(&stat.replace(" S 5", " Z 5")), None);
        assert_eq!(of_stat(""), None);
        assert_eq!(of_ps("  7  5  6 Z+  Fri Nov 27 08:00:00 2026"), None);
        let process = of_ps("  7  5  6 Ss+  Fri Nov 27 08:00:00 2026").unwrap();
        assert_eq!(process.started, "Fri Nov 27 08:00:00 2026");
    }
}
