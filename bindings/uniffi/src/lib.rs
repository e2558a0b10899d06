//! ATK for Kotlin, Ruby and Swift: flat types over the core, from which uniffi writes the sources
//! of each language. Every operation is asynchronous, so that no runtime of a language is held
//! while it goes on; a language adds its own layer over what is generated.

#![expect(
    clippy::result_large_err,
    reason = "the languages take an error with all it says"
)]

mod cancel;
mod error;
mod home;
mod host;
mod nesting;
mod operation;
mod options;
mod records;
#[cfg(test)]
mod tests;

pub use cancel::CancelToken;
pub use error::{AtkError, Details, Failure, Problem};
pub use home::Home;
pub use host::{Event, Host, HostError, Level, OutputStream, Position, Prompt, PromptKind, Reply};
pub use nesting::CallScope;
pub use operation::wait_idle;
pub use options::{Answers, Options};
pub use records::*;

uniffi::setup_scaffolding!("atk");

/// The library's version.
#[uniffi::export]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
