//! URLs of git repositories: what may be asked for, and when two of them are the same.

mod address;
mod canonical;
mod look;
mod page;
mod parse;
pub(crate) mod pasted;
mod path;
mod prefix;
mod protocol;
mod reader;
mod redact;
mod scheme;
mod scp;
#[cfg(test)]
mod tests;
mod unusable;
mod url;

pub(crate) use look::looks_like_url;
pub(crate) use prefix::UrlPrefix;
pub use protocol::Protocol;
pub(crate) use reader::has_port;
pub(crate) use redact::redact;
pub(crate) use scp::Scp;
pub use url::GitUrl;
