//! Variables that commands use, and those that are declared.

use std::collections::HashSet;

use super::commands::{Commands, UsedVariable};
use super::definition::{ReadDefinition, Step};
use super::findings::Findings;
use crate::model::suggest::nearest;
use crate::model::variable_name::{is_of_environment, is_secret};
use crate::rule::Rule;
use crate::text::escape;

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
        if is_secret(&variable.name) && !variable.secret {
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
