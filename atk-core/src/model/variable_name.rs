//! What the name of a variable says.

/// Variables that a process has anyway.
const OF_THE_ENVIRONMENT: [&str; 27] = [
    "HOME",
    "PATH",
    "USER",
    "LOGNAME",
    "SHELL",
    "PWD",
    "OLDPWD",
    "TMPDIR",
    "TERM",
    "LANG",
    "TZ",
    "HOSTNAME",
    "UID",
    "EUID",
    "PPID",
    "RANDOM",
    "SECONDS",
    "IFS",
    "DISPLAY",
    "EDITOR",
    "PAGER",
    "MAIL",
    "SHLVL",
    "BASH",
    "BASH_SOURCE",
    "FUNCNAME",
    "LINENO",
];
const PREFIXES: [&str; 5] = ["ATK_", "XDG_", "LC_", "DOCKER_", "COMPOSE_"];

/// What a secret's name has at its end.
const SECRET_ENDS: [&str; 7] = [
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "API_KEY",
    "SECRET_KEY",
    "PRIVATE_KEY",
];

/// True if a process has the variable anyway.
pub(crate) fn is_of_environment(name: &str) -> bool {
    OF_THE_ENVIRONMENT.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// True if the value is a secret by its name.
pub(crate) fn is_secret(name: &str) -> bool {
    SECRET_ENDS.iter().any(|end| {
        let rest = name.strip_suffix(end);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    })
}
