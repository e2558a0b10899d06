//! Pointers of Git LFS: files whose content lies on another server, which is not asked.

use crate::text::escape;

/// A pointer is smaller than this, by the rules of Git LFS.
const LARGEST: usize = 1024;
/// More pointers than this are counted, not named.
const NAMED: usize = 10;

/// True for the text of a pointer: a version, the id of the content, and its size.
pub(super) fn is_pointer(content: &[u8]) -> bool {
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

/// The pointers among a plugin's files.
#[derive(Debug, Default)]
pub(super) struct Pointers {
    paths: Vec<String>,
    more: usize,
}

impl Pointers {
    /// Looks at a file.
    pub(super) fn look(&mut self, path: &str, content: &[u8]) {
        match is_pointer(content) {
            true if self.paths.len() < NAMED => self.paths.push(path.to_owned()),
            true => self.more += 1,
            false => {}
        }
    }

    /// A warning for each.
    pub(super) fn warnings(self) -> impl Iterator<Item = String> {
        let named = self.paths.into_iter().map(|path| {
            format!(
                "`{}` is a Git LFS pointer, not the file itself: files in LFS are not fetched",
                escape(&path)
            )
        });
        let more =
            (self.more > 0).then(|| format!("{} more files are Git LFS pointers", self.more));
        named.chain(more)
    }
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

    #[test]
    fn many_pointers_are_counted() {
        let mut pointers = Pointers::default();
        for number in 0..15 {
            pointers.look(&format!("model-{number}"), POINTER.as_bytes());
        }
        pointers.look("other", b"x");
        let warnings: Vec<_> = pointers.warnings().collect();
        assert_eq!(warnings.len(), 11);
        assert!(warnings[0].starts_with("`model-0` is a Git LFS pointer"));
        assert_eq!(warnings[10], "5 more files are Git LFS pointers");
    }
}
