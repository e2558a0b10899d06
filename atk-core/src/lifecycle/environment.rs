//! The environment of a lifecycle command.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// The variable by which an ATK that a lifecycle command starts knows which operation it is in.
pub(crate) const NESTED: &str = "ATK_NESTED";

/// Variables that tie git to one repository. A command that runs git means the repository that
/// it is in, not the one whose hook, say, started us.
const REPOSITORY: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// The environment that a command of a plugin gets: that of the process, less what ties git to a
/// repository, and the values of the plugin's `.env` over it.
pub(crate) fn environment<'v>(
    process: &BTreeMap<OsString, OsString>,
    values: impl IntoIterator<Item = (&'v str, &'v str)>,
) -> BTreeMap<OsString, OsString> {
    let mut env = process.clone();
    env.retain(|name, _| !REPOSITORY.iter().any(|tied| name == tied));
    env.extend(
        values
            .into_iter()
            .map(|(name, value)| (name.into(), value.into())),
    );
    env
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugins_values_win_and_no_repository_is_passed_on() {
        let process = [
            ("PATH", "/bin"),
            ("TOKEN", "old"),
            ("GIT_DIR", "/x"),
            ("GIT_INDEX_FILE", "/y"),
            ("GIT_SSH", "s"),
        ];
        let process = process
            .map(|(name, value)| (name.into(), value.into()))
            .into();
        let env = environment(&process, [("TOKEN", "new"), ("A", "")]);
        let shown: Vec<_> = env
            .iter()
            .map(|(name, value)| format!("{}={}", name.display(), value.display()))
            .collect();
        assert_eq!(shown, ["A=", "GIT_SSH=s", "PATH=/bin", "TOKEN=new"]);
    }
}
