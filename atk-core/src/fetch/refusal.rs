//! What is wrong with files of a plugin: they are refused, or left out.

use crate::error::{Error, ErrorKind};
use crate::model::limits::Limits;
use crate::model::tree_path::TreePath;
use crate::rule::{Rule, Severity};
use crate::text::escape;

/// A file that is refused, or left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TreeFinding {
    /// The rule that is broken. If it is of the severity `error`, the file is refused.
    pub(crate) rule: Rule,
    /// The path in the plugin.
    pub(crate) path: String,
    /// What is wrong, to follow the path in a sentence.
    pub(crate) why: String,
}

impl TreeFinding {
    pub(super) fn new(rule: Rule, path: &TreePath, why: impl Into<String>) -> Self {
        TreeFinding {
            rule,
            path: path.as_str().to_owned(),
            why: why.into(),
        }
    }

    /// True if a plugin with this file is refused.
    pub(super) fn is_refusal(&self) -> bool {
        self.rule.severity() == Severity::Error
    }

    /// The error of a plugin that is refused for this.
    pub(super) fn error(&self) -> Error {
        Error::new(
            ErrorKind::ContentRefused,
            format!("the plugin's `{}` {}", escape(&self.path), self.why),
        )
        .with_path(&self.path)
    }

    /// The warning about what is left out.
    pub(super) fn warning(&self) -> String {
        format!("`{}` was left out: {}", escape(&self.path), self.why)
    }
}

/// The refusal of a path, and why.
pub(super) fn refused(path: &TreePath, why: &str) -> Error {
    TreeFinding::new(Rule::TooLarge, path, why).error()
}

/// The refusal of the file that makes the plugin too large.
pub(super) fn too_much(path: &TreePath, limits: &Limits) -> Error {
    refused(
        path,
        &format!("makes the plugin larger than {} bytes", limits.plugin_bytes),
    )
}
