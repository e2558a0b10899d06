//! Whole transactions, and what becomes of them when they are interrupted.
#![expect(
    clippy::disallowed_methods,
    reason = "tests that kill a process start it, and tell it its job in its environment"
)]

mod basics;
mod create;
mod elsewhere;
mod fixture;
mod kill;
mod limits;
mod links;
mod lock;
mod rollback;
mod script;
mod worktree;
