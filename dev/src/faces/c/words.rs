//! What the files of the C library have in common.

use crate::api::Operation;
use crate::prose::commented;

/// True if the function of the operation has a parameter for options.
pub(super) fn takes_options(operation: &Operation) -> bool {
    !operation.options.is_empty() || !operation.answers.is_empty()
}

/// A documentation comment.
pub(super) fn documented(doc: &str) -> String {
    commented(doc, "/// ", 100)
}
