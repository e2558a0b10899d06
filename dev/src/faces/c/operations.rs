//! The functions of the operations.

use heck::ToUpperCamelCase;

use super::words::{documented, takes_options};
use crate::api::{Api, Argument, Operation, Type};

pub(super) fn text(api: &Api) -> Result<String, String> {
    let operations = api.operations.iter();
    let functions = operations.map(function).collect::<Result<Vec<_>, _>>()?;
    let operations = api.operations.iter().filter(|one| takes_options(one));
    let mut options: Vec<_> = operations.map(options_type).collect();
    options.sort();
    Ok(format!(
        "//! The operations.\n\n\
         use std::ffi::c_char;\n\n\
         use atk_core::{{{}}};\n\n\
         use super::{{Surroundings, given, operate, places, select}};\n\
         use crate::cancel::atk_cancel;\n\
         use crate::error::atk_error;\n\
         use crate::guard::Status;\n\
         use crate::home::atk_home;\n\
         use crate::host::atk_host;\n\
         use crate::options::atk_options;\n\
         use crate::result::atk_result;\n\
         use crate::text::{{array, optional, path, text}};\n{}",
        options.join(", "),
        functions.concat()
    ))
}

fn options_type(operation: &Operation) -> String {
    operation.name.to_upper_camel_case() + "Options"
}

fn function(operation: &Operation) -> Result<String, String> {
    let mut parameters = vec![("home".to_owned(), "*const atk_home".to_owned())];
    let mut passed = Vec::new();
    for argument in &operation.arguments {
        let (more, value) = parameter(argument)?;
        parameters.extend(more);
        passed.push(value);
    }
    if takes_options(operation) {
        parameters.push(("options".to_owned(), "*const atk_options".to_owned()));
        passed.push("&how".to_owned());
    }
    for (name, kind) in [
        ("host", "*const atk_host"),
        ("cancel", "*const atk_cancel"),
        ("result", "*mut *mut atk_result"),
        ("error", "*mut *mut atk_error"),
    ] {
        parameters.push((name.to_owned(), kind.to_owned()));
    }
    let mut body = String::new();
    if operation.has_events || operation.has_prompts || operation.has_output {
        passed.push("host".to_owned());
    } else {
        body += "            let _ = host;\n";
    }
    body += &how(operation);
    let name = &operation.name;
    let constant = name.to_uppercase();
    body += &format!("            home.{name}({})\n", passed.join(", "));
    let work = format!(
        "    let around = Surroundings {{ home, host, cancel }};\n\
         \x20   // SAFETY: the contract of all operations.\n\
         \x20   unsafe {{\n        operate(&around, &places::{constant}, result, error, |home, host| {{\n{body}        }})\n    }}\n"
    );
    let mut text = format!(
        "\n{}{}",
        documented(&doc(operation)),
        signature(name, &parameters, &work)
    );
    if let Some(alias) = &operation.alias {
        let names: Vec<_> = parameters.iter().map(|(name, _)| name.as_str()).collect();
        let work = format!(
            "    // SAFETY: the contract is the same.\n    unsafe {{ atk_home_{name}({}) }}\n",
            names.join(", ")
        );
        let doc = documented(&format!("Does the same as `atk_home_{name}()`."));
        text += &format!("\n{doc}{}", signature(alias, &parameters, &work));
    }
    Ok(text)
}

fn signature(name: &str, parameters: &[(String, String)], body: &str) -> String {
    let parameters = parameters.iter();
    let parameters = parameters.map(|(name, kind)| format!("    {name}: {kind},\n"));
    let parameters: String = parameters.collect();
    format!(
        "#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn atk_home_{name}(\n{parameters}) -> Status {{\n{body}}}\n"
    )
}

/// The statements that make the operation's options of the caller's.
fn how(operation: &Operation) -> String {
    if !takes_options(operation) {
        return String::new();
    }
    let name = &operation.name;
    let mut text = format!(
        "            let given = given(options, \"{name}\")?;\n            let mut how = {}::default();\n",
        options_type(operation)
    );
    for option in &operation.options {
        let option = &option.name;
        text += &format!("            how.{option} = given.value(\"{option}\")?;\n");
    }
    if !operation.answers.is_empty() {
        text += "            how.answers = given.answers()?;\n";
    }
    text
}

/// The parameters of an argument, and the expression for its value.
#[allow(clippy::type_complexity, reason = "pairs of names and types")]
fn parameter(argument: &Argument) -> Result<(Vec<(String, String)>, String), String> {
    let name = &argument.field.name;
    let one = |kind: &str| vec![(name.clone(), kind.to_owned())];
    let string = "*const c_char";
    Ok(match &argument.field.kind {
        Type::Text if argument.is_required => (one(string), format!("text(\"{name}\", {name})?")),
        Type::Text if name == "plugin" => (one(string), "&select(plugin)?".to_owned()),
        Type::Text => (one(string), format!("optional(\"{name}\", {name})?")),
        Type::Path => (one(string), format!("&path(\"{name}\", {name})?")),
        Type::List(inner) if **inner == Type::Text => (
            vec![
                ("argv".to_owned(), "*const *const c_char".to_owned()),
                ("argc".to_owned(), "usize".to_owned()),
            ],
            "&array(\"argv\", argv, argc)?".to_owned(),
        ),
        other => {
            return Err(format!(
                "C has no parameter for the argument `{name}`, a {other:?}"
            ));
        }
    })
}

fn doc(operation: &Operation) -> String {
    let mut doc = operation.doc.clone();
    let mut notes = Vec::new();
    for argument in &operation.arguments {
        match (&argument.field.kind, argument.field.name.as_str()) {
            (Type::Text, "plugin") if !argument.is_required => {
                notes.push("NULL for `plugin` is all plugins.".to_owned());
            }
            (Type::Text, name) if !argument.is_required => {
                notes.push(format!("`{name}` may be NULL."));
            }
            (Type::Path, name) => notes.push(format!("`{name}` is an absolute path.")),
            (Type::List(_), _) => {
                notes.push("`argv` has `argc` arguments, and may be NULL if that is 0.".to_owned());
            }
            _ => {}
        }
    }
    let mut options: Vec<_> = operation
        .options
        .iter()
        .map(|one| format!("`{}`", one.name))
        .collect();
    if !operation.answers.is_empty() {
        options.push("answers".to_owned());
    }
    if !options.is_empty() {
        notes.push(format!("Options: {}.", options.join(", ")));
    }
    if !notes.is_empty() {
        doc += &format!("\n\n{}", notes.join(" "));
    }
    if !operation.errors.is_empty() {
        let codes = operation.errors.iter();
        let codes: Vec<_> = codes
            .map(|code| format!("`ATK_{}`", code.to_uppercase()))
            .collect();
        doc += &format!("\n\nErrors: {}.", codes.join(", "));
    }
    doc
}
