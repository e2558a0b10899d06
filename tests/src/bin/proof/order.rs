//! Power cuts on a disk that keeps no order: what was not synced is there or not, each by itself.
//!
//! `synced` looks at the trace alone, `order` makes the states and lets ATK recover from them.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::disk::{Author, Disk, Missing};
use crate::luck::Luck;
use crate::random::Random;
use crate::run::Tally;
use crate::sample::Sample;
use crate::state;
use crate::subject::{FOLLOW_UPS, Subject};
use crate::watcher::{Move, Watcher};

/// How many states are made at a point: nothing survives, all names do, and some by chance.
const STATES: usize = 5;

impl Subject<'_> {
    /// Makes states of the disk at some points, and lets ATK recover from each.
    pub(crate) fn sweep_order(&self, sample: &Sample, seed: u64) -> Tally {
        let count = if sample.is_few() { 3 } else { STATES };
        let mut points: BTreeSet<usize> = sample.of(&self.calls).into_iter().collect();
        let random = Random::new(seed ^ hash(self.scenario.name));
        let end = self.calls.len() + 1;
        points.insert(end);
        let mut states = Vec::new();
        let mut make = |point: usize, shown: &str, disk: &Disk| {
            if !points.contains(&point) {
                return;
            }
            for number in 0..count {
                let luck = match number {
                    0 => Luck::Nothing,
                    1 => Luck::Names,
                    _ => Luck::Random(&random),
                };
                states.push((point, number, shown.to_owned(), disk.after_a_cut(luck)));
            }
        };
        self.base.restore(&self.sandbox);
        let mut at_count = |number: usize, shown: &str, disk: &Disk| {
            // An operation on several threads makes a few calls more or less each time.
            if number < end {
                make(number, shown, disk);
            }
        };
        let mut at_move = |_: &Move, _: &Disk| {};
        let mut watcher = Watcher::new(&self.root(), &mut at_count, &mut at_move);
        let traced = self.watch(&mut watcher);
        let Watcher { disk, .. } = watcher;
        make(end, "the end", &disk);
        let mut tally = Tally {
            known: end * count,
            ..Tally::default()
        };
        let mut before = None;
        for (point, number, shown, items) in states {
            state::write(&self.sandbox, &items);
            let follow_up = FOLLOW_UPS[(point + number) % FOLLOW_UPS.len()];
            let mut faults = self.follow_up(follow_up);
            if point == end && traced.code == 0 && number == 0 {
                state::write(&self.sandbox, &items);
                faults.extend(self.lost_after_success());
            }
            tally.tried += 1;
            if !faults.is_empty() && before != Some(point) {
                before = Some(point);
                let faults = faults.join("; ");
                tally
                    .lost
                    .push(format!("{point} {shown} (state {number}): {faults}"));
            }
        }
        self.base.restore(&self.sandbox);
        tally
    }

    /// Checks that everything a commit point relies on is synced before it.
    pub(crate) fn check_synced(&self) -> Tally {
        let mut tally = Tally::default();
        let root = self.root();
        let root = root.canonicalize().expect("the sandbox");
        let mut at_move = |change: &Move, disk: &Disk| {
            let Some(point) = Point::of(change, &root) else {
                return;
            };
            tally.known += 1;
            tally.tried += 1;
            let relies = |(path, what): &(PathBuf, Missing)| {
                path.strip_prefix(&root)
                    .is_ok_and(|path| point.relies_on(path, *what))
            };
            // A branch that git moves is one more change of git's.
            let ordered = match (point, change.by) {
                (Point::Commits, Author::Git) => &[Author::Git, Author::Other][..],
                _ => &[Author::Other],
            };
            let mut missing: Vec<String> = disk
                .unsynced(ordered)
                .into_iter()
                .filter(relies)
                .map(|(path, what)| format!("{what:?} of `{}`", path.display()))
                .collect();
            missing.sort();
            missing.dedup();
            if !missing.is_empty() {
                tally.lost.push(format!(
                    "{point:?} {:?} {:?} before: {}",
                    change.from,
                    change.to,
                    missing.join("; ")
                ));
            }
        };
        self.base.restore(&self.sandbox);
        let mut at_count = |_: usize, _: &str, _: &Disk| {};
        let mut watcher = Watcher::new(&root, &mut at_count, &mut at_move);
        let _ = self.watch(&mut watcher);
        self.base.restore(&self.sandbox);
        tally
    }
}

/// What others rely on from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    /// A change of the home: the journal is to undo it.
    Changes,
    /// A branch gets its commit, with all that this says.
    Commits,
    /// The journal goes: nothing completes the operation any more.
    Ends,
}

impl Point {
    fn of(change: &Move, root: &Path) -> Option<Point> {
        let below = |path: &Option<PathBuf>| {
            let path = path.as_ref()?.strip_prefix(root).ok()?;
            Some(path.to_string_lossy().into_owned())
        };
        let (from, to) = (below(&change.from), below(&change.to));
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        if !is_of_home(&from) && !is_of_home(&to) {
            return None;
        }
        if from.ends_with("/atk/transaction") && to.contains("/atk/discarded/") {
            return Some(Point::Ends);
        }
        if to.contains(".git/") && to.contains("/refs/heads/") && !to.ends_with(".lock") {
            return Some(Point::Commits);
        }
        let in_tree = |path: &str| path.starts_with("home/") && !path.contains("/.git");
        (change.by == Author::Atk && (in_tree(&from) || in_tree(&to))).then_some(Point::Changes)
    }

    fn relies_on(self, path: &Path, what: Missing) -> bool {
        let path = path.to_string_lossy();
        let path = path.as_ref();
        if !is_of_home(path) {
            return false;
        }
        let journal =
            path.ends_with("/atk/transaction/journal") || path.ends_with("/atk/transaction");
        if self == Point::Changes {
            // A record that comes back is undone once more.
            return journal && what != Missing::End;
        }
        if path.contains(".git/") {
            return relies_on_in_git(self, path, what);
        }
        // The directory of a home that is being cloned has a name of its own.
        !path.contains("/.git") && path != "home"
    }
}

fn relies_on_in_git(point: Point, path: &str, what: Missing) -> bool {
    if let Some((_, scratch)) = path.split_once("/atk/") {
        let part = scratch.split('/').next().unwrap_or_default();
        return match part {
            "receipts" | "backups" => true,
            "transaction" => point == Point::Commits,
            // New files, staging, locks, what is to be deleted.
            _ => false,
        };
    }
    if path.ends_with(".lock") || path.contains("/logs/") || path.ends_with("/logs") {
        return false;
    }
    if path.contains("/atk-commit") {
        // A recovery that finds no complete index makes it anew; one that is there must be whole.
        return point == Point::Commits && path.ends_with("/ready") && what == Missing::Bytes;
    }
    let tail = path.rsplit('/').next().unwrap_or_default();
    match point {
        Point::Ends => path.contains("/refs/") || path.contains("/objects/") || tail == "index",
        Point::Commits | Point::Changes => path.contains("/objects/"),
    }
}

/// True if it lies in the home or in the repository that the home is a worktree of.
fn is_of_home(path: &str) -> bool {
    path.starts_with("home/") || path == "home" || path.starts_with("work/main-repository/")
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
