//! Which of several prompts.

use serde::Deserialize;

/// Which of how many prompts of its kind.
#[derive(Debug, Clone, Copy, Deserialize, uniffi::Record)]
pub struct Position {
    /// Counted from 1.
    pub number: i32,
    /// How many there are.
    pub total: i32,
}
