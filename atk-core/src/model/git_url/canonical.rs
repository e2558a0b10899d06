//! The one form in which repositories are compared: for trust, for the object cache, and to
//! recognise a plugin that is there already.

use super::address::Address;
use super::path;
use super::protocol::Protocol;

/// Hosts whose repositories are found whatever the case of their paths.
const CASELESS: [&str; 6] = [
    "bitbucket.org",
    "codeberg.org",
    "dev.azure.com",
    "gitea.com",
    "github.com",
    "gitlab.com",
];

/// Other names of known hosts: they serve ssh where only port 443 is open, or redirect.
const ALIASES: [(&str, &str); 5] = [
    ("altssh.bitbucket.org:443", "bitbucket.org"),
    ("altssh.gitlab.com:443", "gitlab.com"),
    ("ssh.dev.azure.com", "dev.azure.com"),
    ("ssh.github.com:443", "github.com"),
    ("www.github.com", "github.com"),
];

/// Returns `host[:port]/path`, or `file:///path`: without scheme, user, default port, `.git` and
/// closing slash. An address without a path gives the host alone.
pub(super) fn of(address: &Address) -> String {
    if address.protocol == Protocol::File {
        return format!("file:///{}", trimmed(&path::normal(&address.path)));
    }
    let host = host(address);
    let mut path = path::normal(&address.path);
    if CASELESS.contains(&host.as_str()) {
        path.make_ascii_lowercase();
    }
    let mut path = trimmed(&path);
    if address.protocol == Protocol::Ssh {
        // What is relative to the user's directory on the server anyway.
        path = path.strip_prefix("~/").unwrap_or(path);
    }
    let path = match host.as_str() {
        "dev.azure.com" => azure(path),
        _ => path.to_owned(),
    };
    match path.as_str() {
        "" => host,
        path => format!("{host}/{path}"),
    }
}

fn host(address: &Address) -> String {
    let host = address.host.to_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    let default = match address.protocol {
        Protocol::Http => 80,
        Protocol::Https => 443,
        Protocol::Ssh | Protocol::File => 22,
    };
    let host = match address.port {
        Some(port) if port != default => format!("{host}:{port}"),
        Some(_) | None => host.to_owned(),
    };
    let alias = ALIASES.iter().find(|(alias, _)| *alias == host);
    alias.map_or(host, |(_, host)| (*host).to_owned())
}

fn trimmed(path: &str) -> &str {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    match path.strip_suffix(".git") {
        // The `.git` of a work tree is not a suffix.
        Some(rest) if !rest.is_empty() && !rest.ends_with('/') => rest,
        Some(_) | None => path,
    }
}

/// Azure DevOps writes one repository as `org/project/_git/repo` (https), `org/_git/repo` (if it is
/// called like its project) and `v3/org/project/repo` (ssh).
fn azure(path: &str) -> String {
    let segments: Vec<&str> = path.split('/').collect();
    match segments.as_slice() {
        ["v3", org, project, repo] => format!("{org}/{project}/_git/{repo}"),
        ["v3", rest @ ..] => rest.join("/"),
        [org, "_git", repo] => format!("{org}/{repo}/_git/{repo}"),
        _ => path.to_owned(),
    }
}
