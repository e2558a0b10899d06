//! Proves on real processes that a crash anywhere loses nothing (Linux only).
//!
//! `proof [--every <n>] [--threads <n>] [--sample] [--seed <n>] [--mode <mode>]… [<word>…]`: for
//! each scenario whose name contains one of the words, runs the operation once and counts the
//! system calls of its process tree that change files. Then repeats it once per `<n>`-th call and
//! interferes just before that call:
//!
//! - `kill` kills the whole process tree with SIGKILL;
//! - `orphan` kills `atk` alone, so that a git or a hook it started goes on;
//! - `recovery` kills the operation at some calls, and then its recovery;
//! - `error:ENOSPC` lets this one call fail with that error; `full:ENOSPC` all calls from this one on;
//! - `short` lets each write from this one on write half;
//! - `power` is a power cut: what was not synced by then is lost (needs root and loop devices);
//! - `synced` checks in a trace that everything a commit point relies on was synced before it;
//! - `order` is a power cut on a disk that writes what was not synced in any order, or not at all;
//! - `contention` is something else: many processes in one home, some of them killed;
//! - `hostile` gives `atk` hostile input, `fuzz` its readers input that is made up.
//!
//! Without a mode, all of them. After each, three commands run, each on that state made anew: a
//! reading one, the same operation again (on a copy, as of a home restored from a backup), and
//! another change. What must hold then is in `check.rs`. The exit status is 1 if anything did not
//! hold; the table at the end says how many points there are and how many were tried.
//!
//! Sandboxes are made in `TMPDIR`; in memory (`TMPDIR=/dev/shm`) a sweep is ten times faster.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a proof that cannot be run must stop"
)]

#[cfg(target_os = "linux")]
mod beside;
#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod check;
#[cfg(target_os = "linux")]
mod class;
#[cfg(target_os = "linux")]
mod contention;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod homes;
#[cfg(target_os = "linux")]
mod luck;
#[cfg(target_os = "linux")]
mod order;
#[cfg(target_os = "linux")]
mod power;
#[cfg(target_os = "linux")]
mod random;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod sample;
#[cfg(target_os = "linux")]
mod scenario;
#[cfg(target_os = "linux")]
mod state;
#[cfg(target_os = "linux")]
mod subject;
#[cfg(target_os = "linux")]
mod sweep;
#[cfg(target_os = "linux")]
mod trace;
#[cfg(target_os = "linux")]
mod watcher;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    run::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> std::process::ExitCode {
    eprintln!("`proof` needs Linux: it traces system calls");
    std::process::ExitCode::FAILURE
}
