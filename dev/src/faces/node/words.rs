//! Names, types and comments as TypeScript writes them.

use heck::{ToLowerCamelCase, ToUpperCamelCase};

use crate::api::{Api, Operation, Shape, Type};
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
            _ => name.clone(),
        },
        Type::Report(inner) => format!("Report<{}>", typed(api, inner)?),
        Type::Line(inner) => format!("Line<{}>", typed(api, inner)?),
        Type::Error => "AtkError".to_owned(),
        Type::ErrorCode => "ErrorCode".to_owned(),
    })
}

/// The type of an option, which may be left out and is then not null.
pub(super) fn given(api: &Api, kind: &Type) -> Result<String, String> {
    match kind {
        Type::Optional(inner) => typed(api, inner),
        _ => typed(api, kind),
    }
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

/// Replaces the names of options and operations in backquotes by those of JavaScript.
fn in_camel_case(api: &Api, doc: &str) -> String {
    let fields = api.options.iter();
    let fields = fields.chain(api.operations.iter().flat_map(|one| &one.options));
    let names = fields.map(|field| &field.name);
    let names = names.chain(api.operations.iter().map(|operation| &operation.name));
    let mut text = doc.to_owned();
    for name in names.filter(|name| name.contains('_')) {
        text = text.replace(&format!("`{name}`"), &format!("`{}`", camel(name)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_backquotes_are_those_of_javascript() {
        let doc = "At most `status_timeout`, then `up_to_date`; see `plan_upgrade`.";
        let expected = "At most `statusTimeout`, then `up_to_date`; see `planUpgrade`.";
        assert_eq!(
            in_camel_case(&Api::read(&atk_core::api()).unwrap(), doc),
            expected
        );
    }
}
