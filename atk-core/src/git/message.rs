//! What git, ssh and servers say, turned into errors and made fit to be shown.

use crate::error::{Error, ErrorKind};
use crate::model::git_url::{GitUrl, redact};
use crate::text::escape_lines;

/// How much of what was said an error keeps: the end.
const MAX_SHOWN: usize = 2000;

/// Makes what was said fit to be shown: no control characters, no credentials, not too long.
pub(crate) fn shown(said: &str) -> String {
    let said = redact(said.trim());
    let cut = said.len().saturating_sub(MAX_SHOWN);
    let cut = (cut..=said.len()).find(|&at| said.is_char_boundary(at));
    let end = said.get(cut.unwrap_or(0)..).unwrap_or_default();
    escape_lines(&end.replace('\r', "\n"))
}

/// The error that what was said stands for.
pub(crate) fn error(url: &GitUrl, said: &str) -> Error {
    let kind = classify(said);
    let name = url.to_string();
    let error = |what: &str| Error::new(kind, what.replace("{}", &format!("`{name}`")));
    let error = match kind {
        ErrorKind::AccessDenied => error("access to {} was denied: it wants credentials, or other ones")
            .with_help("set up a git credential helper or an ssh key for this host, and check that the repository exists"),
        ErrorKind::RepositoryNotFound => error("there is no git repository at {}"),
        ErrorKind::TimedOut => error("{} did not answer in time"),
        ErrorKind::NetworkFailed => error("{} cannot be reached, or the connection broke"),
        _ => error("git failed on {}"),
    };
    error.with_url(name).with_output(shown(said))
}

/// Names the URL in an error of the work on it, unless it says so itself.
pub(crate) fn about(url: &GitUrl, error: Error) -> Error {
    let name = url.to_string();
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::GitFailed if error.details().url.is_none() => {
            let message = format!("`{name}`: {error}");
            error.with_message(message).with_url(name)
        }
        _ => error,
    }
}

/// Phrases in lower case, and what they mean. The first that is found decides, so what is specific
/// stands before what accompanies it.
const PHRASES: &[(ErrorKind, &[&str])] = &[
    (
        ErrorKind::AccessDenied,
        &[
            "could not read username",
            "could not read password",
            "authentication failed",
            "terminal prompts disabled",
            "permission denied (",
            "permission denied, please try again",
            "too many authentication failures",
            "host key verification failed",
            "invalid credentials",
            "access denied",
            "returned error: 401",
            "returned error: 403",
            "http 401",
            "http 403",
            "dubious ownership",
        ],
    ),
    (
        ErrorKind::RepositoryNotFound,
        &[
            "does not appear to be a git repository",
            "not a git repository",
            "repository not found",
            "returned error: 404",
            "returned error: 410",
            "http 404",
            "' not found",
            "project you were looking for could not be found",
        ],
    ),
    (
        ErrorKind::TimedOut,
        &["timed out", "timeout was reached", "operation too slow"],
    ),
    (
        ErrorKind::NetworkFailed,
        &[
            "could not resolve",
            "couldn't resolve",
            "name or service not known",
            "nodename nor servname",
            "temporary failure in name resolution",
            "failed to connect",
            "couldn't connect",
            "connection refused",
            "connection reset",
            "connection closed",
            "connection was reset",
            "network is unreachable",
            "no route to host",
            "ssl",
            "tls",
            "certificate",
            "empty reply",
            "recv failure",
            "broken pipe",
            "proxy",
            "early eof",
            "unexpected disconnect",
            "hung up unexpectedly",
            "rpc failed",
            "transfer closed",
            "returned error: 5",
            "unable to access",
        ],
    ),
];

fn classify(said: &str) -> ErrorKind {
    let said = said.to_lowercase();
    PHRASES
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| said.contains(phrase)))
        .map_or(ErrorKind::GitFailed, |(kind, _)| *kind)
}

/// Why a server refuses a request, as far as there is another way to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It does not serve an object by its id, or does not have it.
    Want,
    /// It does not leave out objects in this way.
    Filter,
    Other,
}

/// Reads a refusal. The protocol has nothing but words for it.
pub(crate) fn refusal(said: &str) -> Refusal {
    let said = said.to_lowercase();
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| said.contains(phrase));
    if has(&["filter"]) {
        Refusal::Filter
    } else if has(&[
        "not our ref",
        "unadvertised object",
        "not valid",
        "cannot find",
        "unknown object",
        "want",
        "missing",
    ]) {
        Refusal::Want
    } else {
        Refusal::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_has_a_kind() {
        for (said, kind) in [
            (
                "fatal: could not read Username for 'https://x': terminal prompts disabled",
                ErrorKind::AccessDenied,
            ),
            (
                "fatal: unable to access 'http://x/': The requested URL returned error: 403",
                ErrorKind::AccessDenied,
            ),
            (
                "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.",
                ErrorKind::AccessDenied,
            ),
            (
                "fatal: repository 'http://x/' not found",
                ErrorKind::RepositoryNotFound,
            ),
            (
                "ERROR: Repository not found.\nfatal: Could not read from remote repository.",
                ErrorKind::RepositoryNotFound,
            ),
            (
                "fatal: '/x' does not appear to be a git repository",
                ErrorKind::RepositoryNotFound,
            ),
            (
                "fatal: unable to access 'https://x/': Could not resolve host: x",
                ErrorKind::NetworkFailed,
            ),
            (
                "fatal: unable to access 'https://x/': server certificate verification failed",
                ErrorKind::NetworkFailed,
            ),
            (
                "ssh: connect to host x port 22: Connection timed out",
                ErrorKind::TimedOut,
            ),
            ("fatal: bad object", ErrorKind::GitFailed),
        ] {
            assert_eq!(classify(said), kind, "{said}");
        }
    }

    #[test]
    fn secrets_and_terminal_escapes_are_not_shown() {
        let url = GitUrl::parse("https://x/y").unwrap();
        let said = format!(
            "{}\nfatal: \x1b]0;x\x07 Authentication failed for 'https://me:pw@x/y'\r\n",
            "é".repeat(3000)
        );
        let error = error(&url, &said);
        let output = error.details().output.clone().unwrap();
        assert!(output.len() < MAX_SHOWN + 100);
        assert!(output.ends_with("Authentication failed for 'https://***@x/y'"));
        assert!(
            !output.contains('\x1b') && !output.contains("pw"),
            "{output}"
        );
        assert_eq!(error.details().url.as_deref(), Some("https://x/y"));
    }

    #[test]
    fn refusals_that_have_another_way_are_told_apart() {
        for (said, refusal_) in [
            ("upload-pack: not our ref 1111", Refusal::Want),
            ("want 1111 not valid", Refusal::Want),
            (
                "Server does not allow request for unadvertised object 11",
                Refusal::Want,
            ),
            ("filter 'combine' not supported", Refusal::Filter),
            ("tree filter allows max depth 0, but got 2", Refusal::Filter),
            ("internal error", Refusal::Other),
        ] {
            assert_eq!(refusal(said), refusal_, "{said}");
        }
    }
}
