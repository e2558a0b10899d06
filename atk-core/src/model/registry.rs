//! Registries with a name, beside the default one.

use std::fmt;

use serde::Serialize;

use super::git_url::GitUrl;
use super::name::is_directory_name;
use super::source_text::SourceText;
use crate::error::{Error, ErrorKind, Result};
use crate::text::escape;

/// The name of a registry: `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, two characters at least. `default` is the
/// name of the default registry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct RegistryName(String);

/// The name of the default registry.
const DEFAULT: &str = "default";

/// How many registries a home may name: a bare name is looked for in all of them.
const MOST_REGISTRIES: usize = 100;
/// How many mirrors a registry may have.
const MOST_MIRRORS: usize = 10;

impl RegistryName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it does not have the form.
    pub fn new(name: &str) -> Result<Self> {
        if is_directory_name(name) {
            return Ok(RegistryName(name.to_owned()));
        }
        Err(Error::new(
            ErrorKind::InvalidArgument,
            format!(
                "`{}` is not the name of a registry: it needs lower-case letters, digits and single \
                 hyphens, a letter first, and at least two characters",
                escape(name)
            ),
        ))
    }

    /// Returns the name of the default registry.
    #[must_use]
    pub fn default_registry() -> Self {
        RegistryName(DEFAULT.to_owned())
    }

    /// Returns true for the name of the default registry.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.0 == DEFAULT
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RegistryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A registry with a name, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedRegistry {
    pub(crate) name: RegistryName,
    pub(crate) url: GitUrl,
    /// Where the same repository is too, in the order in which they are tried.
    pub(crate) mirrors: Vec<GitUrl>,
}

impl NamedRegistry {
    /// Reads the parts of a registry that a user named.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a name that cannot be one, or for too many mirrors;
    /// [`ErrorKind::SourceInvalid`] for a URL.
    pub(crate) fn parse<'t>(
        name: &str,
        url: &str,
        mirrors: impl IntoIterator<Item = &'t str>,
    ) -> Result<Self> {
        let registry = NamedRegistry {
            name: own_name(name)?,
            url: parse_url(url)?,
            mirrors: mirrors.into_iter().map(parse_url).collect::<Result<_>>()?,
        };
        registry.check_mirrors()?;
        Ok(registry)
    }

    /// Checks that no mirror is named twice, and that there are not too many.
    pub(crate) fn check_mirrors(&self) -> Result<()> {
        let wrong = |what: String| Err(Error::new(ErrorKind::InvalidArgument, what));
        if self.mirrors.len() > MOST_MIRRORS {
            return wrong(format!("a registry can have {MOST_MIRRORS} mirrors"));
        }
        let mut seen = vec![self.url.as_str()];
        for mirror in &self.mirrors {
            if seen.contains(&mirror.as_str()) {
                return wrong(format!("{mirror} is listed twice for `{}`", self.name));
            }
            seen.push(mirror.as_str());
        }
        Ok(())
    }

    /// The URLs of the mirrors as they were typed.
    pub(crate) fn mirrors_as_typed(&self) -> Vec<String> {
        let mirrors = self.mirrors.iter();
        mirrors.map(|url| url.as_typed().to_owned()).collect()
    }

    /// True if a repository is that of this registry.
    pub(crate) fn is_at(&self, url: &GitUrl) -> bool {
        self.url.canonical() == url.canonical()
    }
}

/// Checks that a registry can be added to others: each has a name and a repository of its own.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`].
pub(crate) fn check_new(others: &[NamedRegistry], new: &NamedRegistry) -> Result<()> {
    let wrong = |what: String| Err(Error::new(ErrorKind::InvalidArgument, what));
    if others.len() >= MOST_REGISTRIES {
        return wrong(format!("a home can name {MOST_REGISTRIES} registries"));
    }
    for other in others {
        if other.name == new.name {
            return wrong(format!("a registry `{}` exists already", new.name));
        }
        if other.is_at(&new.url) {
            return wrong(format!(
                "{} is the repository of the registry `{}` already",
                new.url, other.name
            ));
        }
    }
    Ok(())
}

/// Reads the name of a registry that is not the default one.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`].
pub(crate) fn own_name(name: &str) -> Result<RegistryName> {
    let name = RegistryName::new(name)?;
    match name.is_default() {
        true => Err(Error::new(
            ErrorKind::InvalidArgument,
            "`default` is the name of the default registry",
        )),
        false => Ok(name),
    }
}

/// Reads the URL of a registry, or the absolute path of its repository.
///
/// # Errors
/// [`ErrorKind::SourceInvalid`].
pub(crate) fn parse_url(text: &str) -> Result<GitUrl> {
    if text.starts_with('/') {
        return GitUrl::of_path(text);
    }
    let parts = SourceText::of_url(text);
    if parts.subdir.is_some() || parts.revision.is_some() {
        return Err(Error::new(
            ErrorKind::SourceInvalid,
            format!("`{}` is not the URL of a whole repository", escape(text)),
        )
        .with_help("leave out the directory, branch, tag or commit"));
    }
    GitUrl::parse(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(name: &str, url: &str, mirrors: &[&str]) -> String {
        let read = NamedRegistry::parse(name, url, mirrors.iter().copied());
        read.unwrap_err().to_string()
    }

    #[test]
    fn a_registry_has_a_name_and_urls_of_whole_repositories() {
        let mirrors = ["https://mirror.example.com/registry.git"];
        let url = "git@git.example.com:tools/registry.git";
        let read = NamedRegistry::parse("team", url, mirrors).unwrap();
        assert_eq!(read.name.as_str(), "team");
        assert_eq!(read.url.as_typed(), url);
        assert_eq!(read.mirrors[0].as_typed(), mirrors[0]);
        let path = NamedRegistry::parse("team", "/srv/registry", []).unwrap();
        assert_eq!(path.url.as_typed(), "file:///srv/registry");
        for (name, url, part) in [
            ("default", url, "the default registry"),
            ("Team", url, "`Team` is not the name of a registry"),
            ("a/b", url, "`a/b` is not the name"),
            ("x", url, "two characters"),
            ("te.am", url, "is not the name"),
            ("team", "https://me:pw@h.org/x", "credential"),
            ("team", "h.org/x@v1", "whole repository"),
            ("team", "h.org/x//y", "whole repository"),
            ("team", "ext::sh -c x", "remote helpers"),
            ("team", "", "empty"),
        ] {
            let error = error(name, url, &[]);
            assert!(error.contains(part), "{error}");
        }
        assert!(error("team", url, &[url]).contains("twice"));
        let many: Vec<String> = (0..11).map(|at| format!("https://m{at}.org/x")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(error("team", url, &many).contains("10 mirrors"));
    }

    #[test]
    fn names_and_repositories_are_those_of_one_registry() {
        let read = |name, url| NamedRegistry::parse(name, url, []).unwrap();
        let team = read("team", "https://h.org/x.git");
        let others = std::slice::from_ref(&team);
        assert!(check_new(others, &read("other", "https://h.org/y")).is_ok());
        for (name, url) in [("team", "https://h.org/y"), ("other", "git@h.org:x")] {
            assert!(check_new(others, &read(name, url)).is_err(), "{name} {url}");
        }
    }
}
