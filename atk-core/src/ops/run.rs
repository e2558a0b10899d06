//! `run`: a script of a plugin.
//!
//! It takes no lock: a script of the user's may well run ATK itself.

use std::ffi::OsString;

use super::command::{self, Place};
use super::context::Context;
use super::select::installed;
use super::{ScriptEnded, definition};
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::home::{FileKind, Home, HomePath, Seen};
use crate::host::Host;
use crate::lifecycle::Program;
use crate::model::manifest::Manifest;
use crate::model::name::PluginDir;
use crate::text::escape;

pub(crate) fn run(
    atk: &Atk,
    plugin: &str,
    script: &str,
    args: &[OsString],
    host: &dyn Host,
) -> Result<ScriptEnded> {
    let context = Context::begin(atk, host, "run", Some(plugin));
    let home = context.home()?;
    let manifest = Manifest::parse(&home.manifest_text()?)?;
    let directory = &installed(&manifest, plugin)?.directory;
    let (definition, _) = definition::of_installed(&home, directory)?;
    let path = find(&home, directory, script)?;
    let file = home.root().join(path.as_path());
    let place = Place {
        home: &home,
        token: None,
    };
    let program = Program::File(&file, args);
    let ended = command::start(&context, place, directory, &definition, script, program)?;
    let base = HomePath::plugin(directory);
    let inner = path.as_path().strip_prefix(base.as_path());
    Ok(ScriptEnded {
        script: inner
            .unwrap_or(path.as_path())
            .to_string_lossy()
            .into_owned(),
        exit_code: ended.exit_code(),
    })
}

/// The file that a name stands for: the user's own first.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for what leaves the plugin, [`ErrorKind::NotDeclared`] where
/// there is no such file.
fn find(home: &Home, plugin: &PluginDir, script: &str) -> Result<HomePath> {
    let base = HomePath::plugin(plugin);
    let outside = || {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("`{}` is not the name of a script", escape(script)),
        )
        .with_plugin(plugin.as_str())
    };
    for name in [format!("custom/{script}"), format!("custom/{script}.sh")]
        .into_iter()
        .chain([script.to_owned(), format!("{script}.sh")])
    {
        let path = base.join(&name).map_err(|_| outside())?;
        match home.look(&path)? {
            Seen::Content(FileKind::File | FileKind::Executable, _) => return Ok(path),
            Seen::Content(FileKind::Link, _) => return linked(home, plugin, &path),
            Seen::Nothing | Seen::Directory | Seen::Other => {}
        }
    }
    Err(Error::new(
        ErrorKind::NotDeclared,
        format!("`{plugin}` has no script `{}`", escape(script)),
    )
    .with_plugin(plugin.as_str()))
}

/// A link to a script is followed within the plugin's own directory.
fn linked(home: &Home, plugin: &PluginDir, path: &HomePath) -> Result<HomePath> {
    let file = home.root().join(path.as_path());
    let base = home.plugin_dir(plugin);
    let target = file.canonicalize().ok();
    let inside = target
        .as_deref()
        .filter(|target| target.is_file())
        .and_then(|target| target.strip_prefix(&base).ok())
        .and_then(|inner| HomePath::plugin(plugin).join(inner).ok());
    inside.ok_or_else(|| {
        Error::new(
            ErrorKind::ContentRefused,
            format!("`{path}` is a link that leads to no file of the plugin"),
        )
        .with_plugin(plugin.as_str())
        .with_path(file)
    })
}
