//! Models: enums and frozen dataclasses.

use std::fmt::Write as _;

use heck::ToUpperCamelCase;

use crate::api::{Api, Choice, Field, Named, Shape, Type, Variant};

use super::module::Module;
use super::words::{Place, annotation, docstring, identifier};

const REPORT: &str = include_str!("report.py");
const DATACLASS: &str = "@dataclass(frozen=True, slots=True, kw_only=True)\n";

/// The field of an event that is bytes in Python, and text in JSON.
const BYTES: (&str, &str) = ("output", "text");
const CHUNK: &str = "    chunk: bytes\n";
const TEXT: &str = "\n    @property\n    def text(self) -> str:\n        \
    \"\"\"The bytes as text, with a replacement for what is not UTF-8.\"\"\"\n        \
    return self.chunk.decode(errors=\"replace\")\n";

/// A module of models. Classes that others are made of come first.
pub(super) fn module(
    api: &Api,
    name: &'static str,
    doc: &str,
    types: &[&Named],
) -> Result<Module, String> {
    let mut module = Module {
        name,
        doc: doc.to_owned(),
        names: Vec::new(),
        body: String::new(),
    };
    let (mut unions, mut reports) = (String::new(), String::new());
    for named in types {
        if let Shape::Choice(choices) = &named.shape {
            choice(&mut module, named, choices)?;
        }
    }
    for named in defaults_first(types) {
        match &named.shape {
            Shape::Text | Shape::Choice(_) => continue,
            Shape::Record(fields) => match line_of(fields) {
                None => record(api, &mut module, named, fields)?,
                Some(line) => {
                    let outcome = annotation(api, line, Place::Model, &named.name)?;
                    let base = format!("Report[{outcome}]");
                    reports += &class(api, &named.name, &base, &named.doc, fields)?;
                    module.names.push(named.name.clone());
                }
            },
            Shape::Union { tag, variants } => match kind_of(api, variants) {
                Some(kind) => flat(api, &mut module, named, (tag, kind), variants)?,
                None => unions += &union(api, &mut module, named, tag, variants)?,
            },
        }
    }
    module.body += &unions;
    if name == "_models" {
        module.body.insert_str(0, "\nT = TypeVar(\"T\")\n");
        module.body += &format!("\n\n{REPORT}");
        let names = ["Done", "Skipped", "Failed", "Report"];
        module.names.extend(names.map(str::to_owned));
        module.body += &reports;
    } else if !reports.is_empty() {
        return Err(format!("a report cannot be in `{name}`"));
    }
    Ok(module)
}

fn choice(module: &mut Module, named: &Named, choices: &[Choice]) -> Result<(), String> {
    let doc = docstring(&named.doc, 4);
    let text = &mut module.body;
    let _ = write!(text, "\n\nclass {}(enum.Enum):\n{doc}\n", named.name);
    for choice in choices {
        let name = choice.value.replace('-', "_").to_uppercase();
        let _ = writeln!(text, "    {} = \"{}\"", identifier(&name)?, choice.value);
        text.push_str(&docstring(&choice.doc, 4));
    }
    module.names.push(named.name.clone());
    Ok(())
}

fn record(api: &Api, module: &mut Module, named: &Named, fields: &[Field]) -> Result<(), String> {
    let base = if module.name == "_events" {
        ""
    } else {
        "Document"
    };
    module.body += &class(api, &named.name, base, &named.doc, fields)?;
    module.names.push(named.name.clone());
    Ok(())
}

/// A union whose cases an enum names: one class with the fields of all.
fn flat(
    api: &Api,
    module: &mut Module,
    named: &Named,
    (tag, kind): (&str, &str),
    variants: &[Variant],
) -> Result<(), String> {
    let head = format!("    {tag}: {kind}\n");
    let mut text = class(api, &named.name, "Document", &named.doc, &[])? + "\n" + &head;
    for variant in variants {
        for field in &variant.fields {
            let kind = annotation(api, &field.kind, Place::Model, &field.name)?;
            let kind = match field.kind {
                Type::Bool => format!("{kind} = False"),
                _ => format!("{kind} | None = None"),
            };
            let _ = writeln!(text, "    {}: {kind}", identifier(&field.name)?);
            let doc = format!("{} Only for `{}`.", field.doc, variant.value);
            text.push_str(&docstring(&doc, 4));
        }
    }
    module.body += &text;
    module.names.push(named.name.clone());
    Ok(())
}

