//! Ruby's operations: keyword arguments that are checked, and a block for events.

use std::fmt::Write as _;

use super::home::{PLAN, has_host};
use super::records::{reporting, with_lines};
use super::words::{HEAD, SOURCE, report, unknown};
use crate::api::{Api, Field, Operation, Type};
use crate::prose::commented;

/// Written by hand: what it tells of is yielded to a block.
const BY_HAND: &str = "watch";

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
    let methods = api.operations.iter().filter(|one| {
        let has_arguments = has_host(one) || !one.arguments.is_empty();
        has_arguments && one.name != "init" && one.name != BY_HAND
    });
    let methods: Result<Vec<_>, String> = methods.map(|one| method(one, &[], &[])).collect();
    text.push_str(&methods?.join("\n"));
    text.push_str("  end\n\n  # Creating a home. What is no keyword here is an option of the handle.\n  module Creation\n");
    for operation in api.operations.iter().filter(|one| one.name == "init") {
        text.push_str(&method(
            operation,
            &[("path = nil", "Arguments.path('path', path, optional: true)")],
            &[("**options", "Arguments.options(options)")],
        )?);
    }
    text.push_str("  end\n");
    text.push_str(&options(api)?);
    text.push_str(&reports(api)?);
    text.push_str("end\n");
    Ok(text)
}

/// What the checks of arguments have to know.
fn options(api: &Api) -> Result<String, String> {
    let mut text = "\n  module Arguments\n    # The options of a handle, and how each is checked.\n    OPTIONS = {\n".to_owned();
    for option in &api.options {
        let kind = match &option.kind {
            Type::Optional(inner) => inner,
            kind => kind,
        };
        let check = match kind {
            Type::Text => "text",
            Type::Path => "path",
            Type::Bool => "flag",
            Type::Integer(_) => "count",
            Type::Number => "seconds",
            Type::Map(inner) if matches!(**inner, Type::List(_)) => "lists",
            Type::Map(_) => "variables",
            other => return unknown(other),
        };
        let _ = writeln!(text, "      {}: :{check},", option.name);
    }
    text.truncate(text.len() - 2);
    text.push_str("\n    }.freeze\n\n    # What is known of the error for an argument with a wrong value.\n    INVALID = ");
    let kind = api.errors.iter().find(|one| one.code == "invalid_argument");
    let kind = kind.ok_or("there is no error for a wrong argument")?;
    let _ = writeln!(
        text,
        "{{ code: '{}', number: {}, exit_code: {} }}.freeze\n  end",
        kind.code, kind.number, kind.exit_code
    );
    Ok(text)
}

/// The reports, which Ruby can loop over.
fn reports(api: &Api) -> Result<String, String> {
    let mut names: Vec<_> = with_lines(api)?.into_iter().map(|(name, _)| name).collect();
    for operation in reporting(api) {
        if let Type::Report(inner) = &operation.outcome {
            names.push(report(inner)?);
        }
    }
    Ok(format!(
        "\n  [{}].each {{ |report| report.include(Report) }}\n",
        names.join(",\n   ")
    ))
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
    let has_plan = operation.options.iter().any(|option| option.name == PLAN);
    for argument in &operation.arguments {
        let name = argument.field.name.clone();
        declared.push(match (&argument.field.kind, argument.is_required) {
            (Type::List(_), true) => format!("*{name}"),
            (Type::Text | Type::Path, true) => name.clone(),
            (Type::Text | Type::Path, false) => format!("{name} = nil"),
            (other, _) => return unknown(other),
        });
        passed.push(match (name.as_str(), has_plan) {
            // A single plan names its plugin.
            ("plugin", true) => "Arguments.planned('plugin', plugin, plan)".to_owned(),
            _ => checked(&argument.field, argument.is_required)?,
        });
    }
    for option in operation.options.iter().chain(&operation.answers) {
        let default = match &option.kind {
            _ if option.name == PLAN => "nil",
            Type::Text | Type::Path | Type::Integer(_) | Type::Optional(_) | Type::Map(_) => "nil",
            Type::Bool => "false",
            Type::List(_) => "[]",
            other => return unknown(other),
        };
        declared.push(format!("{}: {default}", option.name));
        passed.push(checked(option, false)?);
    }
    let mut text = commented(&operation.doc, "    # ", 100);
    let name = &operation.name;
    if !has_host(operation) {
        let _ = writeln!(
            text,
            "    def {name}({}) = super({})",
            listed(&declared),
            listed(&passed)
        );
        return Ok(text);
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
    let (declared, passed) = (listed(&declared), listed(&passed));
    let _ = write!(
        text,
        "    def {name}({declared})\n      Callbacks.during(on_event, {on_prompt}, cancel) do |host|\n        super({passed})\n      end\n    end\n"
    );
    if let Some(alias) = &operation.alias {
        let _ = write!(
            text,
            "\n    # The same as `{name}`.\n    def {alias}(...) = {name}(...)\n"
        );
    }
    Ok(text)
}

/// A checked argument or option.
fn checked(field: &Field, is_required: bool) -> Result<String, String> {
    let name = &field.name;
    let optional = if is_required { "" } else { ", optional: true" };
    let kind = match &field.kind {
        Type::Optional(inner) => inner,
        kind => kind,
    };
    Ok(match kind {
        _ if name == PLAN => format!("Arguments.plans('{name}', {name})"),
        _ if name == SOURCE => format!("Arguments.source('{name}', {name}{optional})"),
        Type::Text => format!("Arguments.text('{name}', {name}{optional})"),
        Type::Path => format!("Arguments.path('{name}', {name}{optional})"),
        Type::Bool => format!("Arguments.flag('{name}', {name})"),
        Type::Integer(_) => format!("Arguments.count('{name}', {name}{optional})"),
        Type::List(_) => format!("Arguments.texts('{name}', {name})"),
        Type::Map(_) => format!("Arguments.pairs('{name}', {name})"),
        other => return unknown(other),
    })
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
