//! Finds the agent skills of a plugin, and the scripts that `run` can run.

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use crate::home::HomeDir;
use crate::model::name::PluginDir;

/// How deep skills and scripts are looked for, below the plugin's directory.
const DEPTH: usize = 4;
/// How many entries of a directory tree are looked at: some installs put a whole environment there.
const ENTRIES: usize = 20_000;
/// How many skills and scripts are listed.
const LISTED: usize = 200;

/// What was found, in order, relative to the plugin's directory.
#[derive(Default)]
pub(crate) struct Shipped {
    /// The directories that have a `SKILL.md`.
    pub(crate) skills: Vec<String>,
    /// The executable files.
    pub(crate) scripts: Vec<String>,
}

/// Looks for skills and scripts. Hidden directories and `node_modules` are left out: installs fill
/// them. What cannot be read is left out too.
pub(crate) fn find(home: &HomeDir, plugin: &PluginDir) -> Shipped {
    let base = home.plugin_dir(plugin);
    let mut found = Shipped::default();
    let walk = WalkDir::new(&base)
        .min_depth(1)
        .max_depth(DEPTH)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_of_interest);
    for entry in walk.filter_map(std::result::Result::ok).take(ENTRIES) {
        let Ok(inner) = entry.path().strip_prefix(&base) else {
            continue;
        };
        if entry.file_name() == "SKILL.md" && entry.file_type().is_file() {
            let parent = inner.parent().filter(|parent| *parent != Path::new(""));
            let parent = parent.unwrap_or(Path::new("."));
            push(&mut found.skills, parent);
        } else if is_executable(&entry) {
            push(&mut found.scripts, inner);
        }
    }
    found
}

fn push(list: &mut Vec<String>, path: &Path) {
    if list.len() < LISTED {
        list.push(path.to_string_lossy().into_owned());
    }
}

fn is_of_interest(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    !(entry.file_type().is_dir() && (name.starts_with('.') || name == "node_modules"))
}

fn is_executable(entry: &DirEntry) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let is_set = |metadata: std::fs::Metadata| metadata.permissions().mode() & 0o100 != 0;
    entry.file_type().is_file() && entry.metadata().is_ok_and(is_set)
}
