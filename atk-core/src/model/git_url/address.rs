//! The parts of an address.

use super::protocol::Protocol;

/// How an address was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Style {
    /// `scheme://…`
    Url,
    /// `host:path`
    Scp,
    /// `host.tld/path`, which means https.
    Short,
}

/// The parts of an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) protocol: Protocol,
    pub(super) style: Style,
    /// For ssh only; elsewhere a user is not part of the address.
    pub(super) user: Option<String>,
    /// With the brackets of an IPv6 address; in small letters, except for names without a dot,
    /// which may be a `Host` of an ssh configuration, whose case counts.
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// As written. Begins with `/` unless it is relative (short form of ssh) or empty.
    pub(super) path: String,
    /// What was typed, without credentials.
    pub(super) typed: String,
}

impl Address {
    /// The address as git gets it.
    pub(super) fn for_git(&self) -> String {
        let at = self
            .user
            .as_ref()
            .map_or(String::new(), |user| format!("{user}@"));
        let port = self.port.map_or(String::new(), |port| format!(":{port}"));
        let (host, path) = (&self.host, &self.path);
        match (self.style, self.protocol) {
            (Style::Scp, _) if self.port.is_some() => format!("{at}[{host}{port}]:{path}"),
            (Style::Scp, _) => format!("{at}{host}:{path}"),
            (Style::Url | Style::Short, Protocol::Http) => format!("http://{host}{port}{path}"),
            (Style::Url | Style::Short, Protocol::Https) => format!("https://{host}{port}{path}"),
            (Style::Url | Style::Short, Protocol::Ssh) => format!("ssh://{at}{host}{port}{path}"),
            (Style::Url | Style::Short, Protocol::File) => format!("file://{path}"),
        }
    }
}
