//! The content of the files. Each is read once, and every rule that looks into files sees it.

use std::collections::HashSet;

use super::commands::Commands;
use super::definition::{ReadDefinition, Step};
use super::findings::Findings;
use super::plugin_files::{PluginFiles, head};
use super::{scripts, secrets, skills};
use crate::error::Result;
use crate::fetching::object::EntryKind;
use crate::host::CancelToken;
use crate::model::lfs;
use crate::model::owned::DEFINITIONS;
use crate::rule::Rule;
use crate::text::escape;

/// How much of a file is read. What people write is smaller.
const READ: u64 = 1 << 20;

/// Which files do not say whether a variable is used: they are for people.
const DOCUMENTS: [&str; 4] = [".md", ".txt", ".rst", ".adoc"];

/// What is known after all files were seen.
pub(super) struct Seen<'a> {
    commands: Option<&'a Commands>,
    /// The plugin's display name.
    name: Option<String>,
    /// The declared variables that nothing was seen to use.
    unused: Vec<(usize, String)>,
    /// Bytes of all files.
    pub(super) bytes: u64,
}

impl<'a> Seen<'a> {
    pub(super) fn new(read: Option<&ReadDefinition>, commands: Option<&'a Commands>) -> Self {
        let mut used: HashSet<&str> = HashSet::new();
        if let (Some(read), Some(commands)) = (read, commands) {
            used.extend(commands.variables.iter().map(|one| one.name.as_str()));
            let mcp = read.definition.mcp.iter();
            used.extend(mcp.flat_map(|mcp| mcp.env.iter().map(String::as_str)));
        }
        let declared = read.iter().flat_map(|read| &read.definition.env_vars);
        let unused = declared
            .enumerate()
            .filter(|(_, variable)| !used.contains(variable.name.as_str()))
            .map(|(index, variable)| (index, variable.name.clone()));
        Seen {
            commands,
            name: read.map(|read| read.definition.name.clone()),
            unused: unused.collect(),
            bytes: 0,
        }
    }

    /// Adds the variables that nothing uses.
    pub(super) fn unused(&self, read: &ReadDefinition, findings: &mut Findings<'_>) {
        for (index, name) in self.unused.iter().filter(|(_, name)| !name.is_empty()) {
            let steps = [
                Step::Key("env_vars"),
                Step::Index(*index),
                Step::Key("name"),
            ];
            let field = format!("env_vars[{index}].name");
            let message = format!(
                "`{}` is declared, and no command and no file of the plugin uses it",
                escape(name)
            );
            findings.of_field(Rule::VariableUnused, (read.mark(&steps), &field), message);
        }
    }
}

/// Reads every file, and applies the rules about contents.
pub(super) fn look(
    plugin: &PluginFiles,
    seen: &mut Seen<'_>,
    cancel: &CancelToken,
    findings: &mut Findings<'_>,
) -> Result<()> {
    for file in &plugin.files {
        cancel.check()?;
        if file.kind == EntryKind::Link {
            continue;
        }
        let path = file.path.as_str();
        let full = plugin.dir.join(path);
        let content = head(&full, READ)?;
        let size = full.metadata().map_or(0, |metadata| metadata.len());
        seen.bytes = seen.bytes.saturating_add(size);
        if lfs::is_pointer(&content) {
            // The reader of the definition says so itself.
            if !DEFINITIONS.contains(&path) {
                let message = "is a Git LFS pointer: users get it instead of the file".to_owned();
                findings.of_file(Rule::LfsPointer, path, message);
            }
            continue;
        }
        if let Some(commands) = seen.commands {
            scripts::check_content(file, &content, commands, findings);
        }
        secrets::check(path, &content, findings);
        skills::check(plugin, seen.name.as_deref(), path, &content, findings);
        let is_document = DOCUMENTS.iter().any(|suffix| path.ends_with(suffix));
        if !is_document && !DEFINITIONS.contains(&path) {
            seen.unused.retain(|(_, name)| !has_word(&content, name));
        }
    }
    Ok(())
}

/// True if a text has this name, and not as a part of a longer one.
fn has_word(text: &[u8], name: &str) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|b| *b == b'_' || b.is_ascii_alphanumeric());
    let name = name.as_bytes();
    !name.is_empty()
        && text.windows(name.len()).enumerate().any(|(at, window)| {
            window == name
                && !is_part(at.checked_sub(1).and_then(|before| text.get(before)))
                && !is_part(text.get(at + name.len()))
        })
}
