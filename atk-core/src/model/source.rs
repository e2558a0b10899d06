//! Where a plugin comes from, and what the user typed to say so.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::model::git_url::{GitUrl, looks_like_url, pasted};
use crate::model::registry::RegistryName;
use crate::model::revision::Revision;
use crate::model::source_text::SourceText;
use crate::model::subdir::Subdir;
use crate::text::escape;

/// The directory of a tool's repository that has its plugin.
pub(crate) const IN_REPOSITORY: &str = ".atk";

/// Where a plugin comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// A plugin of a registry, by its name in the index.
    Registry {
        /// The registry that was named (`team/openmemory`); none if it is the one that has a plugin of
        /// the name.
        registry: Option<RegistryName>,
        /// The name.
        name: String,
        /// The branch, tag or commit of the repository; none for the newest commit of its default
        /// branch.
        revision: Option<Revision>,
    },
    /// A git repository with an `.atk` directory, or a directory in one.
    Git {
        /// The repository's URL.
        url: GitUrl,
        /// The directory in it; none for its root.
        subdir: Option<Subdir>,
        /// The branch, tag or commit of the repository; none for the newest commit of its default
        /// branch.
        revision: Option<Revision>,
    },
    /// A directory, or a single definition file.
    Local {
        /// Its absolute path.
        #[serde(serialize_with = "crate::error::path_as_text")]
        #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
        path: PathBuf,
        /// True if a bare name was read as a path because a file of that name exists.
        bare: bool,
    },
}

/// The kind of a source, as the manifest writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The registry.
    Registry,
    /// A git repository.
    Git,
    /// A directory of the user's.
    Local,
}

impl SourceKind {
    /// Every kind.
    pub(crate) const ALL: [SourceKind; 3] =
        [SourceKind::Registry, SourceKind::Git, SourceKind::Local];

    /// The word that the manifest writes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            SourceKind::Registry => "registry",
            SourceKind::Git => "git",
            SourceKind::Local => "local",
        }
    }
}

/// What classification needs to know of the world.
pub(crate) struct Surroundings<'a> {
    /// What relative paths are relative to.
    pub(crate) base_dir: Option<&'a Path>,
    /// What `~` stands for.
    pub(crate) user_home: Option<&'a Path>,
    /// Whether something exists at an absolute path.
    pub(crate) exists: &'a dyn Fn(&Path) -> bool,
}

impl Source {
    /// Classifies what a user typed, in this order: a path by its look; a path that exists; a git
    /// URL; a name of a registry's index, perhaps behind the name of the registry and a `/`. A host of
    /// a URL has a `.` in it, and the name of a registry has none.
    ///
    /// # Errors
    /// [`ErrorKind::SourceInvalid`].
    pub(crate) fn classify(typed: &str, around: &Surroundings<'_>) -> Result<Source> {
        if typed.trim().is_empty() {
            return Err(Error::new(ErrorKind::SourceInvalid, "the source is empty"));
        }
        if typed.chars().any(char::is_control) {
            let error = Error::new(
                ErrorKind::SourceInvalid,
                format!("the source `{}` has control characters", escape(typed)),
            );
            return Err(match pasted::help(typed) {
                Some(help) => error.with_help(help),
                None => error,
            });
        }
        if looks_like_path(typed) {
            let path = around.absolute(typed)?;
            return Ok(Source::Local { path, bare: false });
        }
        if typed.starts_with('-') {
            return Err(Error::new(
                ErrorKind::SourceInvalid,
                format!("the source `{typed}` starts with `-`"),
            )
            .with_help(format!("a directory of that name is `./{typed}`")));
        }
        if around.base_dir.is_some() {
            let path = around.absolute(typed)?;
            if (around.exists)(&path) {
                return Ok(Source::Local { path, bare: true });
            }
        }
        if looks_like_url(typed) {
            return of_url(typed);
        }
        let text = SourceText::of_name(typed);
        let (registry, name) = match qualified(text.base) {
            Some((registry, name)) => (Some(registry), name),
            None => (None, text.base),
        };
        Ok(Source::Registry {
            registry,
            name: name.to_owned(),
            revision: revision(&text)?,
        })
    }

