//! The records are held against the core's schema.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::*;

type Reads = fn(Value) -> Result<(), serde_json::Error>;

fn reads<T: DeserializeOwned>(document: Value) -> Result<(), serde_json::Error> {
    serde_json::from_value::<T>(document).map(drop)
}

fn readers() -> BTreeMap<&'static str, Reads> {
    BTreeMap::from([
        ("init", reads::<Initialized> as Reads),
        ("resolve", reads::<Source>),
        ("fetch", reads::<Fetched>),
        ("add", reads::<Added>),
        ("setup", reads::<records::Report<SetUpLine>>),
        ("install", reads::<records::Report<InstalledLine>>),
        ("plan_upgrade", reads::<records::Report<PlannedLine>>),
        ("upgrade", reads::<records::Report<UpgradedLine>>),
        ("remove", reads::<Removed>),
        ("start", reads::<records::Report<RanLine>>),
        ("stop", reads::<records::Report<RanLine>>),
        ("restart", reads::<records::Report<RanLine>>),
        ("status", reads::<records::StatusReport>),
        ("logs", reads::<Ran>),
        ("run", reads::<ScriptEnded>),
        ("git", reads::<ScriptEnded>),
        ("list", reads::<Vec<Listed>>),
        ("search", reads::<Vec<Found>>),
        ("mcp", reads::<McpServer>),
        ("readme", reads::<Readme>),
        ("cache", reads::<CacheReport>),
        ("clear_cache", reads::<CacheReport>),
        ("prompt", reads::<Prompt>),
        ("error", reads::<Failure>),
    ])
}

#[test]
fn every_document_of_the_schema_is_read_in_full() {
    let schema = atk_core::api();
    let readers = readers();
    let operations = schema["operations"].as_array().unwrap().iter();
    let outcomes = operations.map(|one| (one["name"].as_str().unwrap(), &one["outcome"]));
    // Events are made from the core's values.
    let others = ["prompt", "error"].map(|name| (name, &schema[name]));
    for (name, document) in outcomes.chain(others) {
        let read = readers.get(name);
        let read = read.unwrap_or_else(|| panic!("`{name}` has no record"));
        let samples = samples(&schema, document);
        assert!(!samples.is_empty());
        for sample in samples {
            let text = sample.to_string();
            read(sample).unwrap_or_else(|error| panic!("{name}: {error}: {text}"));
        }
    }
}

#[test]
fn a_field_that_a_record_lacks_is_noticed() {
    let schema = atk_core::api();
    let mut document = schema["$defs"]["Added"].clone();
    document["properties"]["surprise"] = json!({"type": "string"});
    let sample = samples(&schema, &document).remove(0);
    assert!(reads::<Added>(sample).is_err());
}

#[test]
fn every_operation_has_its_record() {
    let readers = readers();
    for operation in atk_core::OPERATIONS {
        assert!(readers.contains_key(operation.name), "{}", operation.name);
    }
}

#[test]
fn every_event_of_the_schema_has_its_variant() {
    use atk_core::Event as Core;
    let text = || "x".to_owned();
    let events = [
        Core::OperationStarted {
            operation: text(),
            subject: None,
        },
        Core::Resolved {
            description: text(),
        },
        Core::Step {
            plugin: None,
            description: text(),
        },
        Core::Progress {
            source: text(),
            bytes: 1,
            objects: 1,
        },
        Core::Output {
            plugin: text(),
            command: text(),
            stream: atk_core::Stream::Stdout,
            chunk: vec![0xff],
        },
        Core::Message {
            level: atk_core::Level::Info,
            plugin: None,
            text: text(),
        },
        Core::OperationFinished { operation: text() },
    ];
    let schema = atk_core::api();
    let listed = schema["$defs"]["Event"]["oneOf"].as_array().unwrap();
    assert_eq!(listed.len(), events.len());
    for (event, listed) in events.into_iter().zip(listed) {
        let document = serde_json::to_value(&event).unwrap();
        assert_eq!(document["event"], listed["properties"]["event"]["const"]);
        // The names are the same, and so is what they hold.
        let ours = format!("{:?}", Event::of(event.clone()).expect("a variant"));
        assert_eq!(ours.replace("OutputStream", "Stream"), format!("{event:?}"));
    }
}

/// Documents that a schema allows: all their fields are there, and each alternative is in one.
fn samples(root: &Value, schema: &Value) -> Vec<Value> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#/$defs/").expect("a definition");
        return samples(root, &root["$defs"][name]);
    }
    if let Some(constant) = schema.get("const") {
        return vec![constant.clone()];
    }
    if let Some(choices) = schema["enum"].as_array() {
        return choices.clone();
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[key].as_array() {
            let base = object(root, schema);
            return choices
                .iter()
                .flat_map(|choice| samples(root, choice))
                .map(|sample| merged(base.first(), sample))
                .collect();
        }
    }
    let kind = schema["type"]
        .as_array()
        .map_or(&schema["type"], |kinds| &kinds[0]);
    match kind.as_str() {
        Some("object") => object(root, schema),
        Some("array") => match schema["prefixItems"].as_array() {
            Some(items) => vec![
                items
                    .iter()
                    .map(|item| samples(root, item).remove(0))
                    .collect(),
            ],
            None => vec![samples(root, &schema["items"]).into()],
        },
        Some("string") => vec![json!("x")],
        Some("integer") => vec![json!(1)],
        Some("boolean") => vec![json!(true)],
        Some("null") => vec![Value::Null],
        other => panic!("{other:?} of {schema}"),
    }
}

fn object(root: &Value, schema: &Value) -> Vec<Value> {
    let Some(fields) = schema["properties"].as_object() else {
        return match schema["additionalProperties"].as_object() {
            Some(_) => vec![json!({"X": "x"})],
            None => Vec::new(),
        };
    };
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, field)| (name, samples(root, field)))
        .collect();
    let most = fields
        .iter()
        .map(|(_, samples)| samples.len())
        .max()
        .unwrap_or(1);
    let sample = |number: usize| -> Map<String, Value> {
        let value = |samples: &[Value]| samples[number % samples.len()].clone();
        fields
            .iter()
            .map(|(name, samples)| ((*name).clone(), value(samples)))
            .collect()
    };
    (0..most).map(|number| sample(number).into()).collect()
}

fn merged(base: Option<&Value>, over: Value) -> Value {
    match (base, over) {
        (Some(Value::Object(base)), Value::Object(over)) => base
            .clone()
            .into_iter()
            .chain(over)
            .collect::<Map<_, _>>()
            .into(),
        (_, over) => over,
    }
}
