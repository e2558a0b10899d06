//! Where an agent's files are on this machine.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// What the paths of a description depend on.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) env: &'a BTreeMap<OsString, OsString>,
    /// What `~` stands for.
    pub(crate) user_home: Option<&'a Path>,
}

impl Surroundings<'_> {
    /// The path that a path of a description stands for. `None` if it is below the user's directory
    /// and nothing says where that is.
    pub(crate) fn expand(&self, path: &str) -> Option<PathBuf> {
        if let Some(inner) = path.strip_prefix("${") {
            let (variable, rest) = inner.split_once('}')?;
            let (name, default) = variable.split_once(":-")?;
            // A relative path would depend on where the agent is started.
            let moved = self.env.get(OsStr::new(name)).map(Path::new);
            let base = match moved.filter(|path| path.is_absolute()) {
                Some(moved) => moved.to_owned(),
                None => self.expand(default)?,
            };
            return Some(base.join(rest.trim_start_matches('/')));
        }
        let below = path.strip_prefix('~')?;
        Some(self.user_home?.join(below.trim_start_matches('/')))
    }

    /// The first of the paths that exists, else the first. A path that is a link to nothing exists:
    /// its file is to be made where it points.
    pub(crate) fn first(&self, paths: &[&str]) -> Option<PathBuf> {
        let mut paths = paths.iter().filter_map(|path| self.expand(path));
        let all: Vec<_> = paths.by_ref().collect();
        let found = all.iter().find(|path| path.symlink_metadata().is_ok());
        found.or(all.first()).cloned()
    }

    /// True if one of the paths exists.
    pub(crate) fn any_exists(&self, paths: &[&str]) -> bool {
        paths
            .iter()
            .filter_map(|path| self.expand(path))
            .any(|path| path.exists())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_moves_a_path_if_it_is_absolute() {
        let expanded = |value: Option<&str>, path: &str| {
            let env = value.map(|value| ("CODEX_HOME".into(), value.into()));
            let env = env.into_iter().collect();
            let surroundings = Surroundings {
                env: &env,
                user_home: Some(Path::new("/home/me")),
            };
            surroundings.expand(path).unwrap().display().to_string()
        };
        let path = "${CODEX_HOME:-~/.codex}/config.toml";
        assert_eq!(expanded(None, path), "/home/me/.codex/config.toml");
        assert_eq!(expanded(Some(""), path), "/home/me/.codex/config.toml");
        assert_eq!(expanded(Some("x"), path), "/home/me/.codex/config.toml");
        assert_eq!(expanded(Some("/x"), path), "/x/config.toml");
        assert_eq!(
            expanded(None, "${A:-~}/.claude.json"),
            "/home/me/.claude.json"
        );
        assert_eq!(expanded(None, "~/a b/c"), "/home/me/a b/c");
    }
}
