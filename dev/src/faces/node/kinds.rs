//! What arguments and options are checked for.

use crate::api::{Field, Type};

/// How `check.cjs` calls the kind of an argument or option.
pub(super) fn kind(field: &Field) -> Result<&'static str, String> {
    let kind = match &field.kind {
        Type::Optional(inner) => inner,
        other => other,
    };
    Ok(match (field.name.as_str(), kind) {
        ("plan", _) => "plans",
        ("source", Type::Text) => "source",
        ("registry" | "url", Type::Text) => "url",
        (_, Type::Text) => "text",
        // A text with a meaning (`Pin`).
        (_, Type::Named(_)) => "text",
        (_, Type::Path) => "path",
        (_, Type::Bool) => "flag",
        (_, Type::Integer(_)) => "integer",
        (_, Type::Number) => "number",
        (_, Type::List(inner)) if **inner == Type::Text => "list",
        (_, Type::Map(inner)) if **inner == Type::Text => "texts",
        (_, Type::Map(inner)) if matches!(**inner, Type::List(_)) => "lists",
        (_, Type::Map(inner)) if **inner == Type::Optional(Box::new(Type::Text)) => "textsOrNull",
        (name, other) => return Err(format!("`{name}` is {other:?}, which is not checked")),
    })
}
