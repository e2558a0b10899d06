//! Whether a text is meant to be a URL.

use super::reader;
use super::scp::Scp;
use crate::model::website::website;

/// Returns true for what [`GitUrl::parse`] is the reader of, valid or not: it has a scheme, is
/// `host:path`, `helper::address` or `host.tld/path`. The short names of websites (`gh:org/repo`)
/// and a port without a domain (`localhost:3000/x`) are nothing that git knows.
#[must_use]
pub(crate) fn looks_like_url(typed: &str) -> bool {
    if typed.contains("://") || reader::is_remote_helper(typed) {
        return true;
    }
    let host = typed.split(['/', ':']).next().unwrap_or(typed);
    if typed
        .split_once('/')
        .is_some_and(|(_, path)| !path.is_empty())
        && is_domain(host)
    {
        return true;
    }
    match Scp::split(typed) {
        Some(scp) if scp.user.is_some() || typed.starts_with('[') => true,
        Some(scp) if reader::has_port(typed) => is_domain(scp.host),
        Some(scp) => {
            let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
            let is_host = scp.host.len() > 1 && scp.host.chars().all(fits);
            let is_path = !scp.path.is_empty() && !scp.path.contains(char::is_whitespace);
            is_host && is_path && website(scp.host).is_none()
        }
        None => false,
    }
}

fn is_domain(host: &str) -> bool {
    let host = host.rsplit('@').next().unwrap_or(host);
    host.contains('.')
        && !host.starts_with('.')
        && host.rsplit('.').next().is_some_and(|tld| tld.len() >= 2)
}
