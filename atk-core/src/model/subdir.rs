//! The directory of a repository in which a plugin is.

use std::fmt;

use serde::Serialize;

use super::tree_path::checked_name;
use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// The path of a directory in a repository: names with `/` between them, none of which is a trap.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Subdir(String);

/// Bytes of a path.
const LONGEST: usize = 4096;

impl Subdir {
    /// Reads a path. A slash at the end is left out.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`] for an absolute path, and for a path with an empty, `.` or `..`
    /// part or a name that some disk takes for another.
    pub fn parse(text: &str) -> Result<Self> {
        let path = text.strip_suffix('/').unwrap_or(text);
        let wrong = |why: &str| {
            Error::new(
                ErrorKind::SourceInvalid,
                format!("the directory `{}` after `//` {why}", escape(text)),
            )
        };
        if path.len() > LONGEST {
            return Err(wrong("is longer than 4,096 bytes"));
        }
        for name in path.split('/') {
            checked_name(name.as_bytes()).map_err(wrong)?;
        }
        Ok(Subdir(path.to_owned()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subdir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_plain_names_is_taken_and_everything_else_is_refused() {
        for path in ["x", "tools/x", "tools/x/", "a b", "ü"] {
            let subdir = Subdir::parse(path).unwrap();
            assert_eq!(subdir.as_str(), path.trim_end_matches('/'));
        }
        for path in [
            "", "/", "/x", "x//y", "x//", ".", "../x", "x/..", "x/./y", "x\\y", ".git", "x/.GIT",
            "x\ny", "con", "x.", "x:y",
        ] {
            let error = Subdir::parse(path).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::SourceInvalid, "{path:?}");
        }
    }
}
