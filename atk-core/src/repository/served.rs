//! The answer of a look that may need the git program.

/// What comes of looking at a repository that may need the git program.
pub(super) enum InProcessResult<T> {
    Done(T),
    /// libgit2 would do it otherwise than git, because of this ("the repository has …").
    NeedsProgram(String),
}
