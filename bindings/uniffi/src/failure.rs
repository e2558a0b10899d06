//! An error, as every language shows it.

use serde::Deserialize;

use crate::details::Details;

/// Why an operation failed.
#[derive(Debug, Clone, Deserialize, uniffi::Record)]
pub struct Failure {
    /// The stable id of its kind (`home_locked`).
    pub code: String,
    /// The stable number of its kind.
    pub number: i32,
    /// The exit status for a command line.
    pub exit_code: i32,
    /// What failed, for people: no program may depend on it.
    // Exceptions of Kotlin have a `message` of their own.
    #[serde(rename = "message")]
    pub text: String,
    /// What it is about.
    pub details: Details,
}
