//! What earlier commits of the home have.

use std::path::Path;

use super::Repository;

/// How many commits are searched: a person waits for the answer, and each costs some 20 µs.
const SEARCHED: usize = 5_000;

impl Repository {
    /// Returns the newest commit that has one of these paths, as an abbreviated id; `HEAD` if it
    /// is that one. None also if the history cannot be read: it serves a hint only.
    pub(crate) fn last_commit_with(&self, paths: &[&Path]) -> Option<String> {
        let repository = self.open_in_process().ok()?;
        let mut walk = repository.revwalk().ok()?;
        walk.set_sorting(git2::Sort::TIME).ok()?;
        walk.push_head().ok()?;
        for (number, id) in walk.take(SEARCHED).enumerate() {
            let commit = repository.find_commit(id.ok()?).ok()?;
            let tree = commit.tree().ok()?;
            if !paths.iter().any(|path| tree.get_path(path).is_ok()) {
                continue;
            }
            return match number {
                0 => Some("HEAD".to_owned()),
                _ => {
                    let short = commit.as_object().short_id().ok()?;
                    short.as_str().ok().map(str::to_owned)
                }
            };
        }
        None
    }
}
