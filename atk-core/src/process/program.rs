//! The git program: which one, and where it is.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// Which git program serves where one is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitProgram {
    /// The first `git` on the `PATH` of [`Options::env`](crate::Options::env).
    FromPath,
    /// The program at this path.
    At(PathBuf),
    /// None: remote sources fail with [`ErrorKind::GitMissing`].
    None,
}

/// Where programs are looked for when the environment has no `PATH`.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

impl GitProgram {
    /// The program's path. `PATH` is that of `env`, never this process's.
    ///
    /// # Errors
    /// [`ErrorKind::GitMissing`].
    pub(crate) fn find(&self, env: &BTreeMap<OsString, OsString>) -> Result<PathBuf> {
        match self {
            GitProgram::FromPath => find_program("git", env),
            GitProgram::At(path) => is_program(path).then(|| path.clone()),
            GitProgram::None => None,
        }
        .ok_or_else(|| self.missing())
    }

    fn missing(&self) -> Error {
        let message = match self {
            GitProgram::FromPath => "`git` was not found on the `PATH`".to_owned(),
            GitProgram::At(path) => format!("`{}` is not executable", path.display()),
            GitProgram::None => "the options allow no `git` program".to_owned(),
        };
        Error::new(ErrorKind::GitMissing, message)
            .with_help("remote sources need git: install it, or set its path in the options")
    }
}

/// The first executable file of that name on the `PATH` of `env`; a name with a slash is a path.
pub(crate) fn find_program(name: &str, env: &BTreeMap<OsString, OsString>) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| is_program(path));
    }
    let path = env
        .get(OsStr::new("PATH"))
        .map_or(OsStr::new(DEFAULT_PATH), OsString::as_os_str);
    std::env::split_paths(path)
        .filter(|dir| dir.is_absolute())
        .map(|dir| dir.join(name))
        .find(|candidate| is_program(candidate))
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_looked_for_on_the_path_that_was_given() {
        let dir = tempfile::tempdir().unwrap();
        let env = BTreeMap::from([("PATH".into(), dir.path().into())]);
        let missing = GitProgram::FromPath.find(&env).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::GitMissing);

        let git = dir.path().join("git");
        std::fs::write(&git, "").unwrap();
        assert!(GitProgram::FromPath.find(&env).is_err(), "not executable");
        std::fs::set_permissions(&git, PermissionsExt::from_mode(0o755)).unwrap();
        assert_eq!(GitProgram::FromPath.find(&env).unwrap(), git);
        assert_eq!(GitProgram::At(git.clone()).find(&env).unwrap(), git);
        assert!(GitProgram::None.find(&env).is_err());
    }
}
