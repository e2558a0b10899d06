//! Where ssh goes: the host, and the repository there.

use crate::model::git_url::{GitUrl, Scp};

/// Where ssh goes, and which repository is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SshTarget {
    /// `host`, or `user@host`.
    pub(super) destination: String,
    pub(super) port: Option<String>,
    pub(super) path: String,
}

impl SshTarget {
    /// Reads `ssh://user@host:port/path` and `user@host:path`. None for anything else, and for
    /// what ssh or a shell would take for an option.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let target = match url.split_once("://") {
            Some((scheme, rest)) => {
                let scheme = scheme.to_ascii_lowercase();
                let ssh = matches!(scheme.as_str(), "ssh" | "git+ssh" | "ssh+git");
                Self::of_authority(ssh.then_some(rest)?)?
            }
            None => Self::of_short_form(url)?,
        };
        let host = target.destination.rsplit('@').next().unwrap_or_default();
        let bad = |text: &str| text.is_empty() || text.starts_with('-');
        let port_bad = target
            .port
            .as_deref()
            .is_some_and(|port| port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()));
        let unfit = bad(&target.destination) || bad(host) || bad(&target.path) || port_bad;
        (!unfit).then_some(target)
    }

    /// The arguments with which a person runs ssh to reach the host of a URL; `None` if it is not
    /// reached by ssh.
    pub(crate) fn host_of(url: &GitUrl) -> Option<String> {
        let target = Self::parse(url.as_str())?;
        Some(match target.port {
            Some(port) => format!("-p {port} {}", target.destination),
            None => target.destination,
        })
    }

    fn of_authority(rest: &str) -> Option<Self> {
        let (authority, path) = rest.split_at(rest.find('/')?);
        let (user, host) = match authority.rsplit_once('@') {
            // A password has no place in an argument, and ssh would not take it.
            Some((user, host)) => (user.split(':').next(), host),
            None => (None, authority),
        };
        let (host, port) = split_port(host);
        let path = percent_decode(path);
        let home = path.strip_prefix('/').filter(|path| path.starts_with('~'));
        Some(SshTarget {
            destination: user.map_or(host.to_owned(), |user| {
                format!("{}@{host}", percent_decode(user))
            }),
            port: port.map(str::to_owned),
            path: home.unwrap_or(&path).to_owned(),
        })
    }

    fn of_short_form(url: &str) -> Option<Self> {
        let scp = Scp::split(url)?;
        Some(SshTarget {
            destination: match scp.user {
                Some(user) => format!("{user}@{}", scp.host),
                None => scp.host.to_owned(),
            },
            port: scp.port.map(str::to_owned),
            path: scp.path.to_owned(),
        })
    }
}

fn split_port(host: &str) -> (&str, Option<&str>) {
    if let Some((name, rest)) = host.strip_prefix('[').and_then(|h| h.split_once(']')) {
        return (name, rest.strip_prefix(':'));
    }
    match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    }
}

/// Replaces `%20` and its like, as git does in URLs with a scheme.
pub(super) fn percent_decode(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let Some((&byte, rest)) = bytes.split_first() {
        let hex = rest.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let value = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, value) {
            (b'%', Some(value)) if value != 0 => {
                decoded.push(value);
                bytes = rest.get(2..).unwrap_or_default();
            }
            _ => {
                decoded.push(byte);
                bytes = rest;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(destination: &str, port: Option<&str>, path: &str) -> Option<SshTarget> {
        Some(SshTarget {
            destination: destination.into(),
            port: port.map(str::to_owned),
            path: path.into(),
        })
    }

    #[test]
    fn urls_are_read_as_git_reads_them() {
        for (url, expected) in [
            ("git@host:org/x.git", target("git@host", None, "org/x.git")),
            ("host:x", target("host", None, "x")),
            ("me@[::1]:x", target("me@::1", None, "x")),
            ("me@[host:22]:x", target("me@host", Some("22"), "x")),
            ("[me@host:22]:x", target("me@host", Some("22"), "x")),
            ("[::1]:x", target("::1", None, "x")),
            ("ssh://host/srv/a%20b", target("host", None, "/srv/a b")),
            (
                "ssh://me:pw@host:2222/~you/x",
                target("me@host", Some("2222"), "~you/x"),
            ),
            ("git+ssh://[::1]:22/x", target("::1", Some("22"), "/x")),
        ] {
            assert_eq!(SshTarget::parse(url), expected, "{url}");
        }
    }

    #[test]
    fn what_ssh_would_take_for_an_option_is_no_target() {
        for url in [
            "ssh://-oProxyCommand=x/y",
            "-oProxyCommand=x:y",
            "git@-host:x",
            "git@host:-x",
            "ssh://host:-p/x",
            "ssh://me@/x",
            "ssh://host",
            "https://host/x",
            "/srv/x:y",
            "ext::sh",
        ] {
            assert_eq!(SshTarget::parse(url), None, "{url}");
        }
    }
}
