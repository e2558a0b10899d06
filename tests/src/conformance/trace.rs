//! What a call did, as every face must show it.

use serde_json::{Value, json};

use super::world::World;

/// The trace of a call, without what differs between two runs: paths of the sandbox, the ids of new
/// commits, times, and how output is cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    pub events: Vec<Value>,
    pub prompts: Vec<Value>,
    /// `{"outcome": …}` or `{"error": …}`.
    pub end: Value,
    /// The exit status, if the face is a command.
    pub exit_code: Option<i64>,
}

impl Trace {
    pub(super) fn of(lines: &[Value], world: &World) -> Trace {
        let mut trace = Trace {
            events: Vec::new(),
            prompts: Vec::new(),
            end: Value::Null,
            exit_code: None,
        };
        for line in lines {
            let mut line = line.clone();
            snake_cased(&mut line);
            normalized(&mut line, world.root());
            if let Some(event) = line.get("event") {
                trace.event(event.clone());
            } else if let Some(prompt) = line.get("prompt") {
                trace.prompts.push(prompt.clone());
            } else {
                trace.exit_code = line.get("exit_code").and_then(Value::as_i64);
                if let Some(fields) = line.as_object_mut() {
                    fields.remove("exit_code");
                }
                trace.end = line;
            }
        }
        trace
    }

    fn event(&mut self, event: Value) {
        // How often there is progress depends on the time that a transfer takes.
        if event["event"] == "progress" {
            return;
        }
        if event["event"] == "output"
            && let Some(last) = self.events.last_mut()
            && ["event", "plugin", "command", "stream"]
                .iter()
                .all(|field| last[field] == event[field])
        {
            let text = |event: &Value| event["text"].as_str().unwrap_or_default().to_owned();
            last["text"] = Value::from(text(last) + &text(&event));
            return;
        }
        self.events.push(event);
    }

    /// The types of the events.
    pub(super) fn kinds(&self) -> Vec<&str> {
        let kinds = self.events.iter();
        kinds.filter_map(|event| event["event"].as_str()).collect()
    }

    /// The warnings of the outcome, also those of single plugins.
    pub(super) fn warnings(&self) -> Vec<String> {
        fn collect(value: &Value, into: &mut Vec<String>) {
            match value {
                Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
                Value::Object(fields) => {
                    let warnings = fields.get("warnings").and_then(Value::as_array);
                    let warnings = warnings.into_iter().flatten();
                    into.extend(warnings.filter_map(|text| text.as_str().map(str::to_owned)));
                    fields.values().for_each(|value| collect(value, into));
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        let mut found = Vec::new();
        collect(&self.end, &mut found);
        found
    }
}

/// Names in the case of the documents: JavaScript has its own.
fn snake_cased(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(snake_cased),
        Value::Object(fields) => {
            let old = std::mem::take(fields);
            for (name, mut value) in old {
                // The keys of `env` are names of variables.
                if name != "env" {
                    snake_cased(&mut value);
                }
                let is_camel = name.starts_with(|c: char| c.is_ascii_lowercase())
                    && name.chars().all(|c| c.is_ascii_alphanumeric());
                let name = match is_camel {
                    true => snake(&name),
                    false => name,
                };
                fields.insert(name, value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

fn normalized(value: &mut Value, root: &str) {
    match value {
        Value::String(text) => {
            *text = hidden(&text.replace(root, "<root>"));
        }
        Value::Array(values) => values.iter_mut().for_each(|one| normalized(one, root)),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                normalized(value, root);
                // Ruby and Kotlin write the values of enumerations as their own names.
                if name == "rule"
                    && let Some(rule) = value.as_str()
                {
                    *value = json!(rule.replace('-', "_"));
                }
                // Sizes of packs depend on the version of git, and times on when it is done.
                if ["bytes", "committed_at", "last_used", "time", "written_at"]
                    .contains(&name.as_str())
                    && value.is_number()
                {
                    *value = json!("<number>");
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Replaces ids of commits, times in names of directories, and how long curl tried to connect, by
/// what they are.
fn hidden(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    const DURATION: &str = " after ";
    // Directories of an operation that runs.
    const SCRATCH: &str = ".atk-new-";
    while let Some(first) = rest.chars().next() {
        let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let digits = rest.len() - rest.trim_start_matches(hex).len();
        let time = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        // Messages shorten them to 10 digits.
        if [10, 40, 64].contains(&digits) {
            shown += "<id>";
            rest = &rest[digits..];
        } else if time == 8 && matches!(rest.as_bytes().get(8), Some(b'-' | b'T')) {
            shown += "<time>";
            let end = |c: char| !(c.is_ascii_digit() || matches!(c, '-' | 'T' | 'Z'));
            rest = rest.trim_start_matches(|c| !end(c));
        } else if rest.starts_with(SCRATCH) {
            shown += SCRATCH;
            rest = rest[SCRATCH.len()..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        } else if let Some(milliseconds) = rest.strip_prefix(DURATION)
            && let after = milliseconds.trim_start_matches(|c: char| c.is_ascii_digit())
            && after.len() < milliseconds.len()
            && after.starts_with(" ms")
        {
            shown += DURATION;
            shown += "<number>";
            rest = after;
        } else {
            let length = digits.max(first.len_utf8());
            shown += &rest[..length];
            rest = &rest[length..];
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn what_differs_between_two_runs_is_hidden() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        let cases = [
            (format!("at {id}, 012345678a"), "at <id>, <id>"),
            ("trash/20261128T141251Z/x".to_owned(), "trash/<time>/x"),
            (".atk-new-a1B2c3/file".to_owned(), ".atk-new-/file"),
            (
                "Failed to connect to 127.0.0.1 port 9 after 3 ms: refused".to_owned(),
                "Failed to connect to 127.0.0.1 port 9 after <number> ms: refused",
            ),
            (
                "it is done after 3 tries".to_owned(),
                "it is done after 3 tries",
            ),
            ("after the ms".to_owned(), "after the ms"),
        ];
        for (text, expected) in cases {
            assert_eq!(hidden(&text), expected);
        }
    }
}
