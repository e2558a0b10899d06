//! What the tests, the demo and the benchmarks of ATK stand on: a real git server, source
//! repositories made by real git, and sandboxes in which the real binary runs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a fixture that cannot do its work fails its test"
)]

pub mod conformance;
pub mod network;
mod noise;
pub mod packs;
pub mod patience;
pub mod repository;
pub mod sandbox;
pub mod server;
mod shared;
pub mod ssh;
