//! Types, names and documentation in Python's words.

use crate::api::{Api, Field, Named, Shape, Type};
use crate::prose::wrapped;

/// The width of a line.
pub(super) const WIDTH: usize = 100;

/// Where a type stands.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In a model.
    Model,
    /// In a document that is not decoded.
    Document,
    /// What a caller passes.
    Input,
}

/// The annotation of a type.
///
/// # Errors
/// Says that `name` has a type that Python does not know there.
pub(super) fn annotation(
    api: &Api,
    kind: &Type,
    place: Place,
    name: &str,
) -> Result<String, String> {
    let of = |inner: &Type| annotation(api, inner, place, name);
    Ok(match (kind, place) {
        (Type::Text | Type::ErrorCode, _) => "str".to_owned(),
        (Type::Path, Place::Model) => "Path".to_owned(),
        (Type::Path, Place::Document) => "str".to_owned(),
        (Type::Path, Place::Input) => "StrPath".to_owned(),
        (Type::Bool, _) => "bool".to_owned(),
        (Type::Integer(_), _) => "int".to_owned(),
        (Type::Number, _) => "float".to_owned(),
        (Type::Optional(inner), _) => format!("{} | None", of(inner)?),
        (Type::List(inner), Place::Model) => format!("tuple[{}, ...]", of(inner)?),
        (Type::List(inner), Place::Document) => format!("list[{}]", of(inner)?),
        (Type::List(inner), Place::Input) if **inner == Type::Text => "Sequence[str]".to_owned(),
        (Type::Map(inner), Place::Model | Place::Document) => format!("dict[str, {}]", of(inner)?),
        (Type::Map(inner), Place::Input) => format!("Mapping[str, {}]", of(inner)?),
        (Type::Pair(first, second), Place::Model) => {
            format!("tuple[{}, {}]", of(first)?, of(second)?)
        }
        (Type::Named(named), Place::Model | Place::Document) => match api.named(named)?.shape {
            Shape::Text => "str".to_owned(),
            _ => named.clone(),
        },
        (Type::Report(inner), Place::Model) => format!("Report[{}]", of(inner)?),
        (Type::Line(inner), Place::Model) => format!("Done[{}] | Skipped | Failed", of(inner)?),
        (Type::Error, Place::Model) => "AtkError".to_owned(),
        (Type::List(_) | Type::Named(_), Place::Input)
        | (
            Type::Pair(..) | Type::Report(_) | Type::Line(_) | Type::Error,
            Place::Document | Place::Input,
        ) => return Err(format!("Python has no way to pass `{name}`: {kind:?}")),
    })
}

/// A name of the description as a name in Python.
///
/// # Errors
/// Says that it is a keyword.
pub(super) fn identifier(name: &str) -> Result<&str, String> {
    const KEYWORDS: &str = "False None True and as assert async await break class continue def del \
        elif else except finally for from global if import in is lambda nonlocal not or pass raise \
        return try while with yield self cls";
    if KEYWORDS.split(' ').any(|keyword| keyword == name) {
        return Err(format!("`{name}` cannot be a name in Python"));
    }
    Ok(name)
}

/// Documentation without the links of Rust, and with Python's word for null.
pub(super) fn prose(doc: &str) -> String {
    let words = doc.split(' ').map(|word| match word {
        "null" => "None",
        word => word,
    });
    let doc = words.collect::<Vec<_>>().join(" ");
    let doc = doc.replace("[`", "`").replace("`]", "`");
    doc.replace("::", ".").replace('\\', "\\\\")
}

/// A docstring, indented.
pub(super) fn docstring(doc: &str, indent: usize) -> String {
    let space = " ".repeat(indent);
    let lines = wrapped(&prose(doc), WIDTH - indent - 6);
    let mut text = format!("{space}\"\"\"");
    for (number, line) in lines.iter().enumerate() {
        if number > 0 && !line.is_empty() {
            text.push_str(&space);
        }
        text.push_str(line);
        if number + 1 < lines.len() {
            text.push('\n');
        }
    }
    if lines.len() > 1 {
        text.push('\n');
        text.push_str(&space);
    }
    text + "\"\"\"\n"
}

/// The docstring of a class with fields: `help()` shows nothing else of them.
pub(super) fn documented(doc: &str, fields: &[Field]) -> String {
    let fields = fields.iter();
    with_list(
        doc,
        "Fields",
        fields.map(|field| (field.name.as_str(), field.doc.as_str())),
    )
}

/// A docstring of a class that ends with a list of its parts.
pub(super) fn with_list<'a>(
    doc: &str,
    title: &str,
    parts: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut text = String::new();
    for (name, doc) in parts {
        let item = format!("`{name}`: {}", prose(doc).replace("\n\n", " "));
        for (number, line) in wrapped(&item, WIDTH - 6).iter().enumerate() {
            let start = if number == 0 { "- " } else { "  " };
            text += &format!("    {start}{line}\n");
        }
    }
    if text.is_empty() {
        return docstring(doc, 4);
    }
    let head = docstring(doc, 4);
    let head = head.trim_end().trim_end_matches("\"\"\"").trim_end();
    format!("{head}\n\n    {title}:\n\n{text}    \"\"\"\n")
}

/// The types of the fields of a named type.
pub(super) fn fields(named: &Named) -> Vec<&Type> {
    match &named.shape {
        Shape::Text | Shape::Choice(_) => Vec::new(),
        Shape::Record(fields) => fields.iter().map(|field| &field.kind).collect(),
        Shape::Union { variants, .. } => {
            let fields = variants.iter().flat_map(|variant| &variant.fields);
            fields.map(|field| &field.kind).collect()
        }
    }
}

/// The named types that a type mentions.
pub(super) fn mentioned(kind: &Type, names: &mut Vec<String>) {
    match kind {
        Type::Named(name) => names.push(name.clone()),
        Type::List(inner)
        | Type::Map(inner)
        | Type::Optional(inner)
        | Type::Report(inner)
        | Type::Line(inner) => mentioned(inner, names),
        Type::Pair(first, second) => {
            mentioned(first, names);
            mentioned(second, names);
        }
        Type::Text
        | Type::Path
        | Type::Bool
        | Type::Integer(_)
        | Type::Number
        | Type::Error
        | Type::ErrorCode => {}
    }
}
