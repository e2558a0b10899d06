//! The comparer: a trace with what a scenario expects, and with the trace of another face.

use serde_json::Value;

use super::driver::Face;
use super::scenario::Step;
use super::trace::Trace;
use super::world::matches;

/// How a trace differs from what the step expects.
pub(super) fn expected(step: &Step, trace: &Trace, face: Face) -> Vec<String> {
    let mut problems = Vec::new();
    let end = &trace.end;
    match (&step.error, end.get("error")) {
        (Some(wanted), Some(error)) => {
            problems.extend(lacks("error", wanted, error));
            let exit_code = error["exit_code"].as_i64();
            if trace.exit_code.is_some() && trace.exit_code != exit_code {
                let found = trace.exit_code;
                problems.push(format!("it exits with {found:?}, not {exit_code:?}"));
            }
        }
        (Some(wanted), None) => problems.push(format!("no error, not {wanted}: {end}")),
        (None, Some(error)) => problems.push(format!("an error: {error}")),
        (None, None) if end.get("outcome").is_none() => {
            problems.push("neither an outcome nor an error".to_owned());
        }
        (None, None) => {}
    }
    if let Some(wanted) = &step.outcome
        && face.shows_outcome_of(step.call.as_deref())
        && let Some(outcome) = end.get("outcome")
    {
        problems.extend(lacks("outcome", wanted, outcome));
    }
    if let Some(wanted) = &step.events {
        let mut found = trace.kinds().into_iter();
        if let Some(lost) = wanted.iter().find(|kind| !found.any(|one| one == *kind)) {
            problems.push(format!("no event `{lost}` in order: {:?}", trace.kinds()));
        }
    }
    if let Some(wanted) = &step.prompts
        && face.shows_prompts()
    {
        let asked = trace.prompts.iter().map(|prompt| &prompt["id"]);
        if !asked.clone().eq(wanted.iter()) {
            problems.push(format!("it asks {:?}", asked.collect::<Vec<_>>()));
        }
    }
    if let Some(wanted) = &step.warnings
        && face.shows_outcome_of(step.call.as_deref())
    {
        let found = trace.warnings();
        let all = wanted
            .iter()
            .zip(&found)
            .all(|(part, text)| text.contains(part));
        if wanted.len() != found.len() || !all {
            problems.push(format!("its warnings are {found:?}"));
        }
    }
    problems
}

/// How the trace of a face differs from that of the first face.
pub(super) fn same(first: &Trace, other: &Trace, face: Face) -> Vec<String> {
    let mut problems = Vec::new();
    // `init` returns the handle in some languages, and so nothing here.
    let is_handle = |trace: &Trace| trace.end == serde_json::json!({"outcome": {}});
    let shows_less = is_handle(first) || is_handle(other) || is_status(other);
    if !(shows_less && first.end.get("outcome").is_some()) {
        let mut expected = face.sees(&first.end);
        if is_configuration(other)
            && let Some(outcome) = expected["outcome"].as_object_mut()
        {
            outcome.retain(|field, _| field == "name" || field == "config");
        }
        differ("", &expected, &face.sees(&other.end), &mut problems);
    }
    let seen = |trace: &Trace| trace.events.iter().map(|one| face.sees(one)).collect();
    let (events, others): (Vec<Value>, Vec<Value>) = (seen(first), seen(other));
    if events.len() != others.len() {
        problems.push(format!(
            "events {:?}, not {:?}",
            other.kinds(),
            first.kinds()
        ));
    }
    for (number, (event, other)) in events.iter().zip(&others).enumerate() {
        differ(
            &format!("event {}", number + 1),
            event,
            other,
            &mut problems,
        );
    }
    let seen =
        |trace: &Trace| -> Vec<Value> { trace.prompts.iter().map(|one| face.sees(one)).collect() };
    if face.shows_prompts() && !first.prompts.is_empty() && seen(first) != seen(other) {
        problems.push(format!(
            "prompts {:?}, not {:?}",
            other.prompts, first.prompts
        ));
    }
    problems
}

impl Face {
    /// A document as the face shows it: without what is null or empty, where that is the same as
    /// absent.
    fn sees(self, document: &Value) -> Value {
        fn is_nothing(value: &Value) -> bool {
            match value {
                Value::Null => true,
                Value::Array(values) => values.is_empty(),
                Value::Object(fields) => fields.is_empty(),
                Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
            }
        }
        match document {
            Value::Object(fields) if !self.shows_absence() => {
                let fields = fields.iter().map(|(name, value)| (name, self.sees(value)));
                let fields = fields.filter(|(_, value)| !is_nothing(value));
                fields.map(|(name, value)| (name.clone(), value)).collect()
            }
            Value::Array(values) => values.iter().map(|value| self.sees(value)).collect(),
            other => other.clone(),
        }
    }
}

/// True for a program that the command passed on: of it there is the exit status alone.
fn is_status(trace: &Trace) -> bool {
    let outcome = trace.end["outcome"].as_object();
    outcome.is_some_and(|outcome| outcome.len() == 1 && outcome.contains_key("exit_code"))
}

/// True for the configuration of an MCP server as the command prints it: without what is unset.
fn is_configuration(trace: &Trace) -> bool {
    let outcome = trace.end["outcome"].as_object();
    let is_part = |name: &String| name == "name" || name == "config";
    outcome.is_some_and(|outcome| outcome.len() == 2 && outcome.keys().all(is_part))
}

/// Where two documents differ.
fn differ(place: &str, one: &Value, other: &Value, problems: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) => {
            for (name, value) in fields {
                let place = format!("{place}/{name}");
                match others.get(name) {
                    // Names of options are in the case of the language.
                    Some(other)
                        if name == "message"
                            && one["code"] == "invalid_argument"
                            && bare(value) == bare(other) => {}
                    Some(other) => differ(&place, value, other, problems),
                    None => problems.push(format!("{place} is missing")),
                }
            }
            for name in others.keys().filter(|name| !fields.contains_key(*name)) {
                problems.push(format!("{place}/{name} is one too many"));
            }
        }
        (Value::Array(values), Value::Array(others)) if values.len() == others.len() => {
            for (number, (value, other)) in values.iter().zip(others).enumerate() {
                differ(&format!("{place}/{number}"), value, other, problems);
            }
        }
        // 1 and 1.0 are one number.
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        (one, other) if one == other => {}
        (one, other) => problems.push(format!("{place} is {other}, not {one}")),
    }
}

fn bare(text: &Value) -> String {
    let text = text.as_str().unwrap_or_default().to_lowercase();
    text.replace(['_', '-'], "")
}

/// What of an expected document another does not have.
fn lacks(place: &str, wanted: &Value, found: &Value) -> Vec<String> {
    match (wanted, found) {
        (Value::Object(fields), Value::Object(found)) => {
            let lacking = fields.iter().flat_map(|(name, wanted)| {
                let found = found.get(name).unwrap_or(&Value::Null);
                lacks(&format!("{place}/{name}"), wanted, found)
            });
            lacking.collect()
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            let pairs = wanted.iter().zip(found).enumerate();
            let lacking = pairs.flat_map(|(number, (wanted, found))| {
                lacks(&format!("{place}/{number}"), wanted, found)
            });
            lacking.collect()
        }
        (Value::String(wanted), Value::String(found)) if matches(wanted, found) => Vec::new(),
        (wanted, found) if wanted == found => Vec::new(),
        (wanted, found) => vec![format!("{place} is {found}, not {wanted}")],
    }
}
