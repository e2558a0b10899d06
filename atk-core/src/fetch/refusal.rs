//! The errors for files of a plugin that are not accepted.

use crate::error::{Error, ErrorKind};
use crate::model::limits::Limits;
use crate::model::tree_path::TreePath;
use crate::text::escape;

/// The refusal of a path, and why.
pub(super) fn refused(path: &TreePath, why: &str) -> Error {
    Error::new(
        ErrorKind::ContentRefused,
        format!("the plugin's `{}` {why}", escape(path.as_str())),
    )
    .with_path(path.as_str())
}

/// The refusal of the file that makes the plugin too large.
pub(super) fn too_much(path: &TreePath, limits: &Limits) -> Error {
    refused(
        path,
        &format!("makes the plugin larger than {} bytes", limits.plugin_bytes),
    )
}
