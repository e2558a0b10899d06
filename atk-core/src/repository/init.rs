//! Making the repository of a new home.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::failure::failed;
use super::{GitAccess, Repository};
use crate::error::Result;

impl Repository {
    /// Makes a repository at `root`, which must exist. Its first branch is what the user's
    /// `init.defaultBranch` says, as git would read it.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::GitFailed`].
    pub(crate) fn init(root: &Path, access: &GitAccess) -> Result<Repository> {
        let mut options = git2::RepositoryInitOptions::new();
        options.no_reinit(true).external_template(false);
        if let Some(branch) = default_branch(access) {
            options.initial_head(&branch);
        }
        git2::Repository::init_opts(root, &options)
            .map_err(|error| failed("cannot create a repository in", root, &error))?;
        Repository::open(root, access)
    }
}

/// `init.defaultBranch` of the environment that we were given, which need not be that of this
/// process; libgit2 would read the latter.
fn default_branch(access: &GitAccess) -> Option<String> {
    user_setting(access, "init.defaultBranch")
        .filter(|name| git2::Branch::name_is_valid(name).unwrap_or(false))
}

/// A setting of the user's or the system's configuration.
pub(super) fn user_setting(access: &GitAccess, name: &str) -> Option<String> {
    config_files(access).iter().rev().find_map(|file| {
        git2::Config::open(file)
            .and_then(|config| config.get_string(name))
            .ok()
    })
}

/// The configuration files outside the repository, the last one wins.
pub(super) fn config_files(access: &GitAccess) -> Vec<PathBuf> {
    let var = |name: &str| {
        access
            .env()
            .get(OsStr::new(name))
            .filter(|value| !value.is_empty())
    };
    let mut files = Vec::new();
    if var("GIT_CONFIG_NOSYSTEM").is_none() {
        files.push(var("GIT_CONFIG_SYSTEM").map_or_else(|| "/etc/gitconfig".into(), PathBuf::from));
    }
    if let Some(global) = var("GIT_CONFIG_GLOBAL") {
        files.push(global.into());
    } else {
        let home = var("HOME").map(PathBuf::from);
        let xdg = var("XDG_CONFIG_HOME").map(PathBuf::from);
        files.extend(
            xdg.or_else(|| Some(home.as_ref()?.join(".config")))
                .map(|dir| dir.join("git/config")),
        );
        files.extend(home.map(|home| home.join(".gitconfig")));
    }
    files.retain(|file| file.is_file());
    files
}
