//! Pointers of Git LFS: files whose content lies on another server, which is not asked.

use crate::model::lfs::is_pointer;
use crate::text::escape;

/// More pointers than this are counted, not named.
const NAMED: usize = 10;

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
