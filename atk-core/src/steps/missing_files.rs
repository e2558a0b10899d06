//! The files of an installed plugin are missing: what brings them back.

use crate::error::{Error, ErrorKind};
use crate::home::{HomeDir, HomePath};
use crate::model::manifest::Entry;
use crate::model::owned;
use crate::model::source::SourceKind;

/// The error of a plugin without a definition on disk. Its help is a command that works: a local
/// plugin cannot be fetched, so the home's history is searched for it.
pub(crate) fn files(home: &HomeDir, entry: &Entry) -> Error {
    let directory = &entry.directory;
    let path = HomePath::plugin(directory);
    let help = match entry.source.kind {
        SourceKind::Registry | SourceKind::Git => {
            format!("run `atk install {directory}` to fetch them")
        }
        SourceKind::Local => local(home, &path, directory.as_str()),
    };
    Error::new(
        ErrorKind::SourceNotFound,
        format!("the files of `{directory}` are missing: `{path}/plugin.yaml` does not exist"),
    )
    .with_plugin(directory.as_str())
    .with_path(home.plugin_dir(directory))
    .with_help(help)
}

fn local(home: &HomeDir, path: &HomePath, directory: &str) -> String {
    let root = home.root().display();
    match home.last_commit_with(path) {
        Some(commit) => {
            // What the user has in `custom/` now may be newer than what that commit has.
            let custom = path
                .join(owned::CUSTOM)
                .and_then(|custom| home.exists(&custom));
            let except = match custom {
                Ok(false) => String::new(),
                Ok(true) | Err(_) => format!(" ':!{path}/custom'"),
            };
            format!(
                "run `git -C {root} checkout {commit} -- {path}{except}` to restore them from the \
                 home's history"
            )
        }
        None => format!(
            "the home's history does not have them; add the plugin again from its directory: \
             `atk remove {directory}`, then `atk add <path>`"
        ),
    }
}
