//! The environment of git and ssh: the caller's, less what would change where git works.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// Variables of git's own that pass: credentials, ssh, proxies, TLS, configuration.
///
/// Everything else that starts with `GIT_` is left out. `GIT_DIR`, `GIT_INDEX_FILE` and their like
/// would send our work into another repository, `GIT_TRACE` would mix its lines with git's
/// messages, and none of them is about how a server is reached.
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

/// The same for whole families.
const PASSING_PREFIXES: &[&str] = &[
    "GIT_CONFIG_KEY_",
    "GIT_CONFIG_VALUE_",
    "GIT_PROXY_SSL_",
    "GIT_SSL_",
];

/// The environment of a child process that speaks git's protocols.
///
/// Where nobody sits at a terminal (`interactive` is false) nothing asks there.
pub(crate) fn child_environment(
    env: &BTreeMap<OsString, OsString>,
    interactive: bool,
) -> BTreeMap<OsString, OsString> {
    let mut child: BTreeMap<OsString, OsString> = env
        .iter()
        .filter(|(name, _)| passes(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut set = |name: &str, value: &str| child.insert(name.into(), value.into());
    // What git says is classified, so it must not be translated.
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
    child
}

fn passes(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return true;
    };
    !name.starts_with("GIT_")
        || PASSES.contains(&name)
        || PASSING_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_about_reaching_a_server_passes() {
        let env = [
            "PATH",
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_TRACE_CURL",
            "GIT_ASKPASS",
            "GIT_CONFIG_KEY_0",
            "GIT_SSL_NO_VERIFY",
            "GIT_TERMINAL_PROMPT",
        ]
        .map(|name| (OsString::from(name), OsString::from("x")));
        let child = child_environment(&BTreeMap::from(env), false);
        let shown: Vec<_> = child
            .iter()
            .map(|(name, value)| format!("{}={}", name.display(), value.display()))
            .collect();
        assert_eq!(
            shown,
            [
                "GCM_INTERACTIVE=never",
                "GIT_ASKPASS=x",
                "GIT_CONFIG_KEY_0=x",
                "GIT_NO_LAZY_FETCH=1",
                "GIT_NO_REPLACE_OBJECTS=1",
                "GIT_OPTIONAL_LOCKS=0",
                "GIT_SSL_NO_VERIFY=x",
                "GIT_TERMINAL_PROMPT=0",
                "LANGUAGE=C",
                "LC_ALL=C",
                "PATH=x",
            ]
        );
    }
}
