//! Models: enums and frozen dataclasses.

use std::fmt::Write as _;

use heck::ToUpperCamelCase;

use crate::api::{Api, Choice, Field, Named, Shape, Type, Variant};

use super::module::Module;
use super::words::{
    Place, annotation, docstring, documented, fields, identifier, mentioned, with_list,
};

const REPORT: &str = include_str!("report.py");
const DATACLASS: &str = "@dataclass(frozen=True, slots=True, kw_only=True)\n";

/// The field of an event that is bytes in Python, and text in JSON.
const BYTES: (&str, &str) = ("output", "text");
const CHUNK: &str = "    chunk: bytes = b\"\"\n";
const TEXT: &str = "\n    def as_dict(self) -> dict[str, Any]:\n        \
    \"\"\"Returns the document of the event, with the bytes as text.\"\"\"\n        \
    document = super(Output, self).as_dict()\n        del document[\"chunk\"]\n        \
    return {**document, \"text\": self.text}\n\n    @property\n    def text(self) -> str:\n        \
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
    for named in named_first(types) {
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
    let values = choices.iter();
    let values = values.map(|choice| (choice.value.as_str(), choice.doc.as_str()));
    let doc = with_list(&named.doc, "Values", values);
    let text = &mut module.body;
    let _ = write!(text, "\n\nclass {}(TextEnum):\n{doc}\n", named.name);
    for choice in choices {
        let name = member(&choice.value);
        let _ = writeln!(text, "    {} = \"{}\"", identifier(&name)?, choice.value);
        text.push_str(&docstring(&choice.doc, 4));
    }
    module.names.push(named.name.clone());
    Ok(())
}

fn record(api: &Api, module: &mut Module, named: &Named, fields: &[Field]) -> Result<(), String> {
    module.body += &class(api, &named.name, "Document", &named.doc, fields)?;
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
    let choices = variants.iter().map(|variant| variant.value.as_str());
    let first = choices.clone().next().map(member).unwrap_or_default();
    let mut cases = String::new();
    let mut listed = vec![(tag.to_owned(), format!("One of {}.", quoted(choices)))];
    let fields = fields_of_cases(&named.name, variants)?;
    for (field, values) in &fields {
        let texts: String = values
            .iter()
            .map(|value| format!("\"{value}\", "))
            .collect();
        let texts = match values.as_slice() {
            [_] => texts.trim_end_matches(' '),
            _ => texts.trim_end_matches(", "),
        };
        let _ = write!(cases, "\"{}\": ({texts}), ", field.name);
        listed.push((field.name.clone(), doc_of_cases(field, values)));
    }
    let listed = listed
        .iter()
        .map(|(name, doc)| (name.as_str(), doc.as_str()));
    let doc = with_list(&named.doc, "Fields", listed);
    let cases = cases.trim_end_matches(", ");
    let mut text = head(&named.name, "Document", &doc);
    let _ = write!(
        text,
        "    _cases: ClassVar[dict[str, tuple[str, ...]]] = {{{cases}}}\n    {tag}: {kind} = \
         {kind}.{first}\n"
    );
    for (field, values) in &fields {
        let kind = annotation(api, &field.kind, Place::Model, &field.name)?;
        let kind = match field.kind {
            Type::Bool => format!("{kind} = False"),
            _ if kind.ends_with(" | None") => format!("{kind} = None"),
            _ => format!("{kind} | None = None"),
        };
        let _ = writeln!(text, "    {}: {kind}", identifier(&field.name)?);
        text.push_str(&docstring(&doc_of_cases(field, values), 4));
    }
    module.body += &text;
    module.names.push(named.name.clone());
    Ok(())
}

/// The fields of all cases, each once, with the cases that have it.
fn fields_of_cases<'a>(
    name: &str,
    variants: &'a [Variant],
) -> Result<Vec<(&'a Field, Vec<&'a str>)>, String> {
    let mut fields: Vec<(&Field, Vec<&str>)> = Vec::new();
    for variant in variants {
        for field in &variant.fields {
            match fields
                .iter_mut()
                .find(|(known, _)| known.name == field.name)
            {
                Some((known, values)) if known.kind == field.kind && known.doc == field.doc => {
                    values.push(&variant.value);
                }
                Some(_) => {
                    return Err(format!(
                        "{name}: `{}` differs between the cases in type or documentation",
                        field.name
                    ));
                }
                None => fields.push((field, vec![&variant.value])),
            }
        }
    }
    Ok(fields)
}

