//! Files that look as if they held secrets, by their names and by their text.

use super::findings::Findings;
use crate::model::{owned, secret_text};
use crate::rule::Rule;
use crate::text::escape;

/// Looks for secrets in a file. The value itself is never in a message.
pub(super) fn check(path: &str, content: &[u8], findings: &mut Findings<'_>) {
    if owned::is_secret(path.as_bytes()) {
        let message = format!(
            "`{}` has the name of a file with secrets: ATK never commits it to a home",
            escape(path)
        );
        findings.of_file(Rule::SecretFile, path, message);
    }
    for found in secret_text::find(content) {
        let message = format!("this looks like {}", found.what);
        findings.at(
            Rule::SecretCommitted,
            path,
            (found.line, found.column),
            message,
        );
    }
}
