//! What operations return, as Rust types that are read from the core's documents.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use heck::{ToKebabCase, ToSnakeCase, ToUpperCamelCase};

use super::words::{HEAD, field_name, line, renamed, report, rust};
use crate::api::{Api, Choice, Field, Named, Operation, Shape, Type, Variant};
use crate::prose::commented;

const IMPORTS: &str = "
//! What operations return, in types that every language has. They are read from the core's documents.

use std::collections::HashMap;

use serde::Deserialize;

use crate::failure::Failure;
use crate::position::Position;
use crate::report::LineResult;
";

pub(super) fn records(api: &Api) -> Result<String, String> {
    let mut text = format!("// {HEAD}\n{IMPORTS}");
    // Creating a home returns the handle.
    let outcomes = api.operations.iter().filter(|one| one.name != "init");
    let mut used = Used::default();
    for outcome in outcomes.map(|operation| &operation.outcome) {
        used.mark(api, outcome)?;
    }
    for other in ["Prompt", "Event"] {
        used.mark(api, &Type::Named(other.to_owned()))?;
    }
    let details = Used::details(api)?;
    for named in &api.types {
        if used.names.contains(&named.name) {
            if details.names.contains(&named.name) {
                return Err(format!("`{}` is of outcomes and of errors", named.name));
            }
            type_of(&mut text, api, named)?;
        }
    }
    for outcome in &used.lines {
        lines(&mut text, outcome);
    }
    for operation in reporting(api) {
        report_of(&mut text, &operation.outcome)?;
    }
    Ok(text)
}

/// The operations that return reports: the first of each type of report.
pub(super) fn reporting(api: &Api) -> Vec<&Operation> {
    let mut found: Vec<&Operation> = Vec::new();
    for operation in &api.operations {
        let is_new = found.iter().all(|one| one.outcome != operation.outcome);
        if matches!(operation.outcome, Type::Report(_)) && is_new {
            found.push(operation);
        }
    }
    found
}

/// The outcomes that have more than a report has, and the type of their lines.
pub(super) fn with_lines(api: &Api) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for named in &api.types {
        for field in fields(named) {
            if let ("plugins", Type::List(inner)) = (field.name.as_str(), &field.kind)
                && let Type::Line(inner) = &**inner
            {
                found.push((named.name.clone(), line(inner)?));
            }
        }
    }
    Ok(found)
}

/// What is known of an error, which outcomes have too.
pub(super) fn details(api: &Api) -> Result<String, String> {
    let mut text = format!("// {HEAD}\n\n//! What an error is about.\n\nuse serde::Deserialize;\n");
    let used = Used::details(api)?;
    for named in &api.types {
        if used.names.contains(&named.name) {
            type_of(&mut text, api, named)?;
        }
    }
    Ok(text)
}

/// The types that an operation returns, or that callbacks get.
#[derive(Default)]
struct Used {
    names: BTreeSet<String>,
    /// The outcomes that there are lines of.
    lines: Vec<String>,
}

impl Used {
    fn details(api: &Api) -> Result<Self, String> {
        let mut used = Used::default();
        used.mark(api, &Type::Named("Details".to_owned()))?;
        Ok(used)
    }

    fn mark(&mut self, api: &Api, kind: &Type) -> Result<(), String> {
        match kind {
            Type::Named(name) => {
                if self.names.insert(name.clone()) {
                    for field in fields(api.named(name)?) {
                        self.mark(api, &field.kind)?;
                    }
                }
                Ok(())
            }
            Type::Report(inner) | Type::Line(inner) => {
                if let Type::Named(name) = &**inner
                    && !self.lines.contains(name)
                {
                    self.lines.push(name.clone());
                }
                self.mark(api, &Type::Named("Skip".to_owned()))?;
                self.mark(api, inner)
            }
            Type::List(inner) | Type::Map(inner) | Type::Optional(inner) => self.mark(api, inner),
            Type::Pair(first, second) => {
                self.mark(api, first)?;
                self.mark(api, second)
            }
            Type::Text
            | Type::Path
            | Type::Bool
            | Type::Integer(_)
            | Type::Number
            | Type::Error
            | Type::ErrorCode => Ok(()),
        }
    }
}

fn fields(named: &Named) -> Vec<&Field> {
    match &named.shape {
        Shape::Record(fields) => fields.iter().collect(),
        Shape::Union { variants, .. } => variants.iter().flat_map(|one| &one.fields).collect(),
        Shape::Text | Shape::Choice(_) => Vec::new(),
    }
}

