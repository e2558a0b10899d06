//! How a repository is reached.

/// How a repository is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `http://`
    Http,
    /// `https://`, and the shorthand `host.tld/path`.
    Https,
    /// `ssh://`, and the forms `host:path` and `user@host:path`.
    Ssh,
    /// `file://`
    File,
}
