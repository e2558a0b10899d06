//! Kotlin, Ruby and Swift: the Rust types from which uniffi writes the sources of each language, and
//! the layers of Kotlin and Ruby over those.

mod dispatch;
mod errors;
mod home;
mod kotlin;
mod options;
mod records;
mod ruby;
mod words;

use crate::api::Api;
use crate::output::File;

/// # Errors
/// Names a type that has no counterpart in these languages.
pub(crate) fn files(api: &Api) -> Result<Vec<File>, String> {
    Ok(vec![
        File::rust("bindings/uniffi/src/records.rs", &records::records(api)?)?,
        File::rust("bindings/uniffi/src/details.rs", &records::details(api)?)?,
        File::rust("bindings/uniffi/src/home.rs", &home::home(api)?)?,
        File::rust("bindings/uniffi/src/options.rs", &options::options(api)?)?,
        File::rust("bindings/uniffi/src/error/kinds.rs", &errors::rust(api))?,
        File::new(
            "bindings/uniffi/kotlin/src/main/kotlin/io/github/svtoo/atk/Errors.kt",
            errors::kotlin(api),
        ),
        File::new(
            "bindings/uniffi/kotlin/src/main/kotlin/io/github/svtoo/atk/Operations.kt",
            kotlin::operations(api)?,
        ),
        File::new(
            "tests/conformance/drivers/kotlin/Dispatch.kt",
            dispatch::kotlin(api)?,
        ),
        File::new(
            "bindings/uniffi/ruby/lib/atk/operations.rb",
            ruby::operations(api)?,
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surprising_shape_is_refused() {
        for (place, surprise) in [
            (
                "Added",
                serde_json::json!({ "type": "integer", "format": "uint128" }),
            ),
            (
                "Event",
                serde_json::json!({ "$ref": "#/$defs/ReportOfSetUp" }),
            ),
            (
                "Ran",
                serde_json::json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "string" }] }),
            ),
        ] {
            let mut document = atk_core::api();
            let definition = &mut document["$defs"][place];
            let properties = match definition["properties"].is_object() {
                true => &mut definition["properties"],
                false => &mut definition["oneOf"][0]["properties"],
            };
            properties["surprise"] = surprise;
            let error = files(&Api::read(&document).unwrap()).unwrap_err();
            assert!(error.contains("have no type for"), "{error}");
        }
    }
}
