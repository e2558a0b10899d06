//! ATK for Kotlin, Ruby and Swift: flat types over the core, from which uniffi writes the sources
//! of each language. Every operation is asynchronous, so that no runtime of a language is held
//! while it goes on; a language adds its own layer over what is generated.

#![expect(
    clippy::result_large_err,
    reason = "the languages take an error with all it says"
)]

mod cancel;
mod details;
mod error;
mod failure;
mod given;
#[allow(
    clippy::too_many_arguments,
    reason = "they have names and defaults in the languages"
)]
mod home;
mod host;
mod nesting;
mod operation;
mod options;
mod position;
mod records;
mod report;
mod settings;

pub use cancel::CancelToken;
pub use details::*;
pub use error::AtkError;
pub use failure::Failure;
pub use home::Home;
pub use host::{Host, HostError, Reply};
pub use nesting::CallScope;
pub use operation::wait_idle;
pub use options::Options;
pub use position::Position;
pub use records::*;
pub use report::LineResult;

uniffi::setup_scaffolding!("atk");

/// The library's version.
#[uniffi::export]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
