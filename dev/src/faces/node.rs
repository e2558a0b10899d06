//! The npm package: its documents and their JSON Schema, its home with one method for each operation, and what each
//! operation takes.

mod documents;
mod home;
mod kinds;
mod operations;
mod schema;
mod words;

use crate::api::Api;
use crate::output::File;
use words::COMMENT;

/// # Errors
/// A shape that TypeScript or this package has no counterpart of.
pub(crate) fn files(api: &Api) -> Result<Vec<File>, String> {
    let file = |name: &str, text: String| {
        File::new(
            format!("bindings/node/lib/{name}"),
            format!("// {COMMENT}\n{text}"),
        )
    };
    Ok(vec![
        file("documents.d.ts", documents::text(api)?),
        file("home.d.ts", home::text(api)?),
        file("operations.cjs", operations::text(api)?),
        File::json(
            "bindings/node/lib/documents.schema.json",
            &schema::document(api, &atk_core::api()),
        )?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Field, Named, Shape, Type};

    fn api() -> Api {
        Api::read(&atk_core::api()).unwrap()
    }

    fn with_field(name: &str, doc: &str, kind: Type) -> Api {
        let mut api = api();
        let field = Field {
            name: name.to_owned(),
            doc: doc.to_owned(),
            kind,
            is_required: true,
        };
        api.types.push(Named {
            name: "Surprise".to_owned(),
            doc: String::new(),
            shape: Shape::Record(vec![field]),
        });
        api
    }

    #[test]
    fn a_surprise_is_refused() {
        let unknown = with_field("x", "", Type::Named("Nothing".to_owned()));
        let error = files(&unknown).unwrap_err();
        assert_eq!(error, "there is no type `Nothing`");
        let comment = with_field("x", "All of `plugins/*/x`.", Type::Text);
        assert!(files(&comment).unwrap_err().contains("would end within"));
        let mut no_output = api();
        no_output.types.retain(|named| named.name != "Event");
        assert_eq!(files(&no_output).unwrap_err(), "there is no type `Event`");
    }
}
