//! The documents that the library gives, as JSON Schema: what every face passes on.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::error::{Details, Error, ErrorKind};
use crate::host::{Event, Prompt};
use crate::model::git_url::GitUrl;
use crate::model::source::Source;
use crate::ops::{
    Added, CacheReport, Fetched, Found, Initialized, Installed, Listed, McpServer, Ran, Readme,
    Removed, Report, ScriptEnded, SetUp, StatusReport, UpgradePlan, Upgraded,
};

/// Every document of the library as one JSON Schema (draft 2020-12).
///
/// `properties` has the outcome of each operation under its name, and `event`, `prompt` and
/// `error`; `$defs` has the parts. The faces' tests hold their own types against it.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut documents = Map::new();
    let mut add = |name: &str, schema: Schema| documents.insert(name.to_owned(), schema.into());
    let make = &mut generator;
    add("init", make.subschema_for::<Initialized>());
    add("resolve", make.subschema_for::<Source>());
    add("fetch", make.subschema_for::<Fetched>());
    add("add", make.subschema_for::<Added>());
    add("setup", make.subschema_for::<Report<SetUp>>());
    add("install", make.subschema_for::<Report<Installed>>());
    add("plan_upgrade", make.subschema_for::<Report<UpgradePlan>>());
    add("upgrade", make.subschema_for::<Report<Upgraded>>());
    add("uninstall", make.subschema_for::<Removed>());
    add("remove", make.subschema_for::<Removed>());
    add("start", make.subschema_for::<Report<Ran>>());
    add("stop", make.subschema_for::<Report<Ran>>());
    add("restart", make.subschema_for::<Report<Ran>>());
    add("status", make.subschema_for::<StatusReport>());
    add("logs", make.subschema_for::<Ran>());
    add("run", make.subschema_for::<ScriptEnded>());
    add("git", make.subschema_for::<ScriptEnded>());
    add("list", make.subschema_for::<Vec<Listed>>());
    add("search", make.subschema_for::<Vec<Found>>());
    add("mcp", make.subschema_for::<McpServer>());
    add("readme", make.subschema_for::<Readme>());
    add("cache", make.subschema_for::<CacheReport>());
    add("clear_cache", make.subschema_for::<CacheReport>());
    add("event", make.subschema_for::<Event>());
    add("prompt", make.subschema_for::<Prompt>());
    add("error", make.subschema_for::<Error>());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ATK",
        "type": "object",
        "properties": documents,
        "$defs": generator.take_definitions(true),
    })
}

impl JsonSchema for GitUrl {
    fn schema_name() -> Cow<'static, str> {
        "GitUrl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A git URL, as it was typed, without credentials." })
    }
}

impl JsonSchema for ErrorKind {
    fn schema_name() -> Cow<'static, str> {
        "ErrorKind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let ids: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.id()).collect();
        json_schema!({
            "type": "string",
            "enum": ids,
            "description": "What went wrong, as far as a caller would act differently.",
        })
    }
}

impl JsonSchema for Error {
    fn schema_name() -> Cow<'static, str> {
        "Error".into()
    }

    /// In the shape of [`Error::to_json`].
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "Why an operation failed.",
            "properties": {
                "kind": generator.subschema_for::<ErrorKind>(),
                "number": { "type": "integer", "description": "The kind's stable number." },
                "code": { "type": "integer", "description": "The exit status of a command line." },
                "message": { "type": "string", "description": "For people; nothing may depend on it." },
                "details": generator.subschema_for::<Details>(),
            },
            "required": ["kind", "number", "code", "message", "details"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_fields_that_its_schema_lists() {
        let document = Error::new(ErrorKind::Io, "x").to_json();
        let schema = schema();
        let listed = schema["$defs"]["Error"]["properties"].as_object().unwrap();
        let fields: Vec<_> = document.as_object().unwrap().keys().collect();
        assert_eq!(fields, listed.keys().collect::<Vec<_>>());
    }
}
