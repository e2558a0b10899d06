//! Agent skills: a directory with a `SKILL.md`.

use super::findings::Findings;
use super::plugin_files::PluginFiles;
use crate::agents::skills::SkillDefinition;
use crate::model::name::PluginDir;
use crate::rule::{Rule, Severity};

/// The file that makes a directory a skill.
const FILE: &str = "SKILL.md";

/// Checks a file, if it is that of a skill.
pub(super) fn check(
    plugin: &PluginFiles,
    name: Option<&str>,
    path: &str,
    content: &[u8],
    findings: &mut Findings<'_>,
) {
    let directory = match path.rsplit_once('/') {
        None if path == FILE => own_directory(name),
        Some((parent, FILE)) => {
            if !has_own(plugin) {
                let message =
                    "is not in the plugin's directory, and agents do not get it".to_owned();
                findings.of_file(Rule::SkillNested, path, message);
            }
            parent.rsplit('/').next().map(str::to_owned)
        }
        None | Some(_) => return,
    };
    if content.starts_with("\u{feff}".as_bytes()) {
        let message = "begins with a byte order mark, and some agents ignore the file".to_owned();
        findings.of_file(Rule::SkillByteOrderMark, path, message);
    }
    let first = content.split(|byte| *byte == b'\n').next();
    if first.is_some_and(|first| first.ends_with(b"\r")) {
        let message = "has lines that end in CR LF, and some agents ignore the file".to_owned();
        findings.of_file(Rule::SkillLineEnds, path, message);
    }
    let (_, problems) = SkillDefinition::inspect(content, directory.as_deref().unwrap_or_default());
    for problem in problems {
        // Without a name of the plugin, its directory is not known.
        if problem.rule == Some(Rule::SkillName) && directory.is_none() {
            continue;
        }
        let problem = crate::error::Problem {
            file: plugin.shown(path),
            ..problem
        };
        findings.problem(problem, Severity::Error);
    }
}

/// True if the plugin has a skill: the files of others below it may be parts of that one.
fn has_own(plugin: &PluginFiles) -> bool {
    plugin.files.iter().any(|file| file.path.as_str() == FILE)
}

/// The directory that the plugin itself gets in a home.
fn own_directory(name: Option<&str>) -> Option<String> {
    let directory = PluginDir::from_display_name(name?).ok()?;
    Some(directory.as_str().to_owned())
}