fn type_of(text: &mut String, api: &Api, named: &Named) -> Result<(), String> {
    let name = renamed(&named.name);
    let doc = commented(&named.doc, "/// ", 100);
    match &named.shape {
        Shape::Text => {}
        Shape::Record(fields) => {
            let default = match fields.iter().any(|field| field.is_required) {
                true => "",
                false => "Default, ",
            };
            let _ = writeln!(
                text,
                "\n{doc}#[derive(Debug, Clone, {default}Deserialize, uniffi::Record)]\npub struct {name} {{"
            );
            for field in fields {
                let kind = rust(api, &field.kind)?;
                text.push_str(&declared(field, &kind, "pub "));
            }
            text.push_str("}\n");
        }
        Shape::Choice(choices) => {
            let case = case(choices)?;
            let _ = writeln!(
                text,
                "\n{doc}#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, uniffi::Enum)]\n\
                 #[serde(rename_all = \"{case}\")]\npub enum {name} {{"
            );
            for choice in choices {
                let doc = commented(&choice.doc, "    /// ", 100);
                let _ = writeln!(text, "{doc}    {},", choice.value.to_upper_camel_case());
            }
            text.push_str("}\n");
        }
        Shape::Union { tag, variants } => {
            let _ = writeln!(
                text,
                "\n{doc}#[derive(Debug, Clone, Deserialize, uniffi::Enum)]\n\
                 #[serde(tag = \"{tag}\", rename_all = \"snake_case\")]\npub enum {name} {{"
            );
            for variant in variants {
                text.push_str(&variant_of(api, tag, variant)?);
            }
            text.push_str("}\n");
        }
    }
    Ok(())
}

fn variant_of(api: &Api, tag: &str, variant: &Variant) -> Result<String, String> {
    let mut text = commented(&variant.doc, "    /// ", 100);
    let _ = writeln!(text, "    {} {{", variant.value.to_upper_camel_case());
    for field in &variant.fields {
        // What a command wrote comes as bytes, which JSON does not have.
        if (tag, &*variant.value, &*field.name) == ("event", "output", "text") {
            text.push_str(
                "        /// What it wrote: bytes, neither lines nor UTF-8. At most 64 KiB.\n\
                 #[serde(skip)]\nchunk: Vec<u8>,\n",
            );
            continue;
        }
        text.push_str(&declared(field, &rust(api, &field.kind)?, ""));
    }
    text.push_str("    },\n");
    Ok(text)
}

/// A field with its documentation.
fn declared(field: &Field, kind: &str, visibility: &str) -> String {
    let mut text = commented(&field.doc, "    /// ", 100);
    let name = field_name(&field.name);
    if name != field.name {
        let _ = writeln!(text, "    #[serde(rename = \"{}\")]", field.name);
    }
    if !field.is_required && !kind.starts_with("Option<") {
        text.push_str("    #[serde(default)]\n");
    }
    let _ = writeln!(text, "    {visibility}{name}: {kind},");
    text
}

/// How the values of a choice are written.
fn case(choices: &[Choice]) -> Result<&'static str, String> {
    let all = |written: fn(&str) -> String| {
        choices
            .iter()
            .all(|choice| written(&choice.value.to_upper_camel_case()) == choice.value)
    };
    if all(|name| name.to_snake_case()) {
        Ok("snake_case")
    } else if all(|name| name.to_kebab_case()) {
        Ok("kebab-case")
    } else {
        let values: Vec<_> = choices.iter().map(|choice| &choice.value).collect();
        Err(format!("{values:?} are written in no known case"))
    }
}

/// The record of a line.
fn lines(text: &mut String, outcome: &str) {
    let name = line(&Type::Named(outcome.to_owned())).unwrap_or_default();
    let _ = write!(
        text,
        "
/// What became of one plugin, with `{outcome}` as the outcome.
#[derive(Debug, Clone, Deserialize, uniffi::Record)]
pub struct {name} {{
    /// The plugin's directory.
    pub directory: String,
    /// Its display name.
    pub name: String,
    /// What became of it.
    pub result: LineResult,
    /// The outcome, if the result is `Done`.
    pub outcome: Option<{outcome}>,
    /// Why nothing was done, if the result is `Skipped`.
    pub reason: Option<Skip>,
    /// The error, if the result is `Failed`.
    pub error: Option<Failure>,
}}
"
    );
}

/// The record of a report.
fn report_of(text: &mut String, outcome: &Type) -> Result<(), String> {
    let Type::Report(inner) = outcome else {
        return Ok(());
    };
    let (name, line) = (report(inner)?, line(inner)?);
    let _ = write!(
        text,
        "
/// What became of each plugin.
#[derive(Debug, Clone, Deserialize, uniffi::Record)]
pub struct {name} {{
    /// The result for each plugin.
    pub plugins: Vec<{line}>,
    /// Warnings that belong to no single plugin.
    pub warnings: Vec<String>,
}}
"
    );
    Ok(())
}
