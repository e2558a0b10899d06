//! The arguments of a dynamic call.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::outcome::{Answers, At};

/// Every argument and option of the operations, by its name in every face.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub(crate) struct Arguments {
    /// A path, a git URL, or the name of a plugin of the registry.
    pub(crate) source: Option<String>,
    /// The absolute path of a directory that does not exist or is empty.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub(crate) dest: Option<PathBuf>,
    /// The directory of a registry, or of a new plugin; relative to the base directory.
    pub(crate) directory: Option<String>,
    /// The path of a file; relative to the base directory.
    pub(crate) file: Option<String>,
    /// A plugin, by its directory or its display name.
    pub(crate) plugin: Option<String>,
    /// A script of the plugin: a path below its directory.
    pub(crate) script: Option<String>,
    /// The arguments of the script, or of git.
    pub(crate) args: Vec<String>,
    /// The name of a schema: `plugin`, `overrides`, `index`, `manifest` or `atk`.
    pub(crate) name: Option<String>,
    /// A text to search for.
    pub(crate) query: Option<String>,
    /// The name of a registry.
    pub(crate) registry: Option<String>,
    /// The URL, or the path, of a git repository: that of a home, or of the registry that is named.
    pub(crate) url: Option<String>,
    /// A commit of the home: its id, or the beginning of it.
    pub(crate) commit: Option<String>,
    #[doc = option_doc!(at)]
    pub(crate) at: At,
    #[doc = option_doc!(to)]
    pub(crate) to: At,
    #[doc = option_doc!(plan)]
    pub(crate) plan: Option<Vec<String>>,
    #[doc = option_doc!(adopt)]
    pub(crate) adopt: bool,
    #[doc = option_doc!(once)]
    pub(crate) once: bool,
    #[doc = option_doc!(display_name)]
    pub(crate) display_name: Option<String>,
    #[doc = option_doc!(description)]
    pub(crate) description: Option<String>,
    #[doc = option_doc!(service)]
    pub(crate) service: Option<String>,
    #[doc = option_doc!(mcp)]
    pub(crate) mcp: Option<String>,
    #[doc = option_doc!(server)]
    pub(crate) server: Option<String>,
    #[doc = option_doc!(skill)]
    pub(crate) skill: bool,
    #[doc = option_doc!(in_home)]
    pub(crate) in_home: bool,
    #[doc = option_doc!(strict)]
    pub(crate) strict: bool,
    #[doc = option_doc!(check_only)]
    pub(crate) check_only: bool,
    #[doc = option_doc!(base)]
    pub(crate) base: Option<String>,
    #[doc = option_doc!(online)]
    pub(crate) online: bool,
    #[doc = option_doc!(extra)]
    pub(crate) extra: bool,
    #[doc = option_doc!(check)]
    pub(crate) check: bool,
    #[doc = option_doc!(limit)]
    pub(crate) limit: Option<u64>,
    #[doc = option_doc!(with_later)]
    pub(crate) with_later: bool,
    #[doc = option_doc!(fix)]
    pub(crate) fix: bool,
    #[doc = option_doc!(trash)]
    pub(crate) trash: bool,
    #[doc = option_doc!(force)]
    pub(crate) force: bool,
    #[doc = option_doc!(agent)]
    pub(crate) agent: Option<String>,
    #[doc = option_doc!(agents)]
    pub(crate) agents: Vec<String>,
    #[doc = option_doc!(project)]
    pub(crate) project: Option<String>,
    #[doc = option_doc!(values)]
    pub(crate) values: bool,
    #[doc = option_doc!(refs)]
    pub(crate) refs: bool,
    #[doc = option_doc!(adopt_entries)]
    pub(crate) adopt_entries: bool,
    #[doc = option_doc!(overwrite_edited)]
    pub(crate) overwrite_edited: bool,
    #[doc = option_doc!(mirrors)]
    pub(crate) mirrors: Vec<String>,
    #[doc = option_doc!(copy_skills)]
    pub(crate) copy_skills: bool,
    #[doc = option_doc!(ignore_failures)]
    pub(crate) ignore_failures: bool,
    /// Answers by prompt id (`trust:github`); `yes` or `no` for a yes/no question.
    pub(crate) answers: BTreeMap<String, String>,
    /// Values of variables by name.
    pub(crate) env: BTreeMap<String, String>,
    /// URL prefixes of the sources that are trusted (`github.com/my-org/`); `*` for all.
    pub(crate) trust: Vec<String>,
    /// Answers yes to every yes/no question.
    pub(crate) yes: bool,
}

/// The options of the group that answers questions.
pub(crate) const ANSWERS: &[&str] = &["answers", "env", "trust", "yes"];

impl Arguments {
    /// The group of options that answer questions.
    pub(crate) fn answers(&self) -> Answers {
        Answers {
            by_id: self.answers.clone(),
            env: self.env.clone(),
            trust: self.trust.clone(),
            yes: self.yes,
        }
    }
}

/// What the host is told that an operation is about: its first argument, if that is a text.
/// [`Select`](crate::Select) has such a method of its own.
pub(crate) trait Subject {
    fn subject(&self) -> Option<&str>;
}

impl Subject for str {
    fn subject(&self) -> Option<&str> {
        Some(self)
    }
}

impl Subject for Option<&str> {
    fn subject(&self) -> Option<&str> {
        *self
    }
}

impl Subject for Path {
    fn subject(&self) -> Option<&str> {
        None
    }
}

impl Subject for [OsString] {
    fn subject(&self) -> Option<&str> {
        None
    }
}
