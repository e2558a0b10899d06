//! Operations and options by their names, for the driver of the conformance scenarios: Kotlin has no
//! way to call a function by its name without reflection.

use heck::ToLowerCamelCase;

use super::home::{has_host, own};
use super::words::{HEAD, rust};
use crate::api::{Api, Operation, Type};

pub(super) fn kotlin(api: &Api) -> Result<String, String> {
    let mut calls = String::new();
    // `init` is a constructor, and `watch` a flow.
    let by_name = |one: &&Operation| !["init", "watch"].contains(&one.name.as_str());
    for operation in api.operations.iter().filter(by_name) {
        calls += &call(api, operation)?;
    }
    let mut options = String::new();
    for option in &api.options {
        let kind = match &option.kind {
            Type::Optional(inner) => rust(api, inner)?,
            kind => rust(api, kind)?,
        };
        let getter = getter(&format!("Option<{kind}>"))?;
        options += &passed(&option.name, getter);
    }
    Ok(format!(
        "// {HEAD}\n\npackage io.github.svtoo.atk.conformance\n\nimport io.github.svtoo.atk.*\n\n\
         /** The options of a handle. */\n\
         fun homeOptions(given: Given) =\n    Options(\n{options}    )\n\n\
         /** Calls an operation. */\n\
         suspend fun callOperation(operation: String, home: Home, given: Given, host: Host, cancel: CancelToken): Any? =\n    \
         when (operation) {{\n{calls}        else -> error(\"no operation `$operation`\")\n    }}\n"
    ))
}

fn call(api: &Api, operation: &Operation) -> Result<String, String> {
    let name = &operation.name;
    let mut given = String::new();
    for parameter in own(api, operation)? {
        given += &passed(&parameter.name, getter(&parameter.kind)?);
    }
    if has_host(operation) {
        given += "        host = host,\n        cancel = cancel,\n";
    }
    let given = given.replace("        ", "            ");
    let method = name.to_lower_camel_case();
    Ok(match given.is_empty() {
        true => format!("        \"{name}\" -> home.{method}()\n"),
        false => format!("        \"{name}\" -> home.{method}(\n{given}        )\n"),
    })
}

fn passed(name: &str, getter: &str) -> String {
    let parameter = name.to_lower_camel_case();
    format!("        {parameter} = given.{getter}(\"{name}\"),\n")
}

/// What reads a value of a type from a request.
fn getter(kind: &str) -> Result<&'static str, String> {
    Ok(match kind {
        "String" => "needed",
        "bool" => "flag",
        "Vec<String>" => "list",
        "Option<String>" => "text",
        "Option<bool>" => "optionalFlag",
        "Option<i64>" => "count",
        "Option<f64>" => "number",
        "Option<Vec<String>>" => "optionalList",
        "Option<HashMap<String, String>>" => "map",
        "Option<HashMap<String, Option<String>>>" => "variables",
        "Option<HashMap<String, Vec<String>>>" => "lists",
        other => return Err(format!("the driver of Kotlin reads no {other}")),
    })
}
