//! A plugin's `custom/`, which may be a link of the user's: managers of dotfiles make them.
//!
//! It is the one link that reading follows, and only this one part of a path: what it leads to is
//! opened part by part, as everything else is. Nothing is ever written through it.

use std::ffi::OsStr;
use std::path::PathBuf;

use rustix::fs::FileType;

use super::HomeDir;
use super::dir::Dir;
use super::path::HomePath;
use crate::error::{Error, Result};
use crate::model::name::PluginDir;
use crate::model::owned;

const NAME: &str = owned::CUSTOM;

impl HomeDir {
    /// Opens the directory that a path's last part lies in, to read from it.
    ///
    /// # Errors
    /// As [`HomeDir::read`].
    pub(super) fn parent_to_read(&self, path: &HomePath) -> Result<Option<Dir>> {
        let below_custom = path.is_in_custom() && path.parts().count() > 3;
        let Some(plugin) = path.plugin_name().filter(|_| below_custom) else {
            return self.root.parent_of(path);
        };
        let plugin = HomePath::plugins().child(plugin);
        let Some(mut dir) = self.custom(&plugin)? else {
            return Ok(None);
        };
        let inner = path.parts().skip(3);
        let count = path.parts().count() - 4;
        for name in inner.take(count) {
            match dir.child(name)? {
                Some(child) => dir = child,
                None => return Ok(None),
            }
        }
        Ok(Some(dir))
    }

    /// The target of a plugin's `custom` if that is a link to nothing.
    pub(crate) fn dangling_custom(&self, plugin: &PluginDir) -> Option<PathBuf> {
        let link = self.plugin_dir(plugin).join(NAME);
        let target = link.read_link().ok()?;
        // Only what is not there: a target that cannot be looked at is an error when it is read.
        matches!(link.try_exists(), Ok(false)).then_some(target)
    }

    /// Opens a plugin's `custom`, through a link too; `None` if it or what it leads to does not
    /// exist.
    fn custom(&self, plugin: &HomePath) -> Result<Option<Dir>> {
        let Some(dir) = self.root.below(plugin)? else {
            return Ok(None);
        };
        let name = OsStr::new(NAME);
        let kind = dir
            .stat(name)?
            .map(|stat| FileType::from_raw_mode(stat.st_mode));
        if kind != Some(FileType::Symlink) {
            return dir.child(name);
        }
        let path = dir.path().join(name);
        match path.canonicalize() {
            Ok(target) => Dir::open(&target).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("cannot open", &path, error)),
        }
    }
}
