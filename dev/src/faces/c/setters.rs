//! The setters of options.

use super::words::documented;
use crate::api::{Api, Field, Type};

/// Options of a home that have a setter by hand: the environment is bytes of any kind, and registries are
/// lists by their names.
const BY_HAND: &[&str] = &["env", "registries"];

/// The setters of what operations take.
pub(super) fn of_operations(api: &Api) -> Result<String, String> {
    let mut text = head("operations", "atk_options", "optional, text");
    let mut seen = Vec::new();
    let operations = api.operations.iter();
    let options = operations.flat_map(|one| one.options.iter().chain(&one.answers));
    for option in options {
        if !seen.contains(&&option.name) {
            seen.push(&option.name);
            text += &of_operation(option)?;
        }
    }
    Ok(text)
}

fn of_operation(option: &Field) -> Result<String, String> {
    let name = &option.name;
    let text = |name: &str| format!("text(\"{name}\", {name})?");
    let (verb, parameters, call, note) = match &option.kind {
        Type::Bool => (
            format!("set_{name}"),
            vec![(name.clone(), "bool")],
            format!("options.set(\"{name}\", {name}.then(|| true.into()))"),
            "",
        ),
        Type::Integer(size) if size.as_deref() == Some("uint64") => (
            format!("set_{name}"),
            vec![(name.clone(), "u64")],
            format!("options.set(\"{name}\", Some({name}.into()))"),
            "",
        ),
        Type::Text => (
            format!("set_{name}"),
            vec![(name.clone(), "*const c_char")],
            format!("options.set(\"{name}\", optional(\"{name}\", {name})?.map(Into::into))"),
            " NULL takes it back.",
        ),
        Type::Map(inner) if **inner == Type::Text => (
            format!("set_{}", name.strip_suffix('s').unwrap_or(name)),
            vec![
                ("name".to_owned(), "*const c_char"),
                ("value".to_owned(), "*const c_char"),
            ],
            format!(
                "options.insert(\"{name}\", {}, {})",
                text("name"),
                text("value")
            ),
            " Each call sets one.",
        ),
        Type::List(inner) if **inner == Type::Text => (
            format!("add_{name}"),
            vec![("value".to_owned(), "*const c_char")],
            format!("options.push(\"{name}\", optional(\"value\", value)?)"),
            " Each call adds one. NULL adds none: without another call the list is empty.",
        ),
        other => {
            return Err(format!(
                "C has no setter for the option `{name}`, a {other:?}"
            ));
        }
    };
    let body = format!("        let options = exclusive(\"options\", options)?;\n        {call}\n");
    Ok(setter(
        "atk_options",
        &verb,
        &parameters,
        &(option.doc.clone() + note),
        &body,
    ))
}

/// The setters of what a home is opened with.
pub(super) fn of_homes(api: &Api) -> Result<String, String> {
    let mut text = head("a home", "atk_home_options", "path, text");
    for option in api
        .options
        .iter()
        .filter(|one| !BY_HAND.contains(&one.name.as_str()))
    {
        let name = &option.name;
        let kind = match &option.kind {
            Type::Optional(inner) => inner,
            kind => kind,
        };
        let (parameter, value) = match kind {
            Type::Text => (
                "*const c_char",
                format!("text(\"{name}\", {name})?.to_owned()"),
            ),
            Type::Path => ("*const c_char", format!("path(\"{name}\", {name})?")),
            Type::Bool => ("bool", name.clone()),
            Type::Number => ("f64", name.clone()),
            Type::Integer(size) if size.as_deref() == Some("uint64") => ("u64", name.clone()),
            Type::Integer(size) if size.as_deref() == Some("uint") => ("usize", name.clone()),
            other => {
                return Err(format!(
                    "C has no setter for the option `{name}`, a {other:?}"
                ));
            }
        };
        let body = format!(
            "        let options = exclusive(\"options\", options)?;\n        let value = {value};\n\
             \x20       options.change(|changes| changes.{name} = Some(value))\n"
        );
        let parameters = [(name.clone(), parameter)];
        text += &setter(
            "atk_home_options",
            &format!("set_{name}"),
            &parameters,
            &option.doc,
            &body,
        );
    }
    Ok(text)
}

fn head(of: &str, object: &str, texts: &str) -> String {
    format!(
        "//! The options of {of}.\n\n\
         use std::ffi::c_char;\n\n\
         use super::{object};\n\
         use crate::error::atk_error;\n\
         use crate::guard::{{Status, guard}};\n\
         use crate::pointer::exclusive;\n\
         use crate::text::{{{texts}}};\n"
    )
}

fn setter(
    object: &str,
    verb: &str,
    parameters: &[(String, &str)],
    doc: &str,
    body: &str,
) -> String {
    let parameters = parameters.iter();
    let parameters = parameters.map(|(name, kind)| format!("    {name}: {kind},\n"));
    let parameters: String = parameters.collect();
    format!(
        "\n{}#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn {object}_{verb}(\n    options: *mut {object},\n{parameters}\
         \x20   error: *mut *mut atk_error,\n) -> Status {{\n    // SAFETY: live objects and strings of C's, by the contract.\n\
         \x20   guard(error, || unsafe {{\n{body}    }})\n}}\n",
        documented(doc)
    )
}
