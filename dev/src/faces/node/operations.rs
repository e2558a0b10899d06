//! `operations.cjs`: the methods of a home, and the arguments and options that each takes.

use super::kinds::kind;
use super::words::{arguments, camel};
use crate::api::{Api, Operation};

const HEAD: &str = "\
'use strict'

const { call } = require('./call.cjs')
const { watch } = require('./watch.cjs')

";

pub(super) fn text(api: &Api) -> Result<String, String> {
    let mut text = HEAD.to_owned();
    text += "/** The options of a home, and the kind of each, which `check.cjs` knows. */\n";
    text += "const OPTIONS = {\n";
    for option in &api.options {
        text += &format!("  {}: '{}',\n", camel(&option.name), kind(option)?);
    }
    text +=
        "}\n\n/** The arguments and options that each operation takes. */\nconst OPERATIONS = {\n";
    for operation in &api.operations {
        text += &described(operation)?;
    }
    text += "}\n\n/** The methods of a home, one for each operation. */\nclass Operations {\n";
    let methods = api.operations.iter().map(method);
    text += &methods.collect::<Vec<_>>().join("\n");
    Ok(text + "}\n\nmodule.exports = { Operations, OPERATIONS, OPTIONS }\n")
}

fn described(operation: &Operation) -> Result<String, String> {
    let mut expected = Vec::new();
    for ((name, _, required), argument) in arguments(operation).iter().zip(&operation.arguments) {
        let kind = kind(&argument.field)?;
        expected.push(format!(
            "{{ name: '{name}', kind: '{kind}', required: {required} }}"
        ));
    }
    let own = operation.options.iter().chain(&operation.answers);
    let mut options = Vec::new();
    for option in own {
        options.push((camel(&option.name), kind(option)?));
    }
    let callbacks = [
        (true, "signal", "signal"),
        (operation.has_events, "onEvent", "callback"),
        (operation.has_output, "onOutput", "callback"),
        (operation.has_prompts, "onPrompt", "callback"),
    ];
    let callbacks = callbacks.iter().filter(|(has, ..)| *has);
    options.extend(callbacks.map(|(_, name, kind)| ((*name).to_owned(), *kind)));
    let options = options
        .iter()
        .map(|(name, kind)| format!("      {name}: '{kind}',\n"));
    Ok(format!(
        "  {}: {{\n    name: '{}',\n    arguments: [{}],\n    options: {{\n{}    }},\n  }},\n",
        camel(&operation.name),
        operation.name,
        expected.join(", "),
        options.collect::<String>()
    ))
}

fn method(operation: &Operation) -> String {
    let own = camel(&operation.name);
    let names = arguments(operation).into_iter().map(|(name, ..)| name);
    let parameters: Vec<_> = names.chain(["options".to_owned()]).collect();
    let parameters = parameters.join(", ");
    let aliases = operation.alias.iter().map(|alias| camel(alias));
    // What goes on until it is cancelled is iterated over.
    let call = if own == "watch" { "watch" } else { "call" };
    let methods = [own.clone()].into_iter().chain(aliases).map(|name| {
        format!(
            "  {name}({parameters}) {{\n    return {call}(this, OPERATIONS.{own}, arguments)\n  }}\n"
        )
    });
    methods.collect::<Vec<_>>().join("\n")
}
