//! How a plugin in the directory of a registry differs from what it was at a commit.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::context::Context;
use super::differences;
use super::documentation::Documentation;
use super::registry_dir::{PLUGINS, RegistryDir};
use crate::error::{Error, Result};
use crate::fetch::StagedFile;
use crate::fetching::object::{EntryKind, ObjectId};
use crate::model::owned::DEFINITIONS;
use crate::model::plugin::Definition;
use crate::outcome::{FileChanges, RegistryChange, RegistryChangeKind};
use crate::repository::{AuthorFile, AuthorTree};

/// Compares a plugin with the files that it had. `None` if nothing differs.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io), [`ErrorKind::GitFailed`](crate::ErrorKind::GitFailed).
pub(crate) fn of(
    context: &Context<'_>,
    registry: &RegistryDir,
    past: &AuthorTree,
    (name, old): (&str, &BTreeMap<String, AuthorFile>),
) -> Result<Option<RegistryChange>> {
    let dir = registry.plugin(name);
    let is_there = fs::symlink_metadata(&dir).is_ok_and(|found| found.is_dir());
    let files = match is_there {
        true => registry.files(context, name)?.map(|found| found.files),
        false => None,
    };
    let is_gone = files.is_none();
    let mut files = files.unwrap_or_default();
    for file in &mut files {
        file.id = content_id(&dir, file)?;
    }

    let edited = past.edited(&format!("{PLUGINS}/{name}"))?;
    let changes = changes(&dir, (old, &edited), &files);
    if changes == FileChanges::default() {
        return Ok(None);
    }
    let was = old_definition(past, old)?;
    let is = new_definition(&dir)?;
    let mut commands = Vec::new();
    let mut runnable: Vec<String> = [&changes.added, &changes.changed]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    if let Some(is) = &is {
        commands = differences::commands(was.as_ref(), is);
        let documentation = Documentation::of(is, &files);
        runnable
            .retain(|path| !documentation.contains(path) && !DEFINITIONS.contains(&path.as_str()));
    }
    runnable.sort();
    Ok(Some(RegistryChange {
        name: name.to_owned(),
        change: match (old.is_empty(), is_gone) {
            (true, _) => RegistryChangeKind::Added,
            (false, true) => RegistryChangeKind::Removed,
            (false, false) => RegistryChangeKind::Changed,
        },
        files: changes,
        commands,
        runnable,
    }))
}

/// `edited` are the files that differ as git compares them.
fn changes(
    dir: &Path,
    (old, edited): (&BTreeMap<String, AuthorFile>, &BTreeSet<String>),
    new: &[StagedFile],
) -> FileChanges {
    let mut changes = FileChanges::default();
    let new: BTreeMap<&str, &StagedFile> =
        new.iter().map(|file| (file.path.as_str(), file)).collect();
    for (path, file) in &new {
        match old.get(*path) {
            None => changes.added.push((*path).to_owned()),
            Some(was) => {
                let is_edited = was.id != file.id.to_string() && edited.contains(*path);
                if is_edited || was.mode != mode(file.kind) {
                    changes.changed.push((*path).to_owned());
                }
            }
        }
    }
    for path in old.keys().filter(|path| !new.contains_key(path.as_str())) {
        // What is still there is left out of the plugin, then as now.
        if fs::symlink_metadata(dir.join(path)).is_err() {
            changes.removed.push(path.clone());
        }
    }
    changes
}

/// The mode that git records.
fn mode(kind: EntryKind) -> i32 {
    match kind {
        EntryKind::Executable => 0o100_755,
        EntryKind::Link => 0o120_000,
        EntryKind::Submodule => 0o160_000,
        EntryKind::Tree => 0o040_000,
        EntryKind::File => 0o100_644,
    }
}

fn content_id(dir: &Path, file: &StagedFile) -> Result<ObjectId> {
    let path = dir.join(OsStr::from_bytes(file.path.as_str().as_bytes()));
    let content = match file.kind {
        EntryKind::Link => {
            fs::read_link(&path).map(|target| target.into_os_string().as_bytes().to_vec())
        }
        _ => fs::read(&path),
    };
    let content = content.map_err(|cause| Error::io("cannot read", &path, cause))?;
    Ok(ObjectId::of_blob(&content))
}

fn old_definition(
    past: &AuthorTree,
    old: &BTreeMap<String, AuthorFile>,
) -> Result<Option<Definition>> {
    let found = DEFINITIONS.iter().find_map(|name| old.get(*name));
    let content = found.map(|file| past.content(file)).transpose()?;
    Ok(content.and_then(|bytes| parsed(&bytes)))
}

fn new_definition(dir: &Path) -> Result<Option<Definition>> {
    for name in DEFINITIONS {
        let path = dir.join(name);
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
            let bytes = fs::read(&path).map_err(|cause| Error::io("cannot read", &path, cause))?;
            return Ok(parsed(&bytes));
        }
    }
    Ok(None)
}

/// A definition that cannot be read has no commands: checking the registry finds why.
fn parsed(bytes: &[u8]) -> Option<Definition> {
    let read = Definition::read(bytes, DEFINITIONS[0], None);
    read.ok().map(|(definition, _)| definition)
}
