//! A branch, a tag or a commit of a source, as a user names it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::pin::Pin;
use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// The name of a branch or a tag: `v1.2`, `feature/x`, or a full name (`refs/heads/x`,
/// `refs/tags/x`). It keeps git's rules for names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct RefName(String);

/// Bytes of a name: as a file, which it may be on a server, it could not be longer.
const LONGEST: usize = 1024;

impl RefName {
    /// Takes a name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if git allows no branch or tag of that name.
    pub fn new(name: &str) -> Result<Self> {
        match problem(name) {
            None => Ok(RefName(name.to_owned())),
            Some(why) => Err(Error::new(
                ErrorKind::InvalidArgument,
                format!(
                    "`{}` cannot be the name of a branch or tag: {why}",
                    escape(name)
                ),
            )),
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The full names that it may stand for, in the order in which they are looked up.
    pub(crate) fn full_names(&self) -> Vec<String> {
        match self.0.starts_with("refs/") {
            true => vec![self.0.clone()],
            false => ["refs/heads/", "refs/tags/"]
                .map(|start| format!("{start}{}", self.0))
                .to_vec(),
        }
    }

    /// True for what could be the beginning of a commit id.
    pub(crate) fn looks_like_a_short_id(&self) -> bool {
        (4..40).contains(&self.0.len()) && self.0.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

impl fmt::Display for RefName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape(&self.0))
    }
}

/// Which commit of a source was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Revision {
    /// This commit.
    Commit(Pin),
    /// The commit that a branch or tag points to.
    Name(RefName),
}

impl Revision {
    /// Reads a full commit id, or the name of a branch or tag.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it can be neither.
    pub fn parse(text: &str) -> Result<Self> {
        match Pin::new(text) {
            Ok(pin) => Ok(Revision::Commit(pin)),
            Err(_) => RefName::new(text).map(Revision::Name),
        }
    }
}

impl Serialize for Revision {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(match self {
            Revision::Commit(pin) => pin.as_str(),
            Revision::Name(name) => name.as_str(),
        })
    }
}

impl<'de> Deserialize<'de> for Revision {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        Revision::parse(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Revision {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Revision".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Revision::Commit(pin) => f.write_str(pin.as_str()),
            Revision::Name(name) => name.fmt(f),
        }
    }
}

/// Why git allows no ref of that name (`git check-ref-format`).
fn problem(name: &str) -> Option<&'static str> {
    let is_forbidden = |c: char| c.is_whitespace() || crate::text::is_unsafe(c);
    if name.is_empty() {
        return Some("it is empty");
    }
    if name.len() > LONGEST {
        return Some("it is longer than 1,024 bytes");
    }
    if name.starts_with('-') {
        return Some("it starts with `-`");
    }
    if name.chars().any(is_forbidden) {
        return Some("it has spaces, control or invisible characters");
    }
    if name.contains(['~', '^', ':', '?', '*', '[', '\\']) {
        return Some("it has one of the characters `~^:?*[\\`");
    }
    if name.contains("..") || name.contains("@{") || name == "@" {
        return Some("it has `..` or `@{`, which name several commits");
    }
    if name == "HEAD" {
        return Some("`HEAD` is what is used without a name");
    }
    let is_bad = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    if name.split('/').any(is_bad) || name.ends_with('.') {
        return Some("a part of it is empty, starts or ends with a dot, or ends with `.lock`");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_id_is_a_commit_and_everything_else_a_name() {
        let id = "0123456789ABCDEF0123456789abcdef01234567";
        let commit = Revision::parse(id).unwrap();
        assert_eq!(commit.to_string(), id.to_ascii_lowercase());
        for name in [
            "v1.2",
            "feature/x",
            "main",
            "20240101",
            "deadbeef",
            "@x",
            "a@b",
            "ü",
        ] {
            let Revision::Name(read) = Revision::parse(name).unwrap() else {
                panic!("{name} is a name");
            };
            assert_eq!(read.as_str(), name);
        }
        let full = RefName::new("refs/tags/x").unwrap();
        assert_eq!(full.full_names(), ["refs/tags/x"]);
        let short = RefName::new("a/b").unwrap();
        assert_eq!(short.full_names(), ["refs/heads/a/b", "refs/tags/a/b"]);
        assert!(RefName::new("deadbeef").unwrap().looks_like_a_short_id());
        assert!(!RefName::new("main").unwrap().looks_like_a_short_id());
    }

    #[test]
    fn names_that_git_does_not_allow_are_refused() {
        let long = "x".repeat(1025);
        for name in [
            "",
            "-x",
            "a b",
            "a\tb",
            "a..b",
            "a~1",
            "a^",
            "a:b",
            "a?",
            "a*",
            "a[b",
            "a\\b",
            "/a",
            "a/",
            "a//b",
            ".a",
            "a/.b",
            "a.lock",
            "a.lock/b",
            "a.",
            "@",
            "a@{1}",
            "HEAD",
            "a\u{7f}",
            "a\u{200b}",
            &long,
        ] {
            let error = Revision::parse(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name:?}");
        }
    }
}
