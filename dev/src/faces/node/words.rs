//! Names, types and comments as TypeScript writes them.

use std::collections::BTreeSet;

use heck::{ToLowerCamelCase, ToUpperCamelCase};

use super::operations;
use crate::api::{Api, Field, Operation, Shape, Type};
use crate::prose::commented;

/// A name in the case of JavaScript: `planUpgrade`.
pub(super) fn camel(name: &str) -> String {
    name.to_lower_camel_case()
}

/// The name of the interface with the options of an operation, if it takes more than a signal.
pub(super) fn options_name(operation: &Operation) -> String {
    let more = operation.has_events
        || operation.has_prompts
        || operation.has_output
        || !operation.options.is_empty()
        || !operation.answers.is_empty();
    if more {
        operation.name.to_upper_camel_case() + "Options"
    } else {
        "CallOptions".to_owned()
    }
}

/// The arguments of an operation, and whether each must be given. A list after other arguments may
/// be left out: it is then empty.
pub(super) fn arguments(operation: &Operation) -> Vec<(String, &Type, bool)> {
    let arguments = operation.arguments.iter().enumerate();
    let arguments = arguments.map(|(at, argument)| {
        let kind = &argument.field.kind;
        let may_be_empty = at > 0 && matches!(kind, Type::List(_));
        let is_required = argument.is_required && !may_be_empty;
        (camel(&argument.field.name), kind, is_required)
    });
    arguments.collect()
}

/// The name of an interface: not one that every program has already.
pub(super) fn interface(name: &str) -> String {
    match name {
        "Event" | "MessageEvent" | "ProgressEvent" => format!("Atk{name}"),
        other => other.to_owned(),
    }
}

/// A type in TypeScript.
pub(super) fn typed(api: &Api, kind: &Type) -> Result<String, String> {
    Ok(match kind {
        Type::Text | Type::Path => "string".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Integer(_) | Type::Number => "number".to_owned(),
        Type::List(inner) if matches!(**inner, Type::Optional(_)) => {
            format!("({})[]", typed(api, inner)?)
        }
        Type::List(inner) => format!("{}[]", typed(api, inner)?),
        Type::Map(inner) => format!("Record<string, {}>", typed(api, inner)?),
        Type::Optional(inner) => format!("{} | null", typed(api, inner)?),
        Type::Pair(first, second) => format!("[{}, {}]", typed(api, first)?, typed(api, second)?),
        Type::Named(name) => match api.named(name)?.shape {
            Shape::Text => "string".to_owned(),
            _ => interface(name),
        },
        Type::Report(inner) => format!("Report<{}>", typed(api, inner)?),
        Type::Line(inner) => format!("Line<{}>", typed(api, inner)?),
        Type::Error => "AtkError".to_owned(),
        Type::ErrorCode => "ErrorCode".to_owned(),
    })
}

/// The type of an argument or option: what `check.cjs` takes for its kind.
pub(super) fn accepted(api: &Api, field: &Field) -> Result<String, String> {
    Ok(match operations::kind(field)? {
        "plans" => "ApprovedPlans".to_owned(),
        "source" | "url" | "path" => "string | URL".to_owned(),
        "list" => "readonly string[]".to_owned(),
        "texts" => "Readonly<Record<string, string | undefined>>".to_owned(),
        "textsOrNull" => "Readonly<Record<string, string | null | undefined>>".to_owned(),
        _ => match &field.kind {
            Type::Optional(inner) => typed(api, inner)?,
            kind => typed(api, kind)?,
        },
    })
}

/// A comment before a declaration. Names of options and operations are in camel case in it.
pub(super) fn comment(api: &Api, doc: &str, indent: &str) -> Result<String, String> {
    if doc.contains("*/") {
        return Err(format!("a comment of JavaScript would end within `{doc}`"));
    }
    let doc = in_camel_case(api, doc);
    if doc.is_empty() {
        return Ok(String::new());
    }
    let alone = format!("{indent}/** {doc} */\n");
    if !doc.contains('\n') && alone.chars().count() <= 101 {
        return Ok(alone);
    }
    let lines = commented(&doc, &format!("{indent} * "), 100);
    Ok(format!("{indent}/**\n{lines}{indent} */\n"))
}

/// Replaces the names in backquotes by those of JavaScript: of options, operations and fields, and
/// links of Rust (``[`Upgraded::new_pin`]``).
pub(super) fn in_camel_case(api: &Api, doc: &str) -> String {
    let names = names(api);
    let mut text = String::new();
    for (at, span) in doc.split('`').enumerate() {
        if at > 0 {
            text.push('`');
        }
        if at % 2 == 0 {
            text += span;
        } else if let Some((owner, field)) = span.split_once("::") {
            text += &format!("{owner}.{}", camel(field));
        } else if names.contains(span) {
            text += &camel(span);
        } else {
            text += span;
        }
    }
    text.replace("[`", "`").replace("`]", "`")
}

/// The names that JavaScript has in another case.
fn names(api: &Api) -> BTreeSet<&str> {
    let fields = api.options.iter();
    let fields = fields.chain(api.operations.iter().flat_map(|one| &one.options));
    let fields = fields.chain(api.types.iter().flat_map(|named| match &named.shape {
        Shape::Record(fields) => fields.iter().collect(),
        Shape::Union { variants, .. } => variants.iter().flat_map(|one| &one.fields).collect(),
        Shape::Text | Shape::Choice(_) => Vec::new(),
    }));
    let names = fields.map(|field| &field.name);
    let names = names.chain(api.operations.iter().map(|operation| &operation.name));
    names.map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_backquotes_are_those_of_javascript() {
        let doc = "At most `status_timeout`, then `up_to_date`; see `plan_upgrade`, `old_pin` \
            and [`Service::compose_file`].";
        let expected = "At most `statusTimeout`, then `up_to_date`; see `planUpgrade`, `oldPin` \
            and `Service.composeFile`.";
        assert_eq!(
            in_camel_case(&Api::read(&atk_core::api()).unwrap(), doc),
            expected
        );
    }
}
