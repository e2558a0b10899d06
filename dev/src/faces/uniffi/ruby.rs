//! Ruby's operations: keyword arguments, and a block for events.

use std::fmt::Write as _;

use super::home::has_host;
use super::words::{HEAD, unknown};
use crate::api::{Api, Operation, Type};
use crate::prose::commented;

pub(super) fn operations(api: &Api) -> Result<String, String> {
    let mut text = format!(
        "# {HEAD}
# frozen_string_literal: true

module Atk
  # The operations of a home, with keyword arguments. `on_prompt` is called with a prompt and a
  # cancel token, `cancel` is a `CancelToken`, the block gets the events.
  module Operations
"
    );
    let hosted: Vec<_> = api.operations.iter().filter(|one| has_host(one)).collect();
    let methods = hosted.iter().filter(|one| one.name != "init");
    let methods: Result<Vec<_>, String> = methods.map(|one| method(one, &[], &[])).collect();
    text.push_str(&methods?.join("\n"));
    text.push_str("  end\n\n  # Creating a home. What is no keyword here is an option of the handle.\n  module Creation\n");
    for operation in hosted.iter().filter(|one| one.name == "init") {
        text.push_str(&method(
            operation,
            &[("path = nil", "path")],
            &[("**options", "Options.new(**options)")],
        )?);
    }
    text.push_str("  end\nend\n");
    Ok(text)
}

/// A method. `first` and `last` are parameters of the method, and what is passed for them.
fn method(
    operation: &Operation,
    first: &[(&str, &str)],
    last: &[(&str, &str)],
) -> Result<String, String> {
    let of = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(one, passed)| ((*one).to_owned(), (*passed).to_owned()))
            .collect()
    };
    let mut declared: Vec<String> = of(first).into_iter().map(|(one, _)| one).collect();
    let mut passed: Vec<String> = of(first)
        .into_iter()
        .chain(of(last))
        .map(|(_, one)| one)
        .collect();
    for argument in &operation.arguments {
        let name = argument.field.name.clone();
        declared.push(match (&argument.field.kind, argument.is_required) {
            (Type::List(_), true) => format!("*{name}"),
            (Type::Text | Type::Path, true) => name.clone(),
            (Type::Text | Type::Path, false) => format!("{name} = nil"),
            (other, _) => return unknown(other),
        });
        passed.push(name);
    }
    for option in operation.options.iter().chain(&operation.answers) {
        let default = match &option.kind {
            Type::Text | Type::Path | Type::Optional(_) | Type::Map(_) => "nil",
            Type::Bool => "false",
            Type::List(_) => "[]",
            other => return unknown(other),
        };
        declared.push(format!("{}: {default}", option.name));
        passed.push(option.name.clone());
    }
    let on_prompt = match operation.has_prompts {
        true => {
            declared.push("on_prompt: nil".to_owned());
            "on_prompt"
        }
        false => "nil",
    };
    declared.push("cancel: nil".to_owned());
    declared.extend(of(last).into_iter().map(|(one, _)| one));
    declared.push("&on_event".to_owned());
    passed.extend(["host".to_owned(), "cancel".to_owned()]);
    let (name, declared, passed) = (&operation.name, listed(&declared), listed(&passed));
    let mut text = commented(&operation.doc, "    # ", 100);
    let _ = write!(
        text,
        "    def {name}({declared})\n      Callbacks.during(on_event, {on_prompt}) do |host|\n        super({passed})\n      end\n    end\n"
    );
    if let Some(alias) = &operation.alias {
        let _ = write!(
            text,
            "\n    # The same as `{name}`.\n    def {alias}(...) = {name}(...)\n"
        );
    }
    Ok(text)
}

/// A list, on several lines if it is long.
fn listed(words: &[String]) -> String {
    let mut text = String::new();
    let mut line = 0;
    for (number, word) in words.iter().enumerate() {
        if number > 0 {
            text.push(',');
            line += 1;
            if line + word.len() > 72 {
                text.push_str("\n           ");
                line = 0;
            }
            text.push(' ');
        }
        text.push_str(word);
        line += word.len() + 1;
    }
    text
}
