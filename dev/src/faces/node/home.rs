//! `home.d.ts`: the options of a home and of its operations, and the class `Home`.

use std::collections::BTreeSet;

use super::words::{arguments, camel, comment, given, options_name, typed};
use crate::api::{Api, Field, Operation, Shape, Type};

/// What is left when the names of the documents are known.
const HEAD: &str = "
/** How a home is opened. What is absent is taken from the environment (`ATK_REGISTRY_URL`, …). */
";

const CLASS: &str = "
/**
 * A home: the directory that holds a user's plugins. Opening one reads nothing. Every operation runs
 * on a thread of its own; its promise rejects with an {@link AtkError}.
 *
 * If a plugin is named, its failure rejects. For all plugins, each failure is in the report and stops
 * no other plugin.
 */
export declare class Home {
  /** Opens a home, which need not exist. Without a path it is where the environment says. */
  constructor(path?: string, options?: Options)

  /** Does the same as the constructor. */
  static open(path?: string, options?: Options): Home

  /** Opens a home, and creates it if it does not exist. */
  static init(path?: string, options?: Options, callOptions?: InitOptions): Promise<Home>

  /** The home's absolute path. */
  readonly path: string
";

pub(super) fn text(api: &Api) -> Result<String, String> {
    let options = HEAD.to_owned() + &interface(api, "Options", &[], &api.options)?;
    let mut answers: &[Field] = &[];
    let mut interfaces = String::new();
    let mut class = CLASS.to_owned();
    for operation in &api.operations {
        if !operation.answers.is_empty() {
            answers = &operation.answers;
        }
        interfaces += &takes(api, operation)?;
        class += &method(api, operation)?;
    }
    let group = "\n/** What operations take that may ask: answers that are given beforehand. */\n"
        .to_owned()
        + &interface(api, "AnswerOptions", &["PromptOptions"], answers)?;
    Ok(imports(api)? + &options + &group + &interfaces + &class + "}\n")
}

/// The names that outcomes are made of.
fn imports(api: &Api) -> Result<String, String> {
    let mut names = BTreeSet::new();
    for operation in &api.operations {
        named(api, &operation.outcome, &mut names)?;
    }
    let names: Vec<_> = names.into_iter().collect();
    Ok(format!(
        "\nimport type {{ CallOptions, EventOptions, OutputOptions, PromptOptions }} from './callbacks.js'\n\
         import type {{\n  {},\n}} from './documents.js'\nimport type {{ AtkError }} from './index.js'\n",
        names.join(",\n  ")
    ))
}

fn named(api: &Api, kind: &Type, names: &mut BTreeSet<String>) -> Result<(), String> {
    match kind {
        Type::Named(name) => {
            if !matches!(api.named(name)?.shape, Shape::Text) {
                names.insert(name.clone());
            }
            Ok(())
        }
        Type::Report(inner) => {
            names.insert("Report".to_owned());
            named(api, inner, names)
        }
        Type::List(inner) | Type::Optional(inner) => named(api, inner, names),
        other => Err(format!("an outcome of `home.d.ts` is {other:?}")),
    }
}

/// The interface of the options of an operation.
fn takes(api: &Api, operation: &Operation) -> Result<String, String> {
    let name = options_name(operation);
    if name == "CallOptions" {
        return Ok(String::new());
    }
    let groups = [
        (operation.has_events, "EventOptions"),
        (operation.has_output, "OutputOptions"),
        (
            operation.has_prompts && operation.answers.is_empty(),
            "PromptOptions",
        ),
        (!operation.answers.is_empty(), "AnswerOptions"),
    ];
    let groups = groups.iter().filter(|(has, _)| *has);
    let mut groups: Vec<_> = groups.map(|(_, group)| *group).collect();
    if groups.is_empty() {
        groups.push("CallOptions");
    }
    let doc = format!(
        "\n/** What {{@link Home.{}}} takes. */\n",
        camel(&operation.name)
    );
    Ok(doc + &interface(api, &name, &groups, &operation.options)?)
}

fn interface(api: &Api, name: &str, groups: &[&str], fields: &[Field]) -> Result<String, String> {
    let mut text = format!("export interface {name} ");
    if !groups.is_empty() {
        text += &format!("extends {} ", groups.join(", "));
    }
    if fields.is_empty() {
        return Ok(text + "{}\n");
    }
    text += "{\n";
    for field in fields {
        text += &comment(api, &field.doc, "  ")?;
        text += &format!("  {}?: {}\n", camel(&field.name), given(api, &field.kind)?);
    }
    Ok(text + "}\n")
}

fn method(api: &Api, operation: &Operation) -> Result<String, String> {
    let mut parameters = Vec::new();
    for (name, kind, is_required) in arguments(operation) {
        let optional = if is_required { "" } else { "?" };
        parameters.push(format!("{name}{optional}: {}", typed(api, kind)?));
    }
    parameters.push(format!("options?: {}", options_name(operation)));
    let signature = format!(
        "({}): Promise<{}>\n",
        parameters.join(", "),
        typed(api, &operation.outcome)?
    );
    let name = camel(&operation.name);
    let mut text = format!(
        "\n{}  {name}{signature}",
        comment(api, &operation.doc, "  ")?
    );
    if let Some(alias) = &operation.alias {
        text += &format!(
            "\n  /** Does the same as {{@link Home.{name}}}. */\n  {}{signature}",
            camel(alias)
        );
    }
    Ok(text)
}
