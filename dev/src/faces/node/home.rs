//! `home.d.ts`: the options of a home and of its operations, and the class `Home`.

use std::collections::BTreeSet;

use super::words::{accepted, arguments, camel, comment, options_name, typed};
use crate::api::{Api, Field, Operation, Shape, Type};

/// What is left when the names of the documents are known.
const HEAD: &str = "
/** How a home is opened. What is absent is taken from the environment (`ATK_REGISTRY_URL`, …). */
";

const CLASS: &str = "
/**
 * A home: the directory that holds a user's plugins. Opening one reads nothing. Every operation runs
 * on a thread of its own; its promise rejects with an {@link AtkError}, or with a `TypeError` before
 * anything has started if an argument or option is of another type.
 *
 * If a plugin is named, its failure rejects. For all plugins, each failure is in the report and stops
 * no other plugin.
 */
export declare class Home {
  /**
   * Opens a home, which need not exist. Without a path it is where the environment says. In paths a
   * leading `~` is the user's home.
   */
  constructor(path?: string | URL, options?: Options)
  constructor(options: Options)

  /** Does the same as the constructor. */
  static open(path?: string | URL, options?: Options): Home
  static open(options: Options): Home

  /** Opens a home, and creates it if it does not exist: the constructor, and then {@link init}. */
  static init(path?: string | URL, options?: Options, callOptions?: InitOptions): Promise<Home>
  static init(options: Options, callOptions?: InitOptions): Promise<Home>

  /** Opens a home, and clones it if it does not exist: {@link init} with the option `url`. */
  static clone(
    url: string | URL,
    path?: string | URL,
    options?: Options,
    callOptions?: InitOptions,
  ): Promise<Home>
  static clone(url: string | URL, options: Options, callOptions?: InitOptions): Promise<Home>

  /** The home's absolute path. */
  readonly path: string

  /** What `JSON.stringify` writes. */
  toJSON(): { path: string }
";

/// What `watch` is in JavaScript.
const WATCH: &str = "`for await (const change of home.watch({ signal }))` has each change. The watch \
    begins with the call, and ends when the loop is left.";

/// The option `plan` takes more in JavaScript.
const PLAN: &str = "The plans that may be carried out: what `planUpgrade` returned, plans of it, or \
    their digests. If the upgrade of a plugin would no longer be one of them, it fails with \
    `plan_outdated`. Without this option the upgrade makes whatever changes its source has by then.";

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
    for operation in api.operations.iter().filter(|one| one.name != "watch") {
        named(api, &operation.outcome, &mut names)?;
    }
    let names: Vec<_> = names.into_iter().collect();
    Ok(format!(
        "\nimport type {{ ApprovedPlans, CallOptions, Changes, EventOptions, OutputOptions, PromptOptions }} from './callbacks.js'\n\
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
        let doc = if field.name == "plan" {
            PLAN
        } else {
            &field.doc
        };
        text += &comment(api, doc, "  ")?;
        let (name, kind) = (camel(&field.name), accepted(api, field)?);
        text += &format!("  {name}?: {kind} | undefined\n");
    }
    Ok(text + "}\n")
}

fn method(api: &Api, operation: &Operation) -> Result<String, String> {
    let name = camel(&operation.name);
    let outcome = match name.as_str() {
        "watch" => "Changes".to_owned(),
        _ => format!("Promise<{}>", typed(api, &operation.outcome)?),
    };
    let options = options_name(operation);
    let mut parameters = Vec::new();
    let mut early = None;
    for ((name, _, is_required), argument) in arguments(operation).iter().zip(&operation.arguments)
    {
        // Options may take the place of what may be left out.
        if !is_required {
            let before: Vec<_> = parameters
                .iter()
                .cloned()
                .chain([format!("options: {options}")])
                .collect();
            early = Some(before.join(", "));
        }
        let optional = if *is_required { "" } else { "?" };
        let kind = accepted(api, &argument.field)?;
        parameters.push(format!("{name}{optional}: {kind}"));
    }
    parameters.push(format!("options?: {options}"));
    let parameters = parameters.join(", ");
    let declared = |name: &str| {
        let early = early
            .iter()
            .map(|early| format!("  {name}({early}): {outcome}\n"));
        format!("  {name}({parameters}): {outcome}\n") + &early.collect::<String>()
    };
    let doc = match name.as_str() {
        "watch" => format!("{}\n\n{WATCH}", operation.doc),
        _ => operation.doc.clone(),
    };
    let mut text = format!("\n{}{}", comment(api, &doc, "  ")?, declared(&name));
    if let Some(alias) = &operation.alias {
        let same = format!("\n  /** Does the same as {{@link Home.{name}}}. */\n");
        text += &(same + &declared(&camel(alias)));
    }
    Ok(text)
}
