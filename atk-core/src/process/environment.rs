//! The environment of git and of the programs that serve it: the caller's, without what would change
//! where git works.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// Variables by their names.
pub(crate) type Environment = BTreeMap<OsString, OsString>;

/// Variables of git's own that pass: credentials, ssh, proxies, TLS, configuration.
///
/// Everything else that starts with `GIT_` is left out. `GIT_DIR`, `GIT_INDEX_FILE` and their like
/// would send our work into another repository, `GIT_TRACE` would mix its lines with git's
/// messages, and none of them is about how a server is reached or which configuration is the
/// user's.
const PASSES: &[&str] = &[
    "GIT_ALLOW_PROTOCOL",
    "GIT_ASKPASS",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_SYSTEM",
    "GIT_EXEC_PATH",
    "GIT_HTTP_LOW_SPEED_LIMIT",
    "GIT_HTTP_LOW_SPEED_TIME",
    "GIT_HTTP_PROXY_AUTHMETHOD",
    "GIT_HTTP_USER_AGENT",
    "GIT_PROXY_COMMAND",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
];

/// Whole families that pass.
const PASSING_PREFIXES: &[&str] = &["GIT_PROXY_SSL_", "GIT_SSL_"];

/// Families that pass if a number follows.
const NUMBERED: &[&str] = &["GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"];

/// Returns the environment of a process that speaks git's protocols with a server.
///
/// Unless a person sits at a terminal (`interactive`), nothing asks there.
pub(crate) fn for_fetching(caller: &Environment, interactive: bool) -> Environment {
    let mut env = passing(caller);
    let mut set = |name: &str, value: &str| env.insert(name.into(), value.into());
    // What git prints is classified, so it must not be translated.
    set("LC_ALL", "C");
    set("LANGUAGE", "C");
    // A source that is itself a partial clone must not fetch on our behalf.
    set("GIT_NO_LAZY_FETCH", "1");
    set("GIT_OPTIONAL_LOCKS", "0");
    set("GIT_NO_REPLACE_OBJECTS", "1");
    if !interactive {
        set("GIT_TERMINAL_PROMPT", "0");
        set("GCM_INTERACTIVE", "never");
    }
    env
}

/// Returns the environment of a git process in the home's repository, without questions on the
/// terminal. Hooks inherit it, so the user's language stays.
pub(crate) fn for_home(caller: &Environment) -> Environment {
    let mut env = passing(caller);
    // What `git -c` sets. Commits that are made in this process do not see it, so those of the git
    // program must not either.
    env.remove(OsStr::new("GIT_CONFIG_PARAMETERS"));
    env.insert("GIT_TERMINAL_PROMPT".into(), "0".into());
    env
}

fn passing(caller: &Environment) -> Environment {
    let passing = caller.iter().filter(|(name, _)| passes(name));
    passing
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn passes(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return true;
    };
    let is_numbered = |prefix: &&str| {
        name.strip_prefix(*prefix)
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    !name.starts_with("GIT_")
        || PASSES.contains(&name)
        || PASSING_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
        || NUMBERED.iter().any(is_numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(env: &Environment) -> Vec<String> {
        env.iter()
            .map(|(name, value)| format!("{}={}", name.display(), value.display()))
            .collect()
    }

    fn caller() -> Environment {
        [
            "GIT_ALLOW_PROTOCOL",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            "GIT_ASKPASS",
            "GIT_AUTHOR_NAME",
            "GIT_CEILING_DIRECTORIES",
            "GIT_COMMITTER_DATE",
            "GIT_COMMON_DIR",
            "GIT_CONFIG",
            "GIT_CONFIG_KEY_0",
            "GIT_CONFIG_KEY_x",
            "GIT_CONFIG_PARAMETERS",
            "GIT_DIR",
            "GIT_ICASE_PATHSPECS",
            "GIT_INDEX_FILE",
            "GIT_LITERAL_PATHSPECS",
            "GIT_NAMESPACE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_PREFIX",
            "GIT_SSH_COMMAND",
            "GIT_SSL_NO_VERIFY",
            "GIT_TERMINAL_PROMPT",
            "GIT_TRACE",
            "GIT_TRACE_CURL",
            "GIT_WORK_TREE",
            "HOME",
            "PATH",
        ]
        .map(|name| (name.into(), "x".into()))
        .into()
    }

    #[test]
    fn only_what_is_about_reaching_a_server_passes_to_fetching() {
        assert_eq!(
            shown(&for_fetching(&caller(), false)),
            [
                "GCM_INTERACTIVE=never",
                "GIT_ALLOW_PROTOCOL=x",
                "GIT_ASKPASS=x",
                "GIT_CONFIG_KEY_0=x",
                "GIT_CONFIG_PARAMETERS=x",
                "GIT_NO_LAZY_FETCH=1",
                "GIT_NO_REPLACE_OBJECTS=1",
                "GIT_OPTIONAL_LOCKS=0",
                "GIT_SSH_COMMAND=x",
                "GIT_SSL_NO_VERIFY=x",
                "GIT_TERMINAL_PROMPT=0",
                "HOME=x",
                "LANGUAGE=C",
                "LC_ALL=C",
                "PATH=x",
            ]
        );
    }

    #[test]
    fn the_same_variables_but_those_of_git_c_pass_to_git_in_the_home() {
        assert_eq!(
            shown(&for_home(&caller())),
            [
                "GIT_ALLOW_PROTOCOL=x",
                "GIT_ASKPASS=x",
                "GIT_CONFIG_KEY_0=x",
                "GIT_SSH_COMMAND=x",
                "GIT_SSL_NO_VERIFY=x",
                "GIT_TERMINAL_PROMPT=0",
                "HOME=x",
                "PATH=x",
            ]
        );
    }
}
