//! `documents.d.ts`: what the library returns, and what it calls callbacks with.

use heck::ToUpperCamelCase;

use super::words::{camel, comment, interface, typed};
use crate::api::{Api, Field, Named, Shape, Variant};

const HEAD: &str = "\
// What the library returns, and what it calls callbacks with: its documents with names in camelCase.

import type { AtkError } from './index.js'
";

/// The types that every operation on one or all plugins returns.
const REPORTS: &str = "
/** A plugin for which an operation was done. */
export interface Done<T> {
  /** The plugin's directory in the home. */
  directory: string
  /** Its display name. */
  name: string
  result: 'done'
  outcome: T
}

/** A plugin for which there was nothing to do. */
export interface Skipped {
  /** The plugin's directory in the home. */
  directory: string
  /** Its display name. */
  name: string
  result: 'skipped'
  reason: Skip
}

/** A plugin for which an operation failed. The plugin is as it was before. */
export interface Failed {
  /** The plugin's directory in the home. */
  directory: string
  /** Its display name. */
  name: string
  result: 'failed'
  error: AtkError
}

/** The result of an operation for one plugin. */
export type Line<T> = Done<T> | Skipped | Failed

/** The outcome of an operation on one or more plugins: a line for each. */
export interface Report<T> {
  /** The lines, in the order of the manifest. */
  plugins: Line<T>[]
  /** What deserves attention and is not in the outcome of a plugin. */
  warnings: string[]
}
";

const OLD_NAMES: &str = "
/** @deprecated It has the name of a global: use {@link AtkEvent}. */
export type Event = AtkEvent

/** @deprecated It has the name of a global: use {@link AtkMessageEvent}. */
export type MessageEvent = AtkMessageEvent

/** @deprecated It has the name of a global: use {@link AtkProgressEvent}. */
export type ProgressEvent = AtkProgressEvent
";

/// What an event of output has in JavaScript only: bytes do not pass as JSON.
const CHUNK: &str =
    "  /** The bytes, which may end within a character. At most 64 KiB. */\n  chunk: Uint8Array\n";
const OUTPUT_TEXT: &str =
    "The bytes as text. A character that is cut comes whole with the next event.";

pub(super) fn text(api: &Api) -> Result<String, String> {
    let mut text = HEAD.to_owned();
    // `chunk` is added to one of its variants.
    api.named("Event")?;
    for named in &api.types {
        text += &declared(api, named)?;
    }
    text += "\n/** The code of an error: what to act on. Later versions may have more. */\n";
    text += &union(
        "ErrorCode",
        api.errors.iter().map(|kind| format!("'{}'", kind.code)),
    );
    Ok(text + REPORTS + OLD_NAMES)
}

fn declared(api: &Api, named: &Named) -> Result<String, String> {
    let name = &named.name;
    Ok(match &named.shape {
        Shape::Text => String::new(),
        Shape::Record(fields) => {
            let doc = comment(api, &named.doc, "")?;
            format!(
                "\n{doc}export interface {name} {{\n{}}}\n",
                members(api, fields)?
            )
        }
        Shape::Choice(choices) => {
            let docs = choices.iter().filter(|choice| !choice.doc.is_empty());
            let docs = docs.map(|choice| format!("\n\n`{}`: {}", choice.value, choice.doc));
            let doc = comment(api, &(named.doc.clone() + &docs.collect::<String>()), "")?;
            let values = choices.iter().map(|choice| format!("'{}'", choice.value));
            format!("\n{doc}{}", union(name, values))
        }
        Shape::Union { tag, variants } => {
            let mut text = String::new();
            for variant in variants {
                text += &variant_declared(api, name, tag, variant)?;
            }
            let doc = comment(api, &named.doc, "")?;
            let names = variants
                .iter()
                .map(|variant| interface(&(variant.value.to_upper_camel_case() + name)));
            format!("{text}\n{doc}{}", union(&interface(name), names))
        }
    })
}

fn variant_declared(
    api: &Api,
    union: &str,
    tag: &str,
    variant: &Variant,
) -> Result<String, String> {
    let name = interface(&(variant.value.to_upper_camel_case() + union));
    let doc = comment(api, &variant.doc, "")?;
    let mut rest = members(api, &variant.fields)?;
    if name == "OutputEvent" {
        let field = variant.fields.iter().find(|field| field.name == "text");
        let field = field.ok_or("`OutputEvent` has no `text`")?;
        let (before, after) = (
            comment(api, &field.doc, "  ")?,
            comment(api, OUTPUT_TEXT, "  ")?,
        );
        rest = rest.replace(&before, &after) + CHUNK;
    }
    let value = &variant.value;
    Ok(format!(
        "\n{doc}export interface {name} {{\n  {}: '{value}'\n{rest}}}\n",
        camel(tag)
    ))
}

fn members(api: &Api, fields: &[Field]) -> Result<String, String> {
    let mut text = String::new();
    for field in fields {
        let optional = if field.is_required { "" } else { "?" };
        let kind = typed(api, &field.kind)?;
        text += &comment(api, &field.doc, "  ")?;
        text += &format!("  {}{optional}: {kind}\n", camel(&field.name));
    }
    Ok(text)
}

fn union(name: &str, cases: impl Iterator<Item = String>) -> String {
    let cases: Vec<_> = cases.collect();
    let line = format!("export type {name} = {}\n", cases.join(" | "));
    if line.chars().count() <= 101 {
        return line;
    }
    format!("export type {name} =\n  | {}\n", cases.join("\n  | "))
}

#[cfg(test)]
mod tests {
    #[test]
    fn reports_and_their_lines_have_the_fields_that_are_declared() {
        let api = atk_core::api();
        let types = api["$defs"].as_object().unwrap();
        let fields = |schema: &serde_json::Value| {
            let properties = schema["properties"].as_object().unwrap();
            properties.keys().cloned().collect::<Vec<_>>().join(" ")
        };
        for (name, schema) in types
            .iter()
            .filter(|(name, _)| name.starts_with("ReportOf"))
        {
            assert_eq!(fields(schema), "plugins warnings", "{name}");
        }
        for (name, schema) in types.iter().filter(|(name, _)| name.starts_with("LineOf")) {
            let cases = schema["oneOf"].as_array().unwrap();
            let cases: Vec<_> = cases.iter().map(fields).collect();
            assert_eq!(fields(schema), "directory name", "{name}");
            assert_eq!(
                cases,
                ["result outcome", "result reason", "result error"],
                "{name}"
            );
        }
    }
}
