//! Schemes that people write by half.

/// Schemes that are written with one slash, or without the colon, by mistake.
pub(super) const SCHEMES: [&str; 4] = ["https", "http", "ssh", "file"];

/// The scheme that was meant by `https:/host/path` and `https:host/path`, which git takes for
/// addresses of ssh.
pub(super) fn half_scheme(host: &str) -> Option<&'static str> {
    let host = host.to_ascii_lowercase();
    SCHEMES.into_iter().find(|scheme| *scheme == host)
}
