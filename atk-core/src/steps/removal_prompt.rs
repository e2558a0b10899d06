//! What is said and asked before a plugin goes.

use std::ffi::OsStr;
use std::path::Path;

use super::answers::Ask;
use super::unsaved_files::{NAMED, UnsavedFiles, UnsavedScope};
use crate::error::{Error, ErrorKind, Result};
use crate::home::{FileKind, HomeDir, HomePath, PathState, ReceiptFile};
use crate::host::{Prompt, PromptKind, Reply};
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::model::owned;
use crate::model::plugin::Definition;
use crate::text::escape;

/// Fails where a link stands in the place of a plugin's directory: what it names is not ATK's.
pub(crate) fn refuse_link(home: &HomeDir, plugin: &PluginDir) -> Result<()> {
    let path = HomePath::plugin(plugin);
    match home.look(&path)? {
        PathState::Content(FileKind::Link, _) => Err(Error::new(
            ErrorKind::HomeInvalid,
            format!("`{path}` is a link: its target is not removed"),
        )
        .with_plugin(plugin.as_str())
        .with_path(home.plugin_dir(plugin))
        .with_help("remove the link itself")),
        PathState::Content(..) | PathState::Directory | PathState::Nothing | PathState::Other => {
            Ok(())
        }
    }
}

/// Asks whether a plugin may go, showing what runs and what is deleted.
///
/// # Errors
/// [`ErrorKind::Declined`] on a no, [`ErrorKind::InteractionRequired`] without an answer.
pub(crate) fn confirm(
    ask: &Ask<'_>,
    home: &HomeDir,
    plugin: &PluginDir,
    entry: Option<&Entry>,
    definition: Option<&Definition>,
) -> Result<()> {
    let scope = UnsavedScope::of(home, plugin, entry);
    let name = escape(entry.map_or(plugin.as_str(), |entry| &entry.name));
    let (id, message) = match entry {
        Some(_) => (
            format!("confirm:remove:{plugin}"),
            format!("remove `{name}` and all its files?"),
        ),
        None => (
            format!("confirm:clean:{plugin}"),
            format!("`plugins/{plugin}` belongs to no plugin of the manifest: delete it?"),
        ),
    };
    let mut prompt = Prompt::new(&id, plugin.as_str(), PromptKind::Confirm, message);
    prompt.required = true;
    prompt.details = details(home, plugin, definition.filter(|_| entry.is_some()))?;
    let unsaved = home
        .open_repository()
        .and_then(|found| UnsavedFiles::left_out(&found, plugin, scope, ask.cancel));
    prompt.details.extend(match unsaved {
        Ok(unsaved) => unsaved.lines(home, plugin, "moves to the backups"),
        Err(error) => vec![format!("git may not have all of its files: {error}")],
    });
    match ask.reply(prompt)? {
        Reply::Yes => Ok(()),
        Reply::No | Reply::UseDefault | Reply::Text(_) => Err(Error::new(
            ErrorKind::Declined,
            format!("`{name}` was not removed"),
        )
        .with_plugin(plugin.as_str())
        .with_prompt(id)),
        Reply::Unanswered => Err(Error::new(
            ErrorKind::InteractionRequired,
            format!("removing `{name}` needs confirmation"),
        )
        .with_plugin(plugin.as_str())
        .with_prompt(id)),
    }
}

/// What in the directory of a fetched plugin neither came with it nor is the user's: data, say, or
/// what its commands made. It goes too, and nothing keeps it.
fn strangers(home: &HomeDir, plugin: &PluginDir) -> Result<Vec<String>> {
    let Some(receipt) = home.receipt(plugin) else {
        return Ok(Vec::new());
    };
    let path = HomePath::plugin(plugin);
    let is_known = |name: &OsStr| {
        let top = |file: &ReceiptFile| Path::new(&file.path).iter().next() == Some(name);
        owned::is_users(name) || owned::is_noted(Path::new(name)) || receipt.files.iter().any(top)
    };
    let names = home.names(&path)?.unwrap_or_default();
    let mut lines: Vec<String> = names
        .iter()
        .filter(|name| !is_known(name))
        .map(|name| {
            let name = escape(&name.to_string_lossy());
            format!("deletes {path}/{name}, which is not part of the plugin")
        })
        .collect();
    let more = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    if more > 0 {
        lines.push(format!(
            "deletes {more} more that are not part of the plugin"
        ));
    }
    Ok(lines)
}

/// The commands that will run, and what will be deleted, a line each.
fn details(
    home: &HomeDir,
    plugin: &PluginDir,
    definition: Option<&Definition>,
) -> Result<Vec<String>> {
    let mut lines: Vec<String> = [LifecycleEvent::Stop, LifecycleEvent::Uninstall]
        .into_iter()
        .filter_map(|event| {
            let command = event.command(definition?)?;
            Some(format!("runs {event}: {}", escape(command)))
        })
        .collect();
    let path = HomePath::plugin(plugin);
    lines.push(format!("deletes {path}/"));
    lines.extend(strangers(home, plugin)?);
    match home.look(&path.join(owned::CUSTOM)?)? {
        PathState::Nothing => {}
        PathState::Content(FileKind::Link, _) => {
            lines.push(format!("deletes the link {path}/custom; its target stays"))
        }
        PathState::Directory | PathState::Content(..) | PathState::Other => {
            lines.push(format!("deletes {path}/custom/, which holds your files"));
        }
    }
    if home.exists(&HomePath::env(plugin))? {
        lines.push(format!(
            "moves {path}/.env, which holds your answers, to the trash for 30 days"
        ));
    }
    Ok(lines)
}