fn doc_of_cases(field: &Field, values: &[&str]) -> String {
    let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    format!("{} Only for {}.", field.doc, values.join(" and "))
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
        let listed = variant.fields.iter().map(|field| {
            let name = if is_bytes(&field) {
                "chunk"
            } else {
                &field.name
            };
            (name, field.doc.as_str())
        });
        let mut text = head(
            &name,
            "Document",
            &with_list(&variant.doc, "Fields", listed),
        );
        let _ = writeln!(text, "    {tag}: Literal[\"{value}\"] = \"{value}\"");
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
    let mut text = head(name, base, &documented(doc, fields));
    let absent = fields.iter().filter(|field| !field.is_required);
    let absent = absent.map(|field| format!("\"{}\"", field.name));
    let absent = absent.collect::<Vec<_>>().join(", ");
    if !absent.is_empty() {
        let _ = writeln!(
            text,
            "    _absent: ClassVar[frozenset[str]] = frozenset({{{absent}}})"
        );
    }
    for one in fields {
        text += &field(api, name, one)?;
    }
    Ok(text)
}

/// The first lines of a dataclass.
fn head(name: &str, base: &str, doc: &str) -> String {
    format!("\n\n{DATACLASS}class {name}({base}):\n{doc}\n")
}

/// The name of a member of an enum.
fn member(value: &str) -> String {
    value.replace('-', "_").to_uppercase()
}

fn quoted<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<_> = values.map(|value| format!("`{value}`")).collect();
    values.join(", ")
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
    let default = default(api, &field.kind, &field.name)?
        .ok_or_else(|| format!("Python has no default for `{place}`: {:?}", field.kind))?;
    let line = format!("    {}: {kind} = {default}\n", identifier(&field.name)?);
    Ok(line + &docstring(&field.doc, 4))
}

/// The default of a field: tests make models of the few fields that they look at.
fn default(api: &Api, kind: &Type, name: &str) -> Result<Option<String>, String> {
    let default = match kind {
        Type::Text | Type::ErrorCode => "\"\"".to_owned(),
        Type::Path => "Path()".to_owned(),
        Type::Bool => "False".to_owned(),
        // Counted from 1.
        Type::Integer(_) if ["position", "total"].contains(&name) => "1".to_owned(),
        Type::Integer(_) => "0".to_owned(),
        Type::Number => "0.0".to_owned(),
        Type::Optional(_) => "None".to_owned(),
        Type::List(_) => "()".to_owned(),
        Type::Map(_) => {
            let kind = annotation(api, kind, Place::Model, name)?;
            format!("field(default_factory={kind})")
        }
        Type::Pair(first, second) => {
            let first = default(api, first, name)?;
            let second = default(api, second, name)?;
            return Ok(first
                .zip(second)
                .map(|(first, second)| format!("({first}, {second})")));
        }
        Type::Named(named) => match &api.named(named)?.shape {
            Shape::Text => "\"\"".to_owned(),
            Shape::Choice(choices) => match choices.first() {
                Some(choice) => format!("{named}.{}", member(&choice.value)),
                None => return Ok(None),
            },
            Shape::Record(_) | Shape::Union { .. } => format!("field(default_factory={named})"),
        },
        Type::Report(_) | Type::Line(_) | Type::Error => return Ok(None),
    };
    Ok(Some(default))
}

/// The types in the order in which Python can make them: those that others name come first.
fn named_first<'a>(types: &[&'a Named]) -> Vec<&'a Named> {
    let mut ordered: Vec<&Named> = Vec::new();
    let mut waiting: Vec<&Named> = types.to_vec();
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|named| named.name.clone()).collect();
        let is_free = |named: &&&Named| {
            let mut mentions = Vec::new();
            for kind in fields(named) {
                mentioned(kind, &mut mentions);
            }
            !mentions.iter().any(|name| names.contains(name))
        };
        let (free, rest): (Vec<&Named>, Vec<&Named>) =
            waiting.iter().partition(|named| is_free(named));
        if free.is_empty() {
            // Types that name each other: the description has none.
            ordered.extend(rest);
            break;
        }
        ordered.extend(free);
        waiting = rest;
    }
    ordered
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
