//! Scripts that commands start: they exist, can be executed, and have an interpreter.

use super::commands::{Commands, NamedScript, Starter};
use super::definition::{ReadDefinition, Step};
use super::findings::Findings;
use super::plugin_files::PluginFiles;
use crate::fetch::StagedFile;
use crate::fetching::object::EntryKind;
use crate::model::compose::DEFAULT_FILES;
use crate::model::owned::CUSTOM;
use crate::model::plugin::{DEFAULT_COMPOSE_FILE, ServiceType};
use crate::model::suggest::nearest;
use crate::rule::{Rule, Severity};
use crate::text::escape;

/// The first bytes of programs for Linux, and of those for macOS.
const BINARIES: [&[u8]; 5] = [
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xcf",
    b"MZ",
];

/// Finds what the definition names and the plugin does not have.
pub(super) fn check_missing(
    plugin: &PluginFiles,
    read: &ReadDefinition,
    commands: &Commands,
    findings: &mut Findings<'_>,
) {
    for script in &commands.scripts {
        if exists(plugin, &script.path) {
            continue;
        }
        let near = nearest(
            &script.path,
            plugin.files.iter().map(|file| file.path.as_str()),
        );
        let path = escape(&script.path);
        let may_be_made = may_be_made(read, script);
        let message = match may_be_made {
            true => format!("`{path}` does not exist, unless `install` makes it"),
            false => format!("`{path}` does not exist in the plugin"),
        };
        let place = (&script.place.mark, script.place.field.as_str());
        let finding = findings.of_field(Rule::ScriptMissing, place, message);
        if may_be_made {
            finding.severity = Severity::Warning;
        }
        if let Some(near) = near {
            finding.fix = format!("write `{}`, or add `{path}`", escape(near));
        }
    }
    check_compose_file(plugin, read, commands, findings);
}

/// True if the plugin has this file, or a directory or link where it may be.
fn exists(plugin: &PluginFiles, path: &str) -> bool {
    let is_below = |file: &StagedFile| {
        let rest = file.path.as_str().strip_prefix(path);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let is_behind_link = |file: &StagedFile| {
        let rest = path.strip_prefix(file.path.as_str());
        file.kind == EntryKind::Link && rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let is_users = path
        .strip_prefix(CUSTOM)
        .is_some_and(|rest| rest.starts_with('/'));
    is_users
        || plugin
            .files
            .iter()
            .any(|file| file.path.as_str() == path || is_below(file) || is_behind_link(file))
}

/// True if the `install` command may make the file: it is not a shell script, and not what `install`
/// itself starts.
fn may_be_made(read: &ReadDefinition, script: &NamedScript) -> bool {
    read.definition.lifecycle.install.is_some()
        && script.place.field != "lifecycle.install"
        && !script.path.ends_with(".sh")
}

fn check_compose_file(
    plugin: &PluginFiles,
    read: &ReadDefinition,
    commands: &Commands,
    findings: &mut Findings<'_>,
) {
    let Some(service) = &read.definition.service else {
        return;
    };
    if service.kind != ServiceType::DockerCompose || findings.has_error_of("service") {
        return;
    }
    let is_missing = match &service.compose_file {
        Some(file) => {
            let file = file.trim_start_matches("./");
            !exists(plugin, file)
        }
        None => !DEFAULT_FILES.iter().any(|file| exists(plugin, file)),
    };
    if !is_missing {
        return;
    }
    let (steps, field): (&[Step<'_>], _) = match &service.compose_file {
        Some(_) => (
            &[Step::Key("service"), Step::Key("compose_file")],
            "service.compose_file",
        ),
        None => (&[Step::Key("service")], "service"),
    };
    let file = service
        .compose_file
        .as_deref()
        .unwrap_or(DEFAULT_COMPOSE_FILE);
    let message = format!("the compose file `{}` does not exist", escape(file));
    let finding = findings.of_field(Rule::ComposeFileMissing, (read.mark(steps), field), message);
    // A service that is run by scripts may have its file where they say.
    if service.compose_file.is_none() && !commands.scripts.is_empty() {
        finding.severity = Severity::Warning;
    }
}

/// Checks the content of a file, if a command names it.
pub(super) fn check_content(
    file: &StagedFile,
    content: &[u8],
    commands: &Commands,
    findings: &mut Findings<'_>,
) {
    let path = file.path.as_str();
    let mut named = commands.scripts.iter().filter(|one| one.path == path);
    let Some(script) = named.clone().max_by_key(|one| strictness(one.starter)) else {
        return;
    };
    let first = content.split(|byte| *byte == b'\n').next();
    let first = first.unwrap_or_default();
    let is_started = script.starter != Starter::Interpreter;
    if is_started && file.kind != EntryKind::Executable {
        let place = named.find(|one| one.starter != Starter::Interpreter);
        let field = place.map_or("", |one| one.place.field.as_str());
        let message = format!("`{path}` is not executable, and `{field}` starts it");
        findings.of_file(Rule::ScriptNotExecutable, path, message);
    }
    let is_binary = BINARIES.iter().any(|magic| content.starts_with(magic)) || first.contains(&0);
    if is_binary {
        return;
    }
    if first.ends_with(b"\r") && (is_started || path.ends_with(".sh")) {
        let message = format!("the lines of `{path}` end in CR LF");
        findings.of_file(Rule::ScriptLineEnds, path, message);
    }
    if is_started && !first.starts_with(b"#!") {
        let message = format!("`{path}` does not begin with a `#!` line");
        let finding = findings.of_file(Rule::ScriptShebang, path, message);
        // A shell runs it itself, the system refuses it.
        if script.starter == Starter::System {
            finding.severity = Severity::Error;
        }
    }
}

fn strictness(starter: Starter) -> u8 {
    match starter {
        Starter::Interpreter => 0,
        Starter::Shell => 1,
        Starter::System => 2,
    }
}
