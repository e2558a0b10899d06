//! What became of each plugin, if an operation is on several.

use serde::Deserialize;

/// What became of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum LineResult {
    /// The operation succeeded.
    Done,
    /// There was nothing to do.
    Skipped,
    /// The operation failed; this plugin is as it was before.
    Failed,
}
