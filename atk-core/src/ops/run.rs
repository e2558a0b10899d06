//! `run`: a script of a plugin.
//!
//! It takes no lock: a script of the user's may well run ATK itself.

use std::ffi::OsString;
use std::io;

use crate::error::{Error, ErrorKind, Result};
use crate::home::{HomeDir, HomePath};
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::outcome::{ScriptEnded, Select};
use crate::steps::context::Context;
use crate::steps::lifecycle_command;
use crate::steps::lifecycle_command::CommandHome;
use crate::steps::{definition, home_trust, reading, scripts, spelling};
use crate::text::escape;

pub(crate) fn run(
    context: &Context<'_>,
    plugin: &str,
    script: &str,
    args: &[OsString],
) -> Result<ScriptEnded> {
    let home = context.home()?;
    let (entry, definition, path) = reading::of_plugin(context, &home, plugin, |entry| {
        let (definition, _) = definition::of_installed(&home, entry)?;
        let path = find(&home, &entry.directory, script)?;
        Ok((entry.clone(), definition, path))
    })?;
    let directory = &entry.directory;
    home_trust::require_for(context, &home, &Select::One(plugin.to_owned()))?;
    let place = CommandHome {
        home: &home,
        token: None,
    };
    let plugin = (directory, &definition);
    let ended = lifecycle_command::run_script(context, place, plugin, (script, &path), args)?;
    let base = HomePath::plugin(directory);
    let inner = path.as_path().strip_prefix(base.as_path());
    Ok(ScriptEnded {
        script: inner
            .unwrap_or(path.as_path())
            .to_string_lossy()
            .into_owned(),
        exit_code: ended.exit_code(),
        warnings: Vec::new(),
    })
}

/// The file that a name stands for: the user's own first.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for what is no path below the plugin,
/// [`ErrorKind::ContentRefused`] for a link that leaves it, [`ErrorKind::NotDeclared`] if there
/// is no such file.
fn find(home: &HomeDir, plugin: &PluginDir, script: &str) -> Result<HomePath> {
    let base = HomePath::plugin(plugin);
    let mut directory = None;
    for name in [format!("custom/{script}"), format!("custom/{script}.sh")]
        .into_iter()
        .chain([script.to_owned(), format!("{script}.sh")])
    {
        let path = base.join(&name).map_err(|_| {
            Error::new(
                ErrorKind::InvalidArgument,
                format!("`{}` is not the name of a script", escape(script)),
            )
            .with_plugin(plugin.as_str())
        })?;
        let path = as_spelled(home, path);
        match look(home, plugin, &path)? {
            ScriptLookup::File => return Ok(path),
            ScriptLookup::Directory => directory = directory.or(Some(path)),
            ScriptLookup::Nothing => {}
        }
    }
    let message = match directory {
        Some(path) => format!("`{path}` is a directory, not a script"),
        None => format!("`{plugin}` has no script `{}`", escape(script)),
    };
    Err(Error::new(ErrorKind::NotDeclared, message)
        .with_plugin(plugin.as_str())
        .with_help(scripts::help(home, plugin)))
}

/// The path as the disk spells it, if it differs in Unicode normalisation only.
fn as_spelled(home: &HomeDir, path: HomePath) -> HomePath {
    let spelled = spelling::spelled(&home.root().join(path.as_path()));
    let inner = spelled
        .as_deref()
        .and_then(|file| file.strip_prefix(home.root()).ok());
    inner
        .and_then(|inner| HomePath::new(inner).ok())
        .unwrap_or(path)
}

/// What is at the path of a script.
enum ScriptLookup {
    File,
    Directory,
    Nothing,
}

/// Looks at the path of a script. Links are followed, those to directories too, within the plugin.
fn look(home: &HomeDir, plugin: &PluginDir, path: &HomePath) -> Result<ScriptLookup> {
    let file = home.root().join(path.as_path());
    let failed = |error| Error::io("cannot look at", &file, error).with_plugin(plugin.as_str());
    let target = match file.canonicalize() {
        Ok(target) => target,
        Err(error) => match error.kind() {
            // A link to nothing is nothing.
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                return Ok(ScriptLookup::Nothing);
            }
            _ => return Err(failed(error)),
        },
    };
    let base = home.plugin_dir(plugin);
    // What is the user's may lie elsewhere: `custom` may be a link.
    let custom = base.join(owned::CUSTOM).canonicalize().ok();
    let base = base.canonicalize().map_err(failed)?;
    let is_users = HomePath::plugin(plugin).join(owned::CUSTOM)?;
    let may_be_there = path.as_path().starts_with(is_users.as_path());
    let is_custom = may_be_there && custom.is_some_and(|custom| target.starts_with(custom));
    if !target.starts_with(base) && !is_custom {
        return Err(Error::new(
            ErrorKind::ContentRefused,
            format!("`{path}` leads out of the plugin"),
        )
        .with_plugin(plugin.as_str())
        .with_path(&file));
    }
    Ok(if target.is_dir() {
        ScriptLookup::Directory
    } else if target.is_file() {
        ScriptLookup::File
    } else {
        ScriptLookup::Nothing
    })
}
