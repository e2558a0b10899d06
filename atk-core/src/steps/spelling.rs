//! A path as the disk spells it.
//!
//! `é` is one character or two: macOS types and stores the one where other systems have the other,
//! and to Linux they are different names. A person cannot see which of them was typed.

use std::path::{Component, Path, PathBuf};

use crate::text::same;

/// Returns the existing path that this one means, if each part of it that does not exist has one
/// name beside it which differs in Unicode normalisation only.
pub(crate) fn spelled(path: &Path) -> Option<PathBuf> {
    let mut found = PathBuf::new();
    for part in path.components() {
        let exact = found.join(part);
        found = match (exact.symlink_metadata().is_ok(), part) {
            (true, _) => exact,
            (false, Component::Normal(name)) => {
                let wanted = name.to_str()?;
                let entries = found.read_dir().ok()?;
                let mut names =
                    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
                let name = names.find(|name| same(name, wanted))?;
                found.join(name)
            }
            (false, _) => return None,
        };
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_was_typed_in_another_normalisation_is_found() {
        let temp = tempfile::tempdir().unwrap();
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
        for (there, typed) in [(composed, decomposed), (decomposed, composed)] {
            let base = temp.path().join(format!("{}", there.len()));
            std::fs::create_dir_all(base.join(there)).unwrap();
            std::fs::write(base.join(there).join("x"), "").unwrap();
            let found = spelled(&base.join(typed).join("x")).unwrap();
            assert!(found.exists());
            assert_eq!(spelled(&base.join(there)), Some(base.join(there)));
            assert_eq!(spelled(&base.join("cafe")), None);
            // Where both exist, the one that was typed is meant.
            std::fs::create_dir(base.join(typed)).unwrap();
            assert_eq!(spelled(&base.join(typed)), Some(base.join(typed)));
        }
    }
}
