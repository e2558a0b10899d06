//! Where the outcome of each operation has what C has accessors for.

use crate::api::{Api, Field, Shape, Type};

pub(super) fn text(api: &Api) -> Result<String, String> {
    let mut text = "//! Where the outcome of each operation has what C has accessors for.\n\n\
                    use crate::result::Places;\n"
        .to_owned();
    for operation in &api.operations {
        let name = &operation.name;
        let item = item(api, &operation.outcome)?.ok_or_else(|| {
            format!(
                "C has no accessors for the outcome of `{name}`, a {:?}",
                operation.outcome
            )
        })?;
        text += &format!(
            "\npub(super) const {}: Places = Places {{\n",
            name.to_uppercase()
        );
        text += &format!("    directory: {},\n", place(api, &item, &is_directory)?);
        text += &format!("    name: {},\n", place(api, &item, &is_name)?);
        text += &format!("    pin: {},\n", place(api, &item, &is_pin)?);
        text += &format!("    path: {},\n", place(api, &item, &is_path)?);
        text += "};\n";
    }
    Ok(text)
}

/// The fields of what an outcome is about: of a report or a list, those of one line.
fn item<'a>(api: &'a Api, outcome: &Type) -> Result<Option<Vec<&'a Field>>, String> {
    let name = match outcome {
        Type::Report(inner) | Type::List(inner) | Type::Line(inner) => return item(api, inner),
        Type::Named(name) => name,
        _ => return Ok(None),
    };
    let fields = match &api.named(name)?.shape {
        Shape::Record(fields) => fields,
        // A document has the fields of one of them.
        Shape::Union { variants, .. } => {
            return Ok(Some(variants.iter().flat_map(|one| &one.fields).collect()));
        }
        Shape::Text | Shape::Choice(_) => return Ok(None),
    };
    let lines = fields.iter().find(|field| field.name == "plugins");
    let lines = match lines.map(|field| &field.kind) {
        Some(Type::List(line)) => item(api, line)?,
        _ => None,
    };
    Ok(Some(lines.unwrap_or_else(|| fields.iter().collect())))
}

/// The first field that has what is looked for, as a JSON pointer: fields of the outcome before
/// those of its parts.
fn place(api: &Api, fields: &[&Field], is: &dyn Fn(&Field) -> bool) -> Result<String, String> {
    Ok(match pointer(api, fields, is)? {
        Some(pointer) => format!("Some(\"{pointer}\")"),
        None => "None".to_owned(),
    })
}

fn pointer(
    api: &Api,
    fields: &[&Field],
    is: &dyn Fn(&Field) -> bool,
) -> Result<Option<String>, String> {
    if let Some(field) = fields.iter().find(|field| is(field)) {
        return Ok(Some(format!("/{}", field.name)));
    }
    for field in fields {
        let Type::Named(name) = &field.kind else {
            continue;
        };
        if !["source", "plan", "definition"].contains(&field.name.as_str()) {
            continue;
        }
        if let Shape::Record(inner) = &api.named(name)?.shape
            && let Some(rest) = pointer(api, &inner.iter().collect::<Vec<_>>(), is)?
        {
            return Ok(Some(format!("/{}{rest}", field.name)));
        }
    }
    Ok(None)
}

fn is_directory(field: &Field) -> bool {
    field.kind == Type::Named("PluginDir".to_owned())
        || (field.name == "directory" && field.kind == Type::Text)
}

fn is_name(field: &Field) -> bool {
    field.name == "name" && field.kind == Type::Text
}

/// The commit that the files are from, or will be from.
fn is_pin(field: &Field) -> bool {
    let kind = match &field.kind {
        Type::Optional(inner) => inner,
        kind => kind,
    };
    *kind == Type::Named("Pin".to_owned()) && ["pin", "new_pin"].contains(&field.name.as_str())
}

fn is_path(field: &Field) -> bool {
    field.kind == Type::Path && ["path", "home"].contains(&field.name.as_str())
}
