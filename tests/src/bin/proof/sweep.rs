//! Interferes with an operation at one point after the other.

use nix::errno::Errno;

use crate::check::{self, Expected};
use crate::run::Tally;
use crate::sample::Sample;
use crate::subject::Subject;
use crate::trace::{Interference, Plan, Traced};

impl Subject<'_> {
    pub(crate) fn sweep(&self, what: Interference, sample: &Sample) -> Tally {
        let mut tally = Tally {
            known: self.calls.len(),
            ..Tally::default()
        };
        for at in sample.of(&self.calls) {
            let interrupt = || {
                self.base.restore(&self.sandbox);
                self.trace(Some(Plan { at, what }), &mut || {})
            };
            let traced = interrupt();
            // An operation on several threads makes a few calls more or less each time.
            let Some(hit) = &traced.hit else { break };
            tally.tried += 1;
            let mut faults = self.unclear(&traced, what);
            // A signal of anyone interrupts a lock: it is asked for again.
            if what == Interference::Fail(Errno::EINTR)
                && hit.starts_with("flock ")
                && !self.scenario.again.contains(&traced.code)
            {
                faults.push(format!(
                    "an interrupted lock is an error: {}",
                    traced.stderr.trim()
                ));
            }
            faults.extend(self.follow_ups(&|| drop(interrupt())));
            if !faults.is_empty() {
                tally
                    .lost
                    .push(format!("{at} {hit}: {}", faults.join("; ")));
            }
        }
        tally
    }

    /// What is wrong with the answer of an operation that met an error.
    fn unclear(&self, traced: &Traced, what: Interference) -> Vec<String> {
        let mut faults = Vec::new();
        if traced.hung {
            faults.push("it hangs".to_owned());
        }
        let fails = matches!(what, Interference::Fail(_) | Interference::FailOn(_));
        if fails || what == Interference::Short {
            let said = traced.stderr.trim();
            if said.contains("panicked") || traced.code > 128 {
                faults.push(format!("it panics or crashes: {} {said}", traced.code));
            }
            if traced.code != 0 && said.is_empty() {
                faults.push("it fails without a word".to_owned());
            }
            if what == Interference::Short && traced.code != 0 && self.scenario.again != [6] {
                faults.push(format!("a short write is an error: {} {said}", traced.code));
            }
            if !self.scenario.is_several() && !self.scenario.makes_home() {
                let now = Expected::of(&self.sandbox, self.scenario);
                faults.extend(now.faults_after_an_end(
                    &self.before,
                    &self.after,
                    traced.code == 0,
                    check::is_unfinished(&self.sandbox),
                ));
            }
        }
        faults
    }

    /// Kills the operation at some calls, and then the next command, which recovers, at some calls.
    pub(crate) fn sweep_recovery(&self, sample: &Sample) -> Tally {
        let mut tally = Tally::default();
        let what = Interference::KillAll;
        for at in sample.some_of(self.calls.len(), 6) {
            let kill = || {
                self.base.restore(&self.sandbox);
                self.trace(Some(Plan { at, what }), &mut || {}).hit
            };
            let recovery = self.command(&["list"]);
            let Some(first) = kill() else { break };
            let calls = self.trace_command(&recovery, None, &mut || {}).calls;
            tally.known += calls.len();
            for again in sample.of(&calls) {
                let kill_both = || {
                    let _ = kill();
                    let plan = Plan { at: again, what };
                    self.trace_command(&recovery, Some(plan), &mut || {}).hit
                };
                let Some(hit) = kill_both() else { break };
                tally.tried += 1;
                let faults = self.follow_ups(&|| drop(kill_both()));
                if !faults.is_empty() {
                    tally.lost.push(format!(
                        "{at} {first}, then {again} {hit}: {}",
                        faults.join("; ")
                    ));
                }
            }
        }
        tally
    }
}
