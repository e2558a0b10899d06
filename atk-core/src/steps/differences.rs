//! How two versions of a plugin definition differ.

use serde_json::Value;

use crate::json::json_text;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::plugin::{Definition, EnvVar, Port};
use crate::model::steering;
use crate::outcome::CommandChange;

/// The lifecycle and MCP commands that change, and the defaults that change what they run.
pub(crate) fn commands(old: Option<&Definition>, new: &Definition) -> Vec<CommandChange> {
    let (old, new) = (old.map_or(Vec::new(), all), all(new));
    let mut fields: Vec<&String> = new.iter().chain(&old).map(|(field, _)| field).collect();
    fields.dedup();
    let mut changes: Vec<CommandChange> = Vec::new();
    for field in fields {
        let value = |commands: &[(String, String)]| {
            let found = commands.iter().find(|(name, _)| name == field);
            found.map(|(_, command)| command.clone())
        };
        let (old, new) = (value(&old), value(&new));
        let is_listed = changes.iter().any(|change| change.field == *field);
        if old != new && !is_listed {
            changes.push(CommandChange {
                field: field.clone(),
                old,
                new,
            });
        }
    }
    changes
}

/// Every command of a definition, and every default that changes what they run, by its field.
fn all(definition: &Definition) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = LifecycleEvent::ALL
        .into_iter()
        .filter_map(|event| {
            let command = event.command(definition)?;
            Some((format!("lifecycle.{event}"), command.to_owned()))
        })
        .collect();
    if let Some(mcp) = &definition.mcp {
        let args = (!mcp.args.is_empty()).then(|| json_text(&Value::from(mcp.args.clone())));
        let parts = [
            ("mcp.command", mcp.command.clone()),
            ("mcp.args", args),
            ("mcp.endpoint", mcp.endpoint.clone()),
        ];
        let parts = parts.into_iter();
        commands.extend(parts.filter_map(|(field, value)| Some((field.to_owned(), value?))));
    }
    let defaults = steering::defaults(definition);
    commands.extend(defaults.map(|(name, value)| (format!("env_vars.{name}"), value.to_owned())));
    commands
}

/// The ports of a definition that another does not declare.
pub(crate) fn ports(of: &Definition, than: Option<&Definition>) -> Vec<Port> {
    let other = than.map_or(&[][..], |than| &than.ports);
    let declared = |port: &Port| other.iter().any(|other| other.port == port.port);
    of.ports
        .iter()
        .filter(|port| !declared(port))
        .cloned()
        .collect()
}

/// The variables of a definition that another does not declare.
pub(crate) fn variables(of: &Definition, than: Option<&Definition>) -> Vec<EnvVar> {
    let other = than.map_or(&[][..], |than| &than.env_vars);
    let declared = |variable: &EnvVar| other.iter().any(|other| other.name == variable.name);
    of.env_vars
        .iter()
        .filter(|variable| !declared(variable))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(rest: &str) -> Definition {
        let text = format!("schema_version: '2026-01-23'\nname: X\ndescription: x\n{rest}");
        Definition::read(text.as_bytes(), "plugin.yaml", None)
            .unwrap()
            .0
    }

    #[test]
    fn every_command_that_differs_is_listed_once() {
        let old = definition(
            "lifecycle: {install: a, uninstall: b, start: c}\n\
             mcp: {transport: stdio, command: x, args: [one, two]}\n\
             env_vars: [{name: PATH, default: a}, {name: LD_PRELOAD, default: b}, {name: MODE}]\n",
        );
        let new = definition(
            "lifecycle: {install: a, uninstall: B, stop: d}\n\
             mcp: {transport: http, endpoint: 'http://x'}\n\
             env_vars: [{name: PATH, default: A}, {name: NODE_OPTIONS, default: c}, {name: MODE, default: d}]\n",
        );
        let shown: Vec<String> = commands(Some(&old), &new)
            .into_iter()
            .map(|change| format!("{} {:?} {:?}", change.field, change.old, change.new))
            .collect();
        assert_eq!(
            shown,
            [
                r#"lifecycle.uninstall Some("b") Some("B")"#,
                r#"lifecycle.stop None Some("d")"#,
                r#"mcp.endpoint None Some("http://x")"#,
                r#"env_vars.PATH Some("a") Some("A")"#,
                r#"env_vars.NODE_OPTIONS None Some("c")"#,
                r#"lifecycle.start Some("c") None"#,
                r#"mcp.command Some("x") None"#,
                r#"mcp.args Some("[\"one\",\"two\"]") None"#,
                r#"env_vars.LD_PRELOAD Some("b") None"#,
            ]
        );
        assert_eq!(commands(Some(&old), &old), []);
        assert_eq!(commands(None, &old).len(), 7);
    }

    #[test]
    fn ports_and_variables_are_told_apart_by_number_and_name() {
        let old = definition("ports: [{port: 80, name: a}]\nenv_vars: [{name: A}]\n");
        let new = definition("ports: [{port: 80}, {port: 81}]\nenv_vars: [{name: B}]\n");
        assert_eq!(ports(&new, Some(&old))[0].port, 81);
        assert_eq!(ports(&old, Some(&new)), []);
        assert_eq!(variables(&new, Some(&old))[0].name, "B");
        assert_eq!(variables(&old, None)[0].name, "A");
    }
}
