//! Which files of a plugin people read, and nothing runs.

use std::collections::BTreeSet;

use crate::fetch::StagedFile;
use crate::fetching::object::EntryKind;
use crate::model::plugin::Definition;
use crate::model::{lifecycle, steering};

/// What such files are called, in any case. What an agent reads (`SKILL.md`, `AGENTS.md`) is not
/// among them: to an agent these are orders.
const NAMES: [&str; 13] = [
    "authors",
    "changelog",
    "changes",
    "code_of_conduct",
    "contributing",
    "contributors",
    "copying",
    "history",
    "licence",
    "license",
    "notice",
    "readme",
    "security",
];
const TEXTS: [&str; 5] = ["md", "markdown", "rst", "adoc", "txt"];
/// The directories at the top in which texts and pictures are documentation whatever their names.
const DIRECTORIES: [&str; 2] = ["doc", "docs"];
const PICTURES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "svg", "webp"];

/// The documentation of a version of a plugin.
pub(crate) struct Documentation<'a> {
    /// Programs and links.
    others: BTreeSet<&'a str>,
    /// And the defaults that change what they run.
    commands: Vec<&'a str>,
}

impl<'a> Documentation<'a> {
    /// That among these files.
    pub(crate) fn of(definition: &'a Definition, files: &'a [StagedFile]) -> Self {
        let defaults = steering::defaults(definition).map(|(_, default)| default);
        let commands = lifecycle::commands(definition).chain(defaults).collect();
        let others = files.iter().filter(|file| file.kind != EntryKind::File);
        Documentation {
            others: others.map(|file| file.path.as_str()).collect(),
            commands,
        }
    }

    /// True for a path that is called like documentation, is a plain file (or none any more), and
    /// is named by no command.
    pub(crate) fn contains(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_named = self.commands.iter().any(|command| command.contains(name));
        !self.others.contains(path) && !is_named && is_called_so(path, name)
    }
}

fn is_called_so(path: &str, name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    let is_text = TEXTS.contains(&extension);
    if let Some((first, _)) = path.split_once('/')
        && DIRECTORIES.contains(&first)
    {
        return is_text || PICTURES.contains(&extension);
    }
    // Without an extension only capitals tell a text from a program: `README`, `LICENSE-MIT`.
    let is_text = is_text || (extension.is_empty() && *name == name.to_ascii_uppercase());
    let base = stem.split(['.', '-']).next().unwrap_or(stem);
    is_text && NAMES.contains(&base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetching::object::ObjectId;
    use crate::model::tree_path::TreePath;

    fn definition(rest: &str) -> Definition {
        let text = format!("schema_version: '2026-01-23'\nname: X\ndescription: x\n{rest}");
        let read = Definition::read(text.as_bytes(), "plugin.yaml", None);
        read.unwrap().0
    }

    #[test]
    fn it_is_told_by_its_name() {
        let definition = definition("");
        let documentation = Documentation::of(&definition, &[]);
        for path in [
            "README.md",
            "sub/README",
            "README.de.md",
            "LICENSE",
            "LICENSE-MIT",
            "Changelog.txt",
            "CODE_OF_CONDUCT.md",
            "docs/a.RST",
            "docs/deep/picture.png",
        ] {
            assert!(documentation.contains(path), "{path}");
        }
        for path in [
            "plugin.yaml",
            "run.sh",
            "notes.txt",
            "SKILL.md",
            "AGENTS.md",
            "skill/reference.md",
            "requirements.txt",
            "CMakeLists.txt",
            "md",
            "docs",
            "docs/run",
            "docs/run.py",
            "sub/docs/orders.md",
            "license.py",
            "readme.sh",
            "readme.md/run",
            "readme_run",
            "changes",
            "readme",
        ] {
            assert!(!documentation.contains(path), "{path}");
        }
    }

    #[test]
    fn what_a_command_names_or_could_run_is_none() {
        let file = |path: &str, kind| StagedFile {
            path: TreePath::child(None, path.as_bytes()).unwrap(),
            kind,
            id: ObjectId::of_blob(b""),
        };
        let files = [
            file("CHANGES", EntryKind::Executable),
            file("HISTORY.md", EntryKind::Link),
            file("LICENSE", EntryKind::File),
            file("NOTICE", EntryKind::File),
            file("README.md", EntryKind::File),
            file("README-first", EntryKind::Executable),
            file("SECURITY.md", EntryKind::File),
        ];
        let definition = definition(
            "lifecycle: {install: 'sh ./README.md', uninstall: x}\n\
             mcp: {transport: stdio, command: sh, args: [NOTICE]}\n\
             env_vars: [{name: BASH_ENV, default: ./SECURITY.md}, {name: MODE, default: LICENSE}]\n",
        );
        let documentation = Documentation::of(&definition, &files);
        let paths = files.iter().map(|file| file.path.as_str());
        let read: Vec<&str> = paths.filter(|path| documentation.contains(path)).collect();
        assert_eq!(read, ["LICENSE"]);
    }
}
