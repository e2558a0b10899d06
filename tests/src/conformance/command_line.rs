//! The command `atk` as a face: a request becomes a command line.

use std::io::{BufRead, BufReader, Read, Write as _};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Map, Value, json};

use super::scenario::Call;
use super::world::World;

/// Runs the command, and returns its trace.
///
/// # Errors
/// If it prints what is not a trace.
pub(super) fn call(call: &Call, world: &World, plant: &str) -> Result<Vec<Value>, String> {
    let (mut command, typed) = command(call, world)?;
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that asks nothing may have ended before.
        let _ = stdin.write_all(typed.as_bytes());
    }
    let mut lines = Vec::new();
    let stderr = child.stderr.take().ok_or("no standard error")?;
    let mut said = String::new();
    let mut is_cancelled = false;
    for line in BufReader::new(stderr).lines() {
        let line = line.map_err(|error| error.to_string())?;
        let event: Option<Value> = serde_json::from_str(&line).ok();
        let Some(event) = event.filter(|event| event.get("event").is_some()) else {
            said += &line;
            continue;
        };
        let cancels = call.cancel_at.as_deref() == event["event"].as_str();
        if cancels && !is_cancelled {
            is_cancelled = true;
            let pid = Pid::from_child(&child);
            kill_process(pid, Signal::INT).map_err(|error| error.to_string())?;
        }
        if !(plant == "event" && event["event"] == "operation_started") {
            lines.push(json!({ "event": event }));
        }
    }
    let mut stdout = String::new();
    let output = child.stdout.as_mut().ok_or("no standard output")?;
    output
        .read_to_string(&mut stdout)
        .map_err(|error| error.to_string())?;
    let status = child.wait().map_err(|error| error.to_string())?;
    let code = status.code().ok_or("a signal ended the command")?;
    let document: Result<Value, _> = serde_json::from_str(&stdout);
    let mut end = match document {
        Ok(Value::Object(mut document)) if document.contains_key("error") => {
            json!({ "error": document.remove("error") })
        }
        // Programs write to standard output themselves.
        _ if ["run", "git", "logs", "readme", "watch"].contains(&call.call.as_str()) => {
            json!({"outcome": {"exit_code": code}})
        }
        // It prints what an agent's file has: the configuration under the name of the server.
        Ok(Value::Object(document)) if call.call == "mcp" => {
            let Some((name, config)) = document.into_iter().next() else {
                return Err("no configuration".to_owned());
            };
            json!({"outcome": {"name": name, "config": config}})
        }
        // A document of the command is always an object; a library returns the list.
        Ok(mut document) if call.call == "list" => {
            json!({ "outcome": document["plugins"].take() })
        }
        Ok(mut document) if call.call == "registry_list" => {
            json!({ "outcome": document["registries"].take() })
        }
        Ok(document) => json!({ "outcome": document }),
        Err(error) => return Err(format!("it prints {stdout:?} ({error}), and {said}")),
    };
    let code = if plant == "success" { 0 } else { code };
    end["exit_code"] = json!(code);
    match plant {
        "field" if end["outcome"].is_object() => end["outcome"]["planted"] = json!(true),
        "silent" => return Err("the command prints nothing".to_owned()),
        _ => {}
    }
    lines.push(end);
    Ok(lines)
}

