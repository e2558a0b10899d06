//! Variables that commands use, and those that are declared.

use std::collections::HashSet;

use super::commands::{Commands, UsedVariable};
use super::definition::{ReadDefinition, Step};
use super::findings::Findings;
use crate::model::suggest::nearest;
use crate::rule::Rule;
use crate::text::escape;

/// Variables that a process has anyway.
const OF_THE_ENVIRONMENT: [&str; 27] = [
    "HOME",
    "PATH",
    "USER",
    "LOGNAME",
    "SHELL",
    "PWD",
    "OLDPWD",
    "TMPDIR",
    "TERM",
    "LANG",
    "TZ",
    "HOSTNAME",
    "UID",
    "EUID",
    "PPID",
    "RANDOM",
    "SECONDS",
    "IFS",
    "DISPLAY",
    "EDITOR",
    "PAGER",
    "MAIL",
    "SHLVL",
    "BASH",
    "BASH_SOURCE",
    "FUNCNAME",
    "LINENO",
];
const PREFIXES: [&str; 5] = ["ATK_", "XDG_", "LC_", "DOCKER_", "COMPOSE_"];

/// What a secret's name has at its end.
const SECRET_ENDS: [&str; 7] = [
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "API_KEY",
    "SECRET_KEY",
    "PRIVATE_KEY",
];

/// Finds variables that are used and not declared, and secrets that are not declared as such.
pub(super) fn check_declared(
    read: &ReadDefinition,
    commands: &Commands,
    findings: &mut Findings<'_>,
) {
    let declared: Vec<_> = read
        .definition
        .env_vars
        .iter()
        .map(|variable| variable.name.as_str())
        .collect();
    let mut reported = HashSet::new();
    for used in &commands.variables {
        let name = used.name.as_str();
        if declared.contains(&name) || used.has_default || is_there_anyway(used) {
            continue;
        }
        if !reported.insert((name, used.place.field.as_str())) {
            continue;
        }
        let message = match used.place.field.starts_with("mcp.") {
            true => format!("`${name}` stays as it is: only variables of `env_vars` are filled in"),
            false => format!("`${name}` is not declared in `env_vars`"),
        };
        let place = (&used.place.mark, used.place.field.as_str());
        let finding = findings.of_field(Rule::VariableUndeclared, place, message);
        if let Some(near) = nearest(name, declared.iter().copied()) {
            finding.fix = format!("write `${near}`, or declare `{name}` in `env_vars`");
        }
    }
    check_server(read, &declared, findings);
    check_secrets(read, findings);
}

/// The names in `mcp.env`.
fn check_server(read: &ReadDefinition, declared: &[&str], findings: &mut Findings<'_>) {
    let names = read.definition.mcp.iter().flat_map(|mcp| &mcp.env);
    for (index, name) in names.enumerate() {
        if declared.contains(&name.as_str()) || is_of_environment(name) {
            continue;
        }
        let steps = [Step::Key("mcp"), Step::Key("env"), Step::Index(index)];
        let field = format!("mcp.env[{index}]");
        let message = format!("`{}` is not declared in `env_vars`", escape(name));
        let place = (read.mark(&steps), field.as_str());
        let finding = findings.of_field(Rule::VariableUndeclared, place, message);
        if let Some(near) = nearest(name, declared.iter().copied()) {
            finding.fix = format!(
                "write `{near}`, or declare `{}` in `env_vars`",
                escape(name)
            );
        }
    }
}

fn check_secrets(read: &ReadDefinition, findings: &mut Findings<'_>) {
    for (index, variable) in read.definition.env_vars.iter().enumerate() {
        let step = |key| [Step::Key("env_vars"), Step::Index(index), Step::Key(key)];
        let field = |key| format!("env_vars[{index}].{key}");
        let name = escape(&variable.name);
        let is_secret_name = SECRET_ENDS.iter().any(|end| {
            let rest = variable.name.strip_suffix(end);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
        });
        if is_secret_name && !variable.secret {
            let message = format!("`{name}` seems to be a secret, and is not marked as one");
            let place = (read.mark(&step("name")), &*field("name"));
            findings.of_field(Rule::SecretNotMarked, place, message);
        }
        let has_default = variable
            .default
            .as_ref()
            .is_some_and(|text| !text.is_empty());
        if variable.secret && has_default {
            let message = format!("the secret `{name}` has a default, which everybody can read");
            let place = (read.mark(&step("default")), &*field("default"));
            findings.of_field(Rule::SecretDefault, place, message);
        }
    }
}

/// True for a variable that a command has without the plugin. ATK fills in a server's arguments, and
/// knows only one variable beside those of the plugin.
fn is_there_anyway(used: &UsedVariable) -> bool {
    match used.place.field.starts_with("mcp.") {
        true => used.name == "ATK_PLUGIN_DIR",
        false => is_of_environment(&used.name),
    }
}

fn is_of_environment(name: &str) -> bool {
    OF_THE_ENVIRONMENT.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
