//! `operations.cjs`: the methods of a home, and the options that each takes.

use super::words::{arguments, camel};
use crate::api::{Api, Operation, Type};

const HEAD: &str = "\
'use strict'

const path = require('node:path')
const { call } = require('./call.cjs')

";

pub(super) fn text(api: &Api) -> Result<String, String> {
    let paths = api.options.iter().filter(|option| is_path(&option.kind));
    let paths = paths.map(|option| camel(&option.name));
    let mut text = HEAD.to_owned();
    text += "/** The options of a home that are paths. */\n";
    text += &format!("const PATHS = {}\n\n", array(paths.collect()));
    text += "/** The options that each operation takes. */\nconst TAKES = {\n";
    for operation in &api.operations {
        text += &format!(
            "  {}: {},\n",
            camel(&operation.name),
            array(taken(operation))
        );
    }
    text += "}\n\n/** The methods of a home, one for each operation. */\nclass Operations {\n";
    let methods = api.operations.iter().map(method);
    text += &methods.collect::<Result<Vec<_>, _>>()?.join("\n");
    Ok(text + "}\n\nmodule.exports = { Operations, PATHS, TAKES }\n")
}

fn is_path(kind: &Type) -> bool {
    match kind {
        Type::Path => true,
        Type::Optional(inner) => is_path(inner),
        _ => false,
    }
}

/// The names of the options of an operation: its own, and the callbacks that it has a use for.
fn taken(operation: &Operation) -> Vec<String> {
    let own = operation.options.iter().chain(&operation.answers);
    let mut names: Vec<_> = own.map(|option| camel(&option.name)).collect();
    let callbacks = [
        (true, "signal"),
        (operation.has_events, "onEvent"),
        (operation.has_output, "onOutput"),
        (operation.has_prompts, "onPrompt"),
    ];
    let callbacks = callbacks.iter().filter(|(has, _)| *has);
    names.extend(callbacks.map(|(_, name)| (*name).to_owned()));
    names
}

fn method(operation: &Operation) -> Result<String, String> {
    let name = camel(&operation.name);
    let mut parameters = Vec::new();
    let mut passed = Vec::new();
    let mut resolves = "";
    for ((name, kind, is_required), argument) in
        arguments(operation).iter().zip(&operation.arguments)
    {
        let empty = !is_required && matches!(kind, Type::List(_));
        parameters.push(if empty {
            format!("{name} = []")
        } else {
            name.clone()
        });
        let key = &argument.field.name;
        passed.push(match kind {
            // What it throws must be a rejection.
            Type::Path => {
                resolves = "async ";
                format!("{key}: path.resolve({name})")
            }
            Type::Text | Type::List(_) if key == name => name.clone(),
            Type::Text | Type::List(_) => format!("{key}: {name}"),
            other => return Err(format!("`{key}` of `{}` is {other:?}", operation.name)),
        });
    }
    parameters.push("options".to_owned());
    let passed = if passed.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", passed.join(", "))
    };
    let parameters = parameters.join(", ");
    let mut text = format!(
        "  {resolves}{name}({parameters}) {{\n    return call(this, '{}', {passed}, TAKES.{name}, options)\n  }}\n",
        operation.name
    );
    if let Some(alias) = &operation.alias {
        let alias = camel(alias);
        text +=
            &format!("\n  {alias}({parameters}) {{\n    return this.{name}({parameters})\n  }}\n");
    }
    Ok(text)
}

fn array(names: Vec<String>) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
    format!("[{}]", names.join(", "))
}
