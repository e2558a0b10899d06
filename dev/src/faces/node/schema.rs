//! `documents.schema.json`: the documents in JSON Schema, as `JSON.stringify` writes them.

use serde_json::{Map, Value, json};

use super::words::{camel, in_camel_case};
use crate::api::Api;

const DESCRIPTION: &str = "What the operations of a home resolve with, as `JSON.stringify` writes \
    it: a property for each operation. `$defs` has every type by its name. Later versions may add \
    fields, kinds of events and codes of errors.";

pub(super) fn document(api: &Api, description: &Value) -> Value {
    let outcomes = description["operations"].as_array().into_iter().flatten();
    let outcomes = outcomes.map(|operation| {
        let name = camel(operation["name"].as_str().unwrap_or_default());
        (name, schema(api, &operation["outcome"]))
    });
    let mut types = schema_of_each(api, &description["$defs"]);
    // What JavaScript's errors have besides.
    types["Error"]["properties"]["name"] = json!({ "enum": ["AtkError", "AbortError"] });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": super::words::COMMENT,
        "title": "The documents of @svtoo/atk",
        "description": DESCRIPTION,
        "type": "object",
        "properties": outcomes.collect::<Map<_, _>>(),
        "$defs": types,
    })
}

/// A schema with the names of JavaScript.
fn schema(api: &Api, of: &Value) -> Value {
    match of {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    ("properties", Value::Object(fields)) => {
                        let fields = fields
                            .iter()
                            .map(|(name, field)| (camel(name), schema(api, field)));
                        Value::Object(fields.collect())
                    }
                    ("required", Value::Array(names)) => {
                        let names = names.iter().filter_map(Value::as_str);
                        names.map(camel).collect()
                    }
                    ("description", Value::String(text)) => in_camel_case(api, text).into(),
                    (_, value) => schema(api, value),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect())
        }
        Value::Array(values) => values.iter().map(|value| schema(api, value)).collect(),
        other => other.clone(),
    }
}

/// The schemas of types, whose names are no names of fields.
fn schema_of_each(api: &Api, types: &Value) -> Value {
    let types = types.as_object().into_iter().flatten();
    let types = types.map(|(name, of)| (name.clone(), schema(api, of)));
    Value::Object(types.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_renamed_and_values_are_not() {
        let description = atk_core::api();
        let api = Api::read(&description).unwrap();
        let document = document(&api, &description);
        let plan = &document["$defs"]["UpgradePlan"];
        assert_eq!(plan["properties"]["newPin"]["$ref"], "#/$defs/Pin");
        assert!(
            plan["required"]
                .as_array()
                .unwrap()
                .contains(&json!("needsTrust"))
        );
        let text = document.to_string();
        assert!(text.contains("\"plugin_not_installed\"") && !text.contains("\"exit_code\""));
        let outcome = &document["properties"]["planUpgrade"];
        assert_eq!(outcome["$ref"], "#/$defs/ReportOfUpgradePlan");
    }
}
