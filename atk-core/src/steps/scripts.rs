//! The scripts of a plugin that can be run by their names.

use std::path::Path;

use crate::home::{HomeDir, HomePath};
use crate::model::name::PluginDir;
use crate::model::owned::CUSTOM;
use crate::text::escape;

use super::unsaved_files::NAMED;

/// The end of a script's name that may be left out.
const SUFFIX: &str = ".sh";

/// Says which scripts a plugin has: executable files and `*.sh`, in its directory and in `custom/`. Others
/// are run by their path.
pub(crate) fn help(home: &HomeDir, plugin: &PluginDir) -> String {
    let names = names(home, plugin);
    if names.is_empty() {
        return format!("`plugins/{plugin}` has no executable file, and `custom/` there has none");
    }
    let more = names.len().saturating_sub(NAMED);
    let shown = names.iter().take(NAMED);
    let mut shown: Vec<_> = shown.map(|name| format!("`{}`", escape(name))).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    format!("its scripts are {}", shown.join(", "))
}

/// The names that run a script, without `.sh`. What cannot be read has none.
fn names(home: &HomeDir, plugin: &PluginDir) -> Vec<String> {
    let own = HomePath::plugin(plugin);
    let mut names = Vec::new();
    for place in [own.join(CUSTOM), Ok(own)].into_iter().flatten() {
        let found = home.names(&place).ok().flatten().unwrap_or_default();
        let directory = home.root().join(place.as_path());
        let found = found.iter().filter_map(|name| name.to_str());
        let scripts = found.filter(|name| is_script(&directory.join(name), name));
        names.extend(scripts.map(|name| name.strip_suffix(SUFFIX).unwrap_or(name).to_owned()));
    }
    names.sort();
    names.dedup();
    names
}

fn is_script(path: &Path, name: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let Ok(metadata) = path.metadata() else {
        return false;
    };
    let is_executable = metadata.permissions().mode() & 0o111 != 0;
    metadata.is_file() && !name.starts_with('.') && (is_executable || name.ends_with(SUFFIX))
}
