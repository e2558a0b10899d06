//! Which variables of the caller reach git.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// `GIT_*` variables that say who the user is towards servers, and which configuration is theirs.
/// Every other one says where a repository lies or how to treat it (`GIT_DIR`, `GIT_INDEX_FILE`),
/// which is for us to say.
const PASSED: &[&str] = &[
    "GIT_ASKPASS",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GIT_EXEC_PATH",
    "GIT_PROXY_COMMAND",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_CERT",
    "GIT_SSL_KEY",
    "GIT_SSL_NO_VERIFY",
];

/// The environment of a git process: the caller's, with those `GIT_*` variables that may pass,
/// and no questions on the terminal. Hooks inherit it.
pub(super) fn for_git(caller: &BTreeMap<OsString, OsString>) -> BTreeMap<OsString, OsString> {
    let mut env: BTreeMap<_, _> = caller
        .iter()
        .filter(|(name, _)| passes(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    env.insert("GIT_TERMINAL_PROMPT".into(), "0".into());
    env
}

fn passes(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return true;
    };
    let numbered = |prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    !name.starts_with("GIT_")
        || PASSED.contains(&name)
        || numbered("GIT_CONFIG_KEY_")
        || numbered("GIT_CONFIG_VALUE_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_name_a_repository_never_pass() {
        let caller = [
            "GIT_DIR",
            "GIT_INDEX_FILE",
            "GIT_WORK_TREE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_COMMON_DIR",
            "GIT_NAMESPACE",
            "GIT_PREFIX",
            "GIT_CONFIG",
            "GIT_CONFIG_PARAMETERS",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            "GIT_AUTHOR_NAME",
            "GIT_COMMITTER_DATE",
            "GIT_CEILING_DIRECTORIES",
            "GIT_TRACE",
            "GIT_LITERAL_PATHSPECS",
            "GIT_ICASE_PATHSPECS",
            "GIT_CONFIG_KEY_x",
            "PATH",
            "HOME",
            "GIT_SSH_COMMAND",
            "GIT_CONFIG_KEY_0",
        ];
        let caller = caller.map(|name| (name.into(), "x".into())).into();
        let names: Vec<_> = for_git(&caller)
            .into_keys()
            .map(|name| name.into_string().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "GIT_CONFIG_KEY_0",
                "GIT_SSH_COMMAND",
                "GIT_TERMINAL_PROMPT",
                "HOME",
                "PATH",
            ]
        );
    }
}
