//! Ignore files that libgit2 reads otherwise than git does.

use std::fs;
use std::path::Path;

/// True where an ignore file has a pattern whose last part is stars alone and that means
/// directories (`*/`): libgit2 takes it to mean files as well.
pub(super) fn is_misread(file: &Path) -> bool {
    fs::read(file).is_ok_and(|text| text.split(|byte| *byte == b'\n').any(is_misread_pattern))
}

fn is_misread_pattern(line: &[u8]) -> bool {
    let Some(pattern) = line.trim_ascii_end().strip_suffix(b"/") else {
        return false;
    };
    let last = pattern
        .rsplit(|byte| matches!(byte, b'/' | b'!'))
        .next()
        .unwrap_or_default();
    !last.is_empty() && last.iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_patterns_of_stars_and_a_slash_are_misread() {
        for line in ["*/", "/*/", "**/", "!*/", "a/*/", "*/ ", "*/\r"] {
            assert!(is_misread_pattern(line.as_bytes()), "{line}");
        }
        for line in [
            "",
            "*",
            "/",
            "a*/",
            "plugins/*/*",
            "!plugins/*/custom/",
            "# */x",
        ] {
            assert!(!is_misread_pattern(line.as_bytes()), "{line}");
        }
    }
}
