//! Where something lies below the home.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};
use crate::model::name::PluginDir;
use crate::model::owned;

/// The directory in the scratch that is there while a transaction is unfinished.
pub(super) fn journal_dir() -> &'static OsStr {
    OsStr::new("transaction")
}

/// A path relative to the home: at least one part, none of them `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct HomePath(PathBuf);

impl HomePath {
    /// Takes a relative path.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is absolute or empty, or has a part that is not a file
    /// name.
    pub(crate) fn new(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let names = path
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !names || path.as_os_str().is_empty() || path.as_os_str().as_bytes().contains(&0) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!(
                    "`{}` is not a path below the home",
                    crate::text::escape(&path.to_string_lossy())
                ),
            ));
        }
        Ok(HomePath(path.components().collect()))
    }

    fn known(path: &str) -> Self {
        HomePath(PathBuf::from(path))
    }

    /// `manifest.yaml`
    pub(crate) fn manifest() -> Self {
        Self::known("manifest.yaml")
    }

    /// `.gitignore`
    pub(crate) fn gitignore() -> Self {
        Self::known(".gitignore")
    }

    /// `atk.yaml`
    pub(crate) fn versions() -> Self {
        Self::known("atk.yaml")
    }

    /// `plugins`
    pub(crate) fn plugins() -> Self {
        Self::known("plugins")
    }

    /// `.git/atk`: the scratch, in the home's real git directory wherever that is.
    pub(crate) fn scratch() -> Self {
        Self::known(".git/atk")
    }

    /// `plugins/<directory>`
    pub(crate) fn plugin(plugin: &PluginDir) -> Self {
        HomePath(Path::new("plugins").join(plugin.as_str()))
    }

    /// `plugins/<directory>/.env`, the user's answers.
    pub(crate) fn env(plugin: &PluginDir) -> Self {
        HomePath(Self::plugin(plugin).0.join(owned::ANSWERS))
    }

    /// `plugins/<directory>/.atk-ref`, the stamp.
    pub(crate) fn stamp(plugin: &PluginDir) -> Self {
        HomePath(Self::plugin(plugin).0.join(owned::STAMP))
    }

    /// What lies below this path.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`], as [`HomePath::new`].
    pub(crate) fn join(&self, path: impl AsRef<Path>) -> Result<Self> {
        Ok(HomePath(self.0.join(HomePath::new(path)?.0)))
    }

    pub(super) fn child(&self, name: &OsStr) -> Self {
        HomePath(self.0.join(name))
    }

    /// The path without its last part; `None` if it has one part only.
    pub(crate) fn parent(&self) -> Option<HomePath> {
        let parent = self.0.parent()?;
        (!parent.as_os_str().is_empty()).then(|| HomePath(parent.to_owned()))
    }

    /// The last part.
    pub(crate) fn name(&self) -> &OsStr {
        self.0.file_name().expect("a home path ends in a name")
    }

    /// The path, then what it lies in, upwards.
    pub(crate) fn and_above(&self) -> impl Iterator<Item = HomePath> {
        std::iter::successors(Some(self.clone()), HomePath::parent)
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &OsStr> {
        self.0.iter()
    }

    /// The path in the git directory, for a path that is `.git` or lies in it; None within for
    /// `.git` itself.
    pub(super) fn in_git_dir(&self) -> Option<Option<HomePath>> {
        let inner = self.0.strip_prefix(".git").ok()?;
        Some((!inner.as_os_str().is_empty()).then(|| HomePath(inner.to_owned())))
    }

    /// The path as it is, relative to the home.
    pub(crate) fn as_path(&self) -> &Path {
        &self.0
    }

    /// The name of the directory under `plugins/` that this path is, or lies in.
    pub(super) fn plugin_name(&self) -> Option<&OsStr> {
        let mut parts = self.parts();
        (parts.next()? == "plugins").then_some(())?;
        parts.next()
    }

    /// True for `plugins/<name>` itself.
    pub(super) fn is_plugin(&self) -> bool {
        self.plugin_name().is_some() && self.parts().count() == 2
    }

    /// True for what is the user's: a plugin's `custom/` with all that is in it, and its `.env`.
    pub(super) fn is_users(&self) -> bool {
        self.is_in_custom() || self.is_env()
    }

    pub(super) fn is_in_custom(&self) -> bool {
        self.plugin_name().is_some() && self.parts().nth(2) == Some(OsStr::new(owned::CUSTOM))
    }

    pub(super) fn is_env(&self) -> bool {
        self.plugin_name().is_some()
            && self.parts().nth(2) == Some(OsStr::new(owned::ANSWERS))
            && self.parts().count() == 3
    }
}

impl fmt::Display for HomePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::escape(&self.0.to_string_lossy()))
    }
}

impl Serialize for HomePath {
    /// As text in which `%` and the bytes that are not UTF-8 are written `%XX`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::new();
        for chunk in self.0.as_os_str().as_bytes().utf8_chunks() {
            text.push_str(&chunk.valid().replace('%', "%25"));
            for byte in chunk.invalid() {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for HomePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = unescape(&text).ok_or_else(|| serde::de::Error::custom("a path"))?;
        HomePath::new(PathBuf::from(OsString::from_vec(bytes))).map_err(serde::de::Error::custom)
    }
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_paths_of_plain_names_are_home_paths() {
        for path in ["", "/etc/passwd", "../x", "a/../b", "./a", "."] {
            assert!(HomePath::new(path).is_err(), "{path:?}");
        }
        assert_eq!(HomePath::new("a//b/").unwrap().as_path(), Path::new("a/b"));
    }

    #[test]
    fn custom_and_env_of_a_plugin_are_the_users() {
        let users = |path: &str| HomePath::new(path).unwrap().is_users();
        assert!(users("plugins/x/custom"));
        assert!(users("plugins/x/custom/deep/file"));
        assert!(users("plugins/x/.env"));
        assert!(!users("plugins/x/lib/.env"));
        assert!(!users("plugins/custom"));
        assert!(!users("custom/x/.env"));
    }

    #[test]
    fn paths_survive_the_journal_whatever_their_bytes() {
        for bytes in [
            &b"plugins/x/a%b"[..],
            b"plugins/x/\xff\xfe%41",
            "plugins/é".as_bytes(),
        ] {
            let path = HomePath::new(OsStr::from_bytes(bytes)).unwrap();
            let text = serde_json::to_string(&path).unwrap();
            assert_eq!(
                serde_json::from_str::<HomePath>(&text).unwrap(),
                path,
                "{text}"
            );
        }
        assert!(serde_json::from_str::<HomePath>("\"../x\"").is_err());
        assert!(serde_json::from_str::<HomePath>("\"%2E%2E/x\"").is_err());
    }
}
