//! Why a server cannot be used, read from what git, ssh and servers say.
//!
//! The protocols have nothing but words for most failures, so the words decide. All children run
//! with `LC_ALL=C`: git and curl are not translated.

use crate::error::ErrorKind;

/// Why a server cannot be used, as far as a person would do something else about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    HostKeyChanged,
    HostKeyUnknown,
    /// Ssh and the server share no algorithm: the server is old, or ssh is.
    NoAlgorithm,
    /// The directory of a local repository belongs to another user.
    Ownership,
    Credentials,
    /// A web page came in place of git's protocol.
    WebPage,
    NotFound,
    /// The server leads from one page to the next without an end.
    Circle,
    /// A bound on memory or disk of the git process was reached.
    TooMuch,
    Certificate,
    Proxy,
    Resolve,
    NoAnswer,
    Connect,
    TooManyRequests,
    /// The server knows what is asked for, and does not serve it.
    Refused,
    ServerError,
    Broken,
    Other,
}

/// Phrases in lower case, and what they mean. The first that is found decides, so what is specific
/// stands before what accompanies it.
const PHRASES: &[(Reason, &[&str])] = &[
    (
        Reason::HostKeyChanged,
        &[
            "remote host identification has changed",
            "has changed and you have requested strict checking",
            "does not match the one plink has cached",
        ],
    ),
    (
        Reason::HostKeyUnknown,
        &[
            "host key verification failed",
            "host key is not cached",
            "can't be established",
        ],
    ),
    (
        Reason::NoAlgorithm,
        &[
            "unable to negotiate",
            "no matching host key type",
            "no matching key exchange",
        ],
    ),
    (Reason::Ownership, &["dubious ownership"]),
    (
        Reason::Proxy,
        &[
            "could not resolve proxy",
            "couldn't resolve proxy",
            "from proxy after connect",
            "http code 407",
            "error: 407",
            "proxy connect aborted",
            "connect tunnel failed",
        ],
    ),
    (
        Reason::Credentials,
        &[
            "could not read username",
            "could not read password",
            "authentication failed",
            "terminal prompts disabled",
            "permission denied (",
            "permission denied, please try again",
            "too many authentication failures",
            "invalid credentials",
            "access denied",
            "returned error: 401",
            "returned error: 403",
            "http 401",
            "http 403",
        ],
    ),
    (
        Reason::WebPage,
        &[
            "<!doctype html",
            "<html",
            "not valid: is this a git repository",
            "invalid server response",
            "invalid content-type",
            "unable to update url base from redirection",
        ],
    ),
    (
        Reason::NotFound,
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
    (Reason::Circle, &["redirects followed"]),
    (
        Reason::TooMuch,
        &[
            "out of memory",
            "cannot allocate memory",
            "file too large",
            "pack exceeds maximum allowed size",
        ],
    ),
    (
        Reason::Certificate,
        &[
            "certificate",
            "self-signed",
            "self signed",
            "unable to get local issuer",
            "ssl_error_bad_cert",
            "peer verification failed",
        ],
    ),
    (
        Reason::Resolve,
        &[
            "could not resolve",
            "couldn't resolve",
            "name or service not known",
            "nodename nor servname",
            "no address associated with hostname",
            "temporary failure in name resolution",
        ],
    ),
    (
        Reason::NoAnswer,
        &["timed out", "timeout was reached", "operation too slow"],
    ),
    (
        Reason::Connect,
        &[
            "failed to connect",
            "couldn't connect",
            "could not connect",
            "connection refused",
            "network is unreachable",
            "no route to host",
            "network is down",
        ],
    ),
    (
        Reason::TooManyRequests,
        &["returned error: 429", "http 429"],
    ),
    (Reason::Refused, &["returned error: 4", "http 4"]),
    (
        Reason::ServerError,
        &["returned error: 5", "http 50", "internal server error"],
    ),
    (
        Reason::Broken,
        &[
            "connection reset",
            "connection closed",
            "connection was reset",
            "ssl",
            "tls",
            "empty reply",
            "recv failure",
            "broken pipe",
            "proxy",
            "early eof",
            "unexpected disconnect",
            "hung up unexpectedly",
            "rpc failed",
            "transfer closed",
            "unable to access",
        ],
    ),
];

impl Reason {
    /// Reads the reason.
    pub(super) fn of(said: &str) -> Self {
        let said = said.to_lowercase();
        let found = PHRASES
            .iter()
            .find(|(_, phrases)| phrases.iter().any(|phrase| said.contains(phrase)));
        found.map_or(Reason::Other, |(reason, _)| *reason)
    }

    /// The kind of the error.
    pub(super) fn kind(self) -> ErrorKind {
        match self {
            Reason::HostKeyChanged
            | Reason::HostKeyUnknown
            | Reason::NoAlgorithm
            | Reason::Ownership
            | Reason::Credentials => ErrorKind::AccessDenied,
            Reason::WebPage | Reason::NotFound | Reason::Circle => ErrorKind::RepositoryNotFound,
            Reason::NoAnswer => ErrorKind::TimedOut,
            Reason::Certificate
            | Reason::Proxy
            | Reason::Resolve
            | Reason::Connect
            | Reason::TooManyRequests
            | Reason::Refused
            | Reason::ServerError
            | Reason::Broken => ErrorKind::NetworkFailed,
            Reason::TooMuch | Reason::Other => ErrorKind::GitFailed,
        }
    }

    /// True if no server answered, or not to the end.
    pub(super) fn is_unreachable(self) -> bool {
        matches!(
            self,
            Reason::Resolve
                | Reason::NoAnswer
                | Reason::Connect
                | Reason::ServerError
                | Reason::Broken
        )
    }

    /// The message; `name` is the URL in backticks.
    pub(super) fn message(self, name: &str) -> String {
        match self {
            Reason::HostKeyChanged => {
                format!("cannot fetch from {name}: the ssh host key of its server has changed")
            }
            Reason::HostKeyUnknown => {
                format!("cannot fetch from {name}: ssh does not know the host key of its server")
            }
            Reason::NoAlgorithm => {
                format!("cannot fetch from {name}: ssh and its server have no algorithm in common")
            }
            Reason::Ownership => {
                format!("git refuses to read {name}: its directory belongs to another user")
            }
            Reason::Credentials => {
                format!("access to {name} was denied: credentials are missing or wrong")
            }
            Reason::WebPage => {
                format!("there is no git repository at {name}: the server answered with a web page")
            }
            Reason::NotFound => format!("there is no git repository at {name}"),
            Reason::Circle => {
                format!("there is no git repository at {name}: the server redirects endlessly")
            }
            Reason::TooMuch => format!(
                "git stopped fetching from {name}: the server sent more than the limits on memory and disk allow"
            ),
            Reason::Certificate => format!(
                "cannot fetch from {name}: the TLS certificate of its server is not trusted"
            ),
            Reason::Proxy => {
                format!("cannot reach {name}: the proxy refused or could not be reached")
            }
            Reason::Resolve => {
                format!("cannot reach {name}: its host name was not found, check your connection")
            }
            Reason::NoAnswer => format!("{name} did not answer in time, check your connection"),
            Reason::Connect => format!("cannot connect to {name}, check your connection"),
            Reason::TooManyRequests => {
                format!("the server of {name} wants fewer requests, and refused this one")
            }
            Reason::Refused => format!("the server of {name} refused the request"),
            Reason::ServerError => format!("the server of {name} reported an internal error"),
            Reason::Broken => format!("the connection to {name} broke, check your connection"),
            Reason::Other => format!("git failed on {name}"),
        }
    }

    /// What to do about it; `host` is that of an ssh URL, with user and options as ssh takes them.
    pub(super) fn help(self, host: Option<&str>) -> Option<String> {
        let host = host.unwrap_or("<host>");
        let help = match self {
            Reason::HostKeyChanged => {
                let name = host.rsplit('@').next().unwrap_or(host);
                return Some(format!(
                    "someone may be intercepting the connection: ask the host's administrator; if the change is expected, run `ssh-keygen -R {name}`, then `ssh {host}` once to accept the new host key"
                ));
            }
            Reason::HostKeyUnknown => {
                return Some(format!(
                    "run `ssh {host}` once, check the host key and accept it; then try again"
                ));
            }
            Reason::NoAlgorithm => {
                return Some(format!(
                    "allow what the server offers for this host in `~/.ssh/config` (`HostKeyAlgorithms`, `KexAlgorithms`, `Ciphers`) until `ssh {host}` works, or use the https URL"
                ));
            }
            Reason::Ownership => {
                "change the owner, or list the directory in git's `safe.directory`"
            }
            Reason::Credentials => {
                "set up a git credential helper or an ssh key for this host, and check that the repository exists"
            }
            Reason::WebPage | Reason::Circle => {
                "check the URL; if a browser shows a login page there, set up a git credential helper, or use the ssh URL"
            }
            Reason::Certificate => {
                "if a company proxy or a private authority signs certificates here, name its file in git's `http.sslCAInfo`; also check the clock"
            }
            Reason::Proxy => {
                "check git's `http.proxy` and the variables `https_proxy` and `no_proxy`"
            }
            Reason::TooManyRequests | Reason::ServerError => "try again later",
            Reason::NotFound
            | Reason::TooMuch
            | Reason::Resolve
            | Reason::NoAnswer
            | Reason::Connect
            | Reason::Refused
            | Reason::Broken
            | Reason::Other => return None,
        };
        Some(help.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_own_reason() {
        for (said, reason) in [
            (
                "@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@\nHost key verification failed.",
                Reason::HostKeyChanged,
            ),
            (
                "No ED25519 host key is known for x and you have requested strict checking.\nHost key verification failed.",
                Reason::HostKeyUnknown,
            ),
            (
                "fatal: could not read Username for 'https://x': terminal prompts disabled",
                Reason::Credentials,
            ),
            (
                "fatal: unable to access 'http://x/': The requested URL returned error: 403",
                Reason::Credentials,
            ),
            (
                "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.",
                Reason::Credentials,
            ),
            (
                "fatal: detected dubious ownership in repository at '/srv/x'",
                Reason::Ownership,
            ),
            ("fatal: repository 'http://x/' not found", Reason::NotFound),
            (
                "ERROR: Repository not found.\nfatal: Could not read from remote repository.",
                Reason::NotFound,
            ),
            (
                "fatal: '/x' does not appear to be a git repository",
                Reason::NotFound,
            ),
            (
                "fatal: http://x/info/refs not valid: is this a git repository?",
                Reason::WebPage,
            ),
            (
                "fatal: unable to access 'https://x/': Could not resolve host: x",
                Reason::Resolve,
            ),
            (
                "ssh: Could not resolve hostname x: Temporary failure in name resolution",
                Reason::Resolve,
            ),
            (
                "fatal: unable to access 'https://x/': server certificate verification failed",
                Reason::Certificate,
            ),
            (
                "fatal: unable to access 'https://x/': SSL certificate problem: self-signed certificate in certificate chain",
                Reason::Certificate,
            ),
            (
                "fatal: unable to access 'https://x/': Could not resolve proxy: p",
                Reason::Proxy,
            ),
            (
                "fatal: unable to access 'https://x/': Received HTTP code 407 from proxy after CONNECT",
                Reason::Proxy,
            ),
            (
                "fatal: unable to access 'http://x/': Failed to connect to x port 80 after 0 ms: Couldn't connect to server",
                Reason::Connect,
            ),
            (
                "ssh: connect to host x port 22: Connection timed out",
                Reason::NoAnswer,
            ),
            (
                "fatal: unable to access 'http://x/': The requested URL returned error: 503",
                Reason::ServerError,
            ),
            (
                "kex_exchange_identification: Connection closed by remote host",
                Reason::Broken,
            ),
            (
                "fatal: Out of memory, malloc failed (tried to allocate 1073741825 bytes)",
                Reason::TooMuch,
            ),
            (
                "Unable to negotiate with 192.0.2.1 port 22: no matching host key type found. Their offer: ssh-rsa",
                Reason::NoAlgorithm,
            ),
            (
                "Unable to negotiate with 192.0.2.1 port 22: no matching cipher found. Their offer: aes128-cbc",
                Reason::NoAlgorithm,
            ),
            (
                "fatal: unable to access 'http://x/': Maximum (20) redirects followed",
                Reason::Circle,
            ),
            (
                "fatal: unable to access 'http://x/': The requested URL returned error: 429",
                Reason::TooManyRequests,
            ),
            (
                "error: RPC failed; HTTP 451 curl 22 The requested URL returned error: 451",
                Reason::Refused,
            ),
            ("fatal: bad object", Reason::Other),
        ] {
            assert_eq!(Reason::of(said), reason, "{said}");
        }
    }
}
