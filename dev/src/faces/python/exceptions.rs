//! Exceptions: a class for each kind of error, and the documents of their details.

use std::fmt::Write as _;

use heck::ToUpperCamelCase;

use crate::api::{Api, ErrorKind, Field, Named, Shape, Type};

use super::module::Module;
use super::words::{Place, annotation, docstring, documented, identifier};

/// The base classes by the numbers of kinds: a new kind needs no entry anywhere.
const GROUPS: &[(i64, i64, &str, &str)] = &[
    (
        20,
        40,
        "HomeError",
        "The home itself cannot be used as it is.",
    ),
    (40, 60, "PluginError", "A plugin cannot be used as it is."),
    (
        60,
        70,
        "SourceError",
        "The source of a plugin cannot be used as it is.",
    ),
    (90, 110, "GitError", "Git or the network failed."),
];

/// The base classes of kinds that have others than their group, or more.
const BASES: &[(&str, &str)] = &[
    ("invalid_argument", "AtkError, ValueError"),
    ("io", "AtkError, OSError"),
    ("home_not_initialized", "HomeError, LookupError"),
    ("plugin_not_installed", "PluginError, LookupError"),
    ("definition_invalid", "PluginError, ValueError"),
    ("source_invalid", "SourceError, ValueError"),
    ("source_not_found", "SourceError, LookupError"),
    ("not_in_registry", "SourceNotFoundError"),
    ("trust_required", "AtkError, PermissionError"),
    ("network_failed", "GitError, ConnectionError"),
    ("timed_out", "NetworkError, TimeoutError"),
    ("access_denied", "GitError, PermissionError"),
    ("repository_not_found", "GitError, LookupError"),
    ("pin_not_found", "GitError, LookupError"),
];

/// The class of a kind: `PluginExistsError` for `plugin_exists`, `LifecycleError` for
/// `lifecycle_failed`.
pub(crate) fn class_of(code: &str) -> String {
    match code {
        "io" => "FileError".to_owned(),
        code => code.trim_end_matches("_failed").to_upper_camel_case() + "Error",
    }
}

pub(super) fn module(api: &Api) -> Result<Module, String> {
    let mut names = Vec::new();
    let mut body = String::new();
    for (_, _, name, doc) in GROUPS {
        // Kinds that are nothing but a failure of their group.
        let code = api.errors.iter().find(|kind| class_of(&kind.code) == *name);
        let code = code.map_or(String::new(), |kind| format!(", {}", numbers(kind)));
        let doc = docstring(doc, 4);
        let _ = write!(body, "\n\nclass {name}(AtkError{code}):\n{doc}");
        names.push((*name).to_owned());
    }
    for kind in &api.errors {
        let name = class_of(&kind.code);
        if names.contains(&name) {
            continue;
        }
        let by_number =
            |(first, end, ..): &&(i64, i64, &str, &str)| (*first..*end).contains(&kind.number);
        let group = GROUPS
            .iter()
            .find(by_number)
            .map_or("AtkError", |group| group.2);
        let bases = BASES.iter().find(|(code, _)| *code == kind.code);
        let bases = bases.map_or(group, |(_, bases)| bases);
        let doc = docstring(&kind.doc, 4);
        let numbers = numbers(kind);
        let _ = write!(body, "\n\nclass {name}({bases}, {numbers}):\n{doc}");
        names.push(name);
    }
    let known = |code: &str| api.errors.iter().any(|kind| kind.code == code);
    if let Some((code, _)) = BASES.iter().find(|(code, _)| !known(code)) {
        return Err(format!("there is no kind of error `{code}`"));
    }
    let doc = "The exceptions: a class for each kind of error, and a few for groups of them.";
    Ok(Module {
        name: "_errors",
        doc: doc.to_owned(),
        names,
        body,
    })
}

/// What a class says of its kind.
fn numbers(kind: &ErrorKind) -> String {
    let (code, number, exit_code) = (&kind.code, kind.number, kind.exit_code);
    format!("code=\"{code}\", number={number}, exit_code={exit_code}")
}

/// The documents that errors carry, and a property of an error for each of their parts.
pub(super) fn details(api: &Api, types: &[&Named]) -> Result<Module, String> {
    let mut body = "\nErrorCode = Literal[\n".to_owned();
    for kind in &api.errors {
        let _ = writeln!(body, "    \"{}\",", kind.code);
    }
    body += "]\n\"\"\"The stable identifiers of the kinds of errors.\"\"\"\n";
    let mut properties = String::new();
    // The parts are made of types that are not empty.
    for named in types.iter().rev() {
        let Shape::Record(fields) = &named.shape else {
            return Err(format!(
                "the details of errors have a type `{}`",
                named.name
            ));
        };
        let are_absent = fields.iter().all(|field| !field.is_required);
        if !are_absent && fields.iter().any(|field| !field.is_required) {
            return Err(format!("some fields of `{}` may be absent", named.name));
        }
        let total = if are_absent { ", total=False" } else { "" };
        let doc = documented(&named.doc, fields);
        let _ = write!(body, "\n\nclass {}(TypedDict{total}):\n{doc}\n", named.name);
        for field in fields {
            // What has no value is absent.
            let kind = match &field.kind {
                Type::Optional(inner) if are_absent => inner,
                kind => kind,
            };
            let kind = annotation(api, kind, Place::Document, &field.name)?;
            let name = identifier(&field.name)?;
            let _ = write!(body, "    {name}: {kind}\n{}", docstring(&field.doc, 4));
            if are_absent {
                properties += &property(field, &kind);
            }
        }
    }
    let _ = write!(
        body,
        "\n\nclass DetailProperties:\n    \"\"\"The parts of the details of an error, as properties.\"\"\"\n\n    \
         details: Details\n{properties}"
    );
    Ok(Module {
        name: "_details",
        doc: "The details of an error, as documents.".to_owned(),
        names: types
            .iter()
            .map(|named| named.name.clone())
            .chain(["ErrorCode".to_owned()])
            .collect(),
        body,
    })
}

/// A part of the details, as a property.
fn property(field: &Field, kind: &str) -> String {
    let (name, doc) = (&field.name, docstring(&field.doc, 8));
    let (kind, value) = match kind.strip_prefix("list[") {
        Some(inner) => (
            format!("tuple[{}, ...]", inner.trim_end_matches(']')),
            format!("tuple(self.details.get(\"{name}\", ()))"),
        ),
        None => (
            format!("{kind} | None"),
            format!("self.details.get(\"{name}\")"),
        ),
    };
    format!("\n    @property\n    def {name}(self) -> {kind}:\n{doc}        return {value}\n")
}
