//! The commit at HEAD, and the ref that a new commit moves.

use git2::Oid;

use super::Repository;
use super::failure::failed as git_failed;
use super::served::InProcessResult;
use crate::error::Result;

/// How many symbolic refs may follow each other, as in git.
const DEPTH: usize = 5;

/// The ref that a commit moves: a branch, or `HEAD` itself if that is detached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: String,
    /// None for a branch without a commit.
    pub(super) old: Option<Oid>,
}

impl Head {
    /// Follows HEAD to the ref that a commit moves.
    pub(super) fn read(
        home: &Repository,
        repository: &git2::Repository,
    ) -> Result<InProcessResult<Head>> {
        let failed = |error| git_failed("cannot read HEAD of", &home.root, &error);
        let mut name = "HEAD".to_owned();
        for _ in 0..=DEPTH {
            let reference = match repository.find_reference(&name) {
                Ok(reference) => reference,
                Err(error) if error.code() == git2::ErrorCode::NotFound && name != "HEAD" => {
                    return Ok(checked(home, Head { name, old: None }));
                }
                Err(error) => return Err(failed(error)),
            };
            if let Some(id) = reference.target() {
                let old = Some(id);
                return Ok(checked(home, Head { name, old }));
            }
            let target = reference.symbolic_target_bytes().unwrap_or_default();
            match std::str::from_utf8(target) {
                Ok(target) => name = target.to_owned(),
                Err(_) => {
                    return Ok(InProcessResult::NeedsProgram(
                        "the name of its branch is not UTF-8".into(),
                    ));
                }
            }
        }
        Ok(InProcessResult::NeedsProgram(
            "its HEAD leads through too many symbolic refs".into(),
        ))
    }
}

fn checked(home: &Repository, head: Head) -> InProcessResult<Head> {
    let path = home.ref_path(&head.name);
    if !is_ref_name(&head.name) || path.is_symlink() {
        return InProcessResult::NeedsProgram("its branch has an unusual form".into());
    }
    InProcessResult::Done(head)
}

/// True for a name under which a ref may be written.
pub(super) fn is_ref_name(name: &str) -> bool {
    name == "HEAD" || (name.starts_with("refs/") && git2::Reference::is_valid_name(name))
}

/// The commit at HEAD; none on a branch without one.
pub(super) fn head_commit(
    repository: &git2::Repository,
) -> Result<Option<git2::Commit<'_>>, git2::Error> {
    match repository.head() {
        Ok(head) => head.peel_to_commit().map(Some),
        Err(error) if error.code() == git2::ErrorCode::UnbornBranch => Ok(None),
        Err(error) => Err(error),
    }
}