/// The command, and what is typed while it runs.
fn command(call: &Call, world: &World) -> Result<(Command, String), String> {
    let mut words = vec!["--json".to_owned(), "--json-events".to_owned()];
    let mut given = call.given.clone();
    let typed = typed(call.replies.as_ref());
    let replies = call.replies.as_ref().filter(|_| typed.is_empty());
    answers(&mut words, &mut given, replies)?;
    let mut command = world.sandbox.command(&[]);
    command.current_dir(world.desk());
    command.env("ATK_REGISTRY_URL", world.registry_url());
    let mut later = Vec::new();
    for (name, value) in &call.options {
        match (name.as_str(), value) {
            ("registry", Value::String(url)) => {
                command.env("ATK_REGISTRY_URL", url);
            }
            ("cache_dir" | "base_dir" | "user_home" | "atk", _) => {}
            ("env", Value::Object(variables)) => {
                for (name, value) in variables {
                    match value.as_str() {
                        Some(value) => command.env(name, value),
                        None => command.env_remove(name),
                    };
                }
            }
            ("wait", Value::Bool(false)) => words.push("--no-wait".to_owned()),
            ("offline", Value::Bool(true)) => words.push("--offline".to_owned()),
            ("status_timeout", value) => later.extend(["--timeout".to_owned(), value.to_string()]),
            (name, _) => return Err(format!("the command has no option for `{name}`")),
        }
    }
    let at = |name: &str| match name {
        "clear_cache" => vec!["cache".to_owned(), "clear".to_owned()],
        "plan_plug" => vec!["plug".to_owned(), "--dry-run".to_owned()],
        "plan_upgrade" => vec!["upgrade".to_owned(), "--dry-run".to_owned()],
        "plan_undo" => vec!["undo".to_owned(), "--dry-run".to_owned()],
        "readme" => vec!["help".to_owned()],
        name if name.starts_with("registry_") || name.starts_with("cache_") => {
            name.split('_').map(str::to_owned).collect()
        }
        name => vec![name.to_owned()],
    };
    if call.call == "git" {
        // Everything after `git` is git's.
        words.extend(at("git"));
        words.extend(list(&given, "args"));
        command.args(words);
        return Ok((command, typed));
    }
    words.extend(at(&call.call));
    words.extend(later);
    for (name, value) in &given {
        match (name.as_str(), value) {
            ("plan", Value::Array(values)) => {
                for value in values {
                    words.extend(["--plan".to_owned(), text(value)]);
                }
            }
            ("agents", Value::Array(values)) => {
                for value in values {
                    words.extend(["--to".to_owned(), text(value)]);
                }
            }
            ("mirrors", Value::Array(values)) => {
                for value in values {
                    words.extend(["--mirror".to_owned(), text(value)]);
                }
            }
            ("adopt_entries", Value::Bool(true)) => words.push("--adopt".to_owned()),
            ("overwrite_edited", Value::Bool(true)) => words.push("--force".to_owned()),
            ("check_only", Value::Bool(true)) => words.push("--check".to_owned()),
            ("copy_skills", Value::Bool(true)) => words.push("--copy".to_owned()),
            ("server", value) => words.extend(["--from".to_owned(), text(value)]),
            ("display_name", value) => words.extend(["--name".to_owned(), text(value)]),
            (
                "at" | "to" | "base" | "project" | "agent" | "limit" | "description" | "service"
                | "mcp",
                value,
            ) => words.extend([format!("--{name}"), text(value)]),
            (_, Value::Bool(true)) => words.push(format!("--{}", name.replace('_', "-"))),
            _ => {}
        }
    }
    let plugin = given.get("plugin").filter(|plugin| !plugin.is_null());
    let takes_all = [
        "cache_fetch",
        "setup",
        "install",
        "plan_upgrade",
        "plan_plug",
        "plug",
        "unplug",
        "upgrade",
        "start",
        "stop",
        "restart",
    ];
    if plugin.is_none() && takes_all.contains(&call.call.as_str()) {
        words.push("--all".to_owned());
    }
    for name in [
        "registry",
        "url",
        "source",
        "commit",
        "plugin",
        "query",
        "dest",
        "script",
        "name",
        "directory",
        "file",
    ] {
        words.extend(given.get(name).filter(|one| !one.is_null()).map(text));
    }
    if call.call == "exec" {
        // What follows is the server's.
        words.push("--".to_owned());
    }
    words.extend(list(&given, "args"));
    command.args(words);
    Ok((command, typed))
}

/// The lines that answer the questions in their order, if no options can: no option means no, or the
/// default.
fn typed(replies: Option<&Map<String, Value>>) -> String {
    let replies = || replies.into_iter().flatten().map(|(_, reply)| reply);
    if !replies().any(|reply| matches!(reply, Value::Bool(false) | Value::Null)) {
        return String::new();
    }
    let line = |reply: &Value| match reply {
        Value::Bool(yes) => if *yes { "y\n" } else { "n\n" }.to_owned(),
        Value::String(text) => format!("{text}\n"),
        _ => "\n".to_owned(),
    };
    replies().map(line).collect()
}

/// Takes the answers out of what is given, as options of the command line.
fn answers(
    words: &mut Vec<String>,
    given: &mut Map<String, Value>,
    replies: Option<&Map<String, Value>>,
) -> Result<(), String> {
    if given.remove("yes") == Some(json!(true)) {
        words.push("--yes".to_owned());
    }
    for prefix in list(given, "trust") {
        words.extend(["--trust".to_owned(), prefix]);
    }
    given.remove("trust");
    let prepared = given.remove("answers");
    let prepared = prepared.as_ref().and_then(Value::as_object);
    for (id, reply) in prepared
        .into_iter()
        .flatten()
        .chain(replies.into_iter().flatten())
    {
        match (reply, id.rsplit(':').next()) {
            (Value::Bool(true), _) => words.push("--yes".to_owned()),
            (Value::String(yes), _) if yes == "yes" && !id.starts_with("env:") => {
                words.push("--yes".to_owned());
            }
            (Value::String(value), Some(name)) if id.starts_with("env:") => {
                words.extend(["--env".to_owned(), format!("{name}={value}")]);
            }
            _ => {
                return Err(format!(
                    "no option of the command answers `{id}` with {reply}"
                ));
            }
        }
    }
    if let Some(Value::Object(variables)) = given.remove("env") {
        for (name, value) in variables {
            words.extend(["--env".to_owned(), format!("{name}={}", text(&value))]);
        }
    }
    Ok(())
}

fn list(given: &Map<String, Value>, name: &str) -> Vec<String> {
    let values = given.get(name).and_then(Value::as_array);
    values.into_iter().flatten().map(text).collect()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