/// A union of a class for each case, which a field with a literal tells apart.
fn union(
    api: &Api,
    module: &mut Module,
    named: &Named,
    tag: &str,
    variants: &[Variant],
) -> Result<String, String> {
    let mut names = Vec::new();
    for variant in variants {
        let name = variant.value.to_upper_camel_case();
        if api.named(&name).is_ok() {
            return Err(format!("`{name}` is a type and a case of `{}`", named.name));
        }
        let is_bytes = |field: &&Field| (variant.value.as_str(), field.name.as_str()) == BYTES;
        let (bytes, fields): (Vec<_>, Vec<_>) = variant.fields.iter().partition(is_bytes);
        let value = &variant.value;
        let mut text = class(api, &name, "", &variant.doc, &[])?;
        let _ = write!(text, "\n    {tag}: Literal[\"{value}\"] = \"{value}\"\n");
        for one in fields {
            text += &field(api, &name, one)?;
        }
        for one in bytes {
            text += &format!("{CHUNK}{}{TEXT}", docstring(&one.doc, 4));
        }
        module.body += &text;
        names.push(name);
    }
    let doc = docstring(&named.doc, 0);
    let cases = names.join("\n    | ");
    module.names.extend(names);
    module.names.push(named.name.clone());
    Ok(format!("\n\n{} = (\n    {cases}\n)\n{doc}", named.name))
}

fn class(api: &Api, name: &str, base: &str, doc: &str, fields: &[Field]) -> Result<String, String> {
    let base = if base.is_empty() {
        String::new()
    } else {
        format!("({base})")
    };
    let mut text = format!("\n\n{DATACLASS}class {name}{base}:\n{}", docstring(doc, 4));
    if !fields.is_empty() {
        text.push('\n');
    }
    for one in fields {
        text += &field(api, name, one)?;
    }
    Ok(text)
}

fn field(api: &Api, class: &str, field: &Field) -> Result<String, String> {
    let place = format!("{class}.{}", field.name);
    let mut kind = annotation(api, &field.kind, Place::Model, &place)?;
    // The lines of a list are a union.
    if let Type::List(inner) = &field.kind
        && let Type::Line(_) = **inner
    {
        kind = format!(
            "tuple[{}, ...]",
            annotation(api, inner, Place::Model, &place)?
        );
    }
    let default = match (&field.kind, field.is_required) {
        (_, true) => String::new(),
        (Type::Optional(_), false) => " = None".to_owned(),
        (Type::List(_), false) => " = ()".to_owned(),
        (Type::Map(_), false) => " = field(default_factory=dict)".to_owned(),
        (Type::Named(name), false) if is_all_absent(api, name)? => {
            format!(" = field(default_factory={name})")
        }
        (kind, false) => return Err(format!("Python has no default for `{place}`: {kind:?}")),
    };
    let line = format!("    {}: {kind}{default}\n", identifier(&field.name)?);
    Ok(line + &docstring(&field.doc, 4))
}

/// The types, those first that are the default of a field: Python makes the default with the class.
fn defaults_first<'a>(types: &[&'a Named]) -> Vec<&'a Named> {
    let is_default = |named: &&&Named| {
        let records = types.iter().filter_map(|other| match &other.shape {
            Shape::Record(fields) => Some(fields),
            Shape::Text | Shape::Choice(_) | Shape::Union { .. } => None,
        });
        let absent = records.flatten().filter(|field| !field.is_required);
        absent
            .map(|field| &field.kind)
            .any(|kind| *kind == Type::Named(named.name.clone()))
    };
    let (first, rest): (Vec<_>, Vec<_>) = types.iter().partition(is_default);
    first.into_iter().chain(rest).copied().collect()
}

/// What the lines of a report are of, if a record is one.
fn line_of(fields: &[Field]) -> Option<&Type> {
    let plugins = fields.iter().find(|field| field.name == "plugins")?;
    match &plugins.kind {
        Type::List(inner) => match &**inner {
            Type::Line(outcome) => Some(outcome),
            _ => None,
        },
        _ => None,
    }
}

/// The enum that has the cases of a union.
fn kind_of<'a>(api: &'a Api, variants: &[Variant]) -> Option<&'a str> {
    let found = api.types.iter().find(|named| match &named.shape {
        Shape::Choice(choices) => {
            let values = choices.iter().map(|choice| &choice.value);
            values.eq(variants.iter().map(|variant| &variant.value))
        }
        _ => false,
    });
    found.map(|named| named.name.as_str())
}

fn is_all_absent(api: &Api, name: &str) -> Result<bool, String> {
    Ok(match &api.named(name)?.shape {
        Shape::Record(fields) => fields.iter().all(|field| !field.is_required),
        _ => false,
    })
}