    /// The source in words: `local plugin ./github`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Source::Registry {
                registry: None,
                name,
                revision,
            } => {
                format!("registry plugin {}{}", escape(name), at(revision))
            }
            Source::Registry {
                registry: Some(registry),
                name,
                revision,
            } => format!(
                "plugin {} of the registry {registry}{}",
                escape(name),
                at(revision)
            ),
            Source::Git {
                url,
                subdir,
                revision,
            } => match subdir {
                Some(subdir) => {
                    format!("directory {subdir} of git repository {url}{}", at(revision))
                }
                None => format!("git repository {url}{}", at(revision)),
            },
            Source::Local { path, .. } => {
                format!("local plugin {}", escape(&path.to_string_lossy()))
            }
        }
    }

    /// Returns the source in words, with what the user typed for it if that says more:
    /// `local plugin ./github (/home/me/github)`.
    #[must_use]
    pub fn describe_as(&self, typed: &str) -> String {
        match self {
            Source::Local { path, .. } if path != Path::new(typed) => {
                let path = escape(&path.to_string_lossy());
                format!("local plugin {} ({path})", escape(typed))
            }
            Source::Local { .. } | Source::Registry { .. } | Source::Git { .. } => self.describe(),
        }
    }
}

/// The registry and the name of `team/openmemory`. A revision may be behind it.
pub(crate) fn qualified(text: &str) -> Option<(RegistryName, &str)> {
    let (registry, name) = text.split_once('/')?;
    let is_name = !name.is_empty() && !name.contains('/');
    Some((RegistryName::new(registry).ok().filter(|_| is_name)?, name))
}

fn of_url(typed: &str) -> Result<Source> {
    let text = SourceText::of_url(typed);
    if let Err(page) = GitUrl::refuse_page(text.base) {
        // What looks like a revision may be a part of the page's address.
        GitUrl::refuse_page(typed)?;
        return Err(page);
    }
    Ok(Source::Git {
        // What is wrong with the base is wrong with the whole, whose help is of more use.
        url: GitUrl::parse(text.base)
            .map_err(|error| GitUrl::parse(typed).err().unwrap_or(error))?,
        subdir: text.subdir.map(Subdir::parse).transpose()?,
        revision: revision(&text)?,
    })
}

fn revision(text: &SourceText<'_>) -> Result<Option<Revision>> {
    let read = text.revision.map(Revision::parse).transpose();
    read.map_err(|error| {
        Error::new(ErrorKind::SourceInvalid, error.to_string())
            .with_help("write an `@` that is part of a URL as `%40`")
    })
}

/// The revision, behind a source in words.
fn at(revision: &Option<Revision>) -> String {
    let at = |revision| format!(" at {revision}");
    revision.as_ref().map_or(String::new(), at)
}

impl Surroundings<'_> {
    fn absolute(&self, typed: &str) -> Result<PathBuf> {
        let missing = |what: &str| {
            Error::new(
                ErrorKind::SourceInvalid,
                format!("the path `{typed}` cannot be resolved: the {what} is unknown"),
            )
        };
        if typed == "~" || typed.starts_with("~/") {
            let home = self.user_home.ok_or_else(|| missing("user home"))?;
            return Ok(home.join(typed[1..].trim_start_matches('/')));
        }
        if Path::new(typed).is_absolute() {
            return Ok(without_dots(Path::new(typed)));
        }
        let base = self.base_dir.ok_or_else(|| missing("base directory"))?;
        Ok(without_dots(&base.join(typed)))
    }
}

/// The path without `.` in it. `..` stays: behind a link it does not lead back.
fn without_dots(path: &Path) -> PathBuf {
    path.components().collect()
}

fn looks_like_path(typed: &str) -> bool {
    matches!(typed, "." | ".." | "~")
        || ["./", "../", "/", "~/"]
            .iter()
            .any(|start| typed.starts_with(start))
}

#[cfg(test)]
mod tests;
