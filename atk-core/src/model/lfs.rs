//! Pointers of Git LFS: what stands in a repository in place of a file.

/// A pointer is smaller than this, by the rules of Git LFS.
const LARGEST: usize = 1024;

/// The reason why a file that ATK reads cannot be used.
pub(crate) const UNUSABLE: &str = "it is a Git LFS pointer, not the file itself: ATK reads it from git, so keep it out of LFS with `git lfs untrack`";

/// True for the text of a pointer: a version, the id of the content, and its size.
pub(crate) fn is_pointer(content: &[u8]) -> bool {
    if content.len() >= LARGEST {
        return false;
    }
    let Ok(text) = std::str::from_utf8(content) else {
        return false;
    };
    let mut lines = text.lines();
    let version = lines.next().and_then(|line| line.strip_prefix("version "));
    let known = [
        "https://git-lfs.github.com/spec/",
        "https://hawser.github.com/spec/",
        "http://git-media.io/v/",
    ];
    let is_lfs = version.is_some_and(|url| known.iter().any(|known| url.starts_with(known)));
    let has = |key: &str| lines.clone().any(|line| line.starts_with(key));
    is_lfs && has("oid sha256:") && has("size ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    #[test]
    fn pointers_are_told_from_files_about_them() {
        let legacy = POINTER.replace("git-lfs.github.com", "hawser.github.com");
        let extended = POINTER.replace("oid", "ext-0-foo sha256:00\noid");
        let windows = POINTER.replace('\n', "\r\n");
        for pointer in [POINTER, &legacy, &extended, &windows, POINTER.trim_end()] {
            assert!(is_pointer(pointer.as_bytes()), "{pointer}");
        }
        let quoted = format!("A pointer is:\n{POINTER}");
        let long = format!("{POINTER}{}", "x".repeat(LARGEST));
        let cut = POINTER.replace("size", "sise");
        for file in ["", "version 1\n", &quoted, &long, &cut] {
            assert!(!is_pointer(file.as_bytes()), "{file}");
        }
        assert!(!is_pointer(&[0xFF; 100]));
    }
}
