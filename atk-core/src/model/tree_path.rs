//! The path of a file within a plugin, checked so that it means the same on every disk.

use std::fmt;

use crate::model::folded::fold;
use crate::model::short_name::ShortName;

/// A path relative to a plugin's directory: UTF-8 names joined by `/`, none of which is a trap.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TreePath(String);

/// Bytes of a name, and of a whole path.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 4096;

impl TreePath {
    /// The path of an entry of the plugin's directory, or of a directory in it.
    ///
    /// # Errors
    /// Why the name, or the path that it makes, cannot be used.
    pub(crate) fn child(parent: Option<&TreePath>, name: &[u8]) -> Result<TreePath, &'static str> {
        let name = checked_name(name)?;
        let path = match parent {
            None => name.to_owned(),
            Some(parent) => format!("{}/{name}", parent.0),
        };
        if path.len() > LONGEST_PATH {
            return Err("is longer than 4,096 bytes");
        }
        Ok(TreePath(path))
    }

    /// The path as text, with `/`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The directories that the path lies in, outermost first.
    pub(crate) fn parents(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(at, _)| &self.0[..at])
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks that a name means the same on every disk.
///
/// # Errors
/// Says what is wrong.
pub(crate) fn checked_name(name: &[u8]) -> Result<&str, &'static str> {
    let name = std::str::from_utf8(name).map_err(|_| "is not UTF-8")?;
    if name.is_empty() || name == "." || name == ".." {
        return Err("has a part that is not a file name");
    }
    if name.len() > LONGEST_NAME {
        return Err("has a name longer than 255 bytes");
    }
    if name.contains('/') || name.contains('\\') {
        return Err("has a slash or backslash in a name");
    }
    if name.chars().any(char::is_control) {
        return Err("has control characters");
    }
    if is_dot_git(name) {
        return Err("is a spelling of `.git`");
    }
    if name.ends_with('.') || name.ends_with(' ') {
        return Err("ends in a dot or space, which Windows removes");
    }
    if name.contains(':') {
        return Err("has a colon, which starts a stream on Windows");
    }
    if is_device(name) {
        return Err("is the name of a device on Windows");
    }
    Ok(name)
}

/// True for `.git` in any spelling that a disk takes for it: ext4, APFS and HFS+ fold the case and
/// drop code points that are not shown; NTFS has short names and streams, and drops trailing dots
/// and blanks.
fn is_dot_git(name: &str) -> bool {
    let folded = fold(name);
    let stem = folded
        .split(':')
        .next()
        .unwrap_or(&folded)
        .trim_end_matches(['.', ' ']);
    stem == ".git" || ShortName::parse(stem).is_some_and(|short| short.may_mean(".git"))
}

fn is_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or(name)
        .trim_end()
        .to_ascii_uppercase();
    if matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) {
        return true;
    }
    let numbered = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    numbered.is_some_and(|number| {
        let mut digits = number.chars();
        matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_traps_on_some_disk_are_refused() {
        let long = "x".repeat(256);
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "a\nb",
            "a\u{7f}",
            ".git",
            ".GIT",
            ".git ",
            ".git.",
            ".git::$INDEX_ALLOCATION",
            "GIT~1",
            "GI~1",
            "git~2",
            "GI7EBA~1",
            ".gi\u{ad}t",
            ".git\u{fe0f}",
            ".G\u{200b}i\u{2060}T",
            "\u{180e}.git. ",
            ".g\u{200c}it",
            "\u{feff}.git",
            "a.",
            "a ",
            "a:b",
            "CON",
            "nul.txt",
            "com1",
            "LPT9.log",
            "aux .c",
            &long,
        ] {
            assert!(TreePath::child(None, name.as_bytes()).is_err(), "{name:?}");
        }
        assert!(TreePath::child(None, b"\xff").is_err());
        for name in [
            ".github", ".gitx", "git", "gift~1", "gitx~1", "console", "com", "com10", "é", ".env",
            "a b", "-x",
        ] {
            assert!(TreePath::child(None, name.as_bytes()).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn a_path_has_an_end() {
        let mut path = TreePath::child(None, &[b'x'; 255]).unwrap();
        for _ in 0..15 {
            path = TreePath::child(Some(&path), &[b'x'; 255]).unwrap();
        }
        assert!(TreePath::child(Some(&path), b"y").is_err());
    }
}
