//! What starts a plugin's server by way of ATK.

use std::ffi::OsStr;
use std::path::Path;

use serde_json::Value;

use super::super::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::model::name::PluginDir;
use crate::process::program::find_program;

/// The program and the arguments that start the server of a plugin: `atk exec <plugin>`, with the
/// home unless it is the default.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if there is no `atk` command.
pub(crate) fn command(
    context: &Context<'_>,
    home: &HomeDir,
    plugin: &PluginDir,
) -> Result<Vec<String>> {
    let options = &context.session.options;
    let found = || find_program("atk", &context.env());
    let program = options.atk.clone().or_else(found).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidArgument,
            "the `atk` command, which agents start, was not found on the `PATH`",
        )
        .with_help("install it, or set its path in the option `atk`")
    })?;
    let program = program.to_string_lossy().into_owned();
    let mut command = vec![program, "exec".to_owned(), plugin.to_string()];
    let default = options.user_home.as_ref().map(|user| user.join(".atk"));
    let default = default.and_then(|default| default.canonicalize().ok());
    if default.as_deref() != Some(home.root()) {
        let root = home.root().to_string_lossy().into_owned();
        command.extend(["--home".to_owned(), root]);
    }
    Ok(command)
}

/// True if an entry of an agent's file starts a plugin by way of some `atk`, for whatever home.
pub(crate) fn is_in(entry: &Value, plugin: &str) -> bool {
    let words = ["command", "cmd", "args"].into_iter();
    let words = words.filter_map(|key| entry.get(key));
    let words = words.flat_map(|value| match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    });
    let words: Vec<&str> = words.filter_map(Value::as_str).collect();
    match words.as_slice() {
        [program, "exec", name, ..] => {
            Path::new(program).file_name() == Some(OsStr::new("atk")) && *name == plugin
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_that_starts_atk_is_recognised_in_the_shape_of_each_agent() {
        for entry in [
            json!({"args": ["exec", "tool"], "command": "/usr/bin/atk"}),
            json!({"command": ["atk", "exec", "tool", "--home", "/x"]}),
            json!({"cmd": "atk", "args": ["exec", "tool"], "enabled": true}),
        ] {
            assert!(is_in(&entry, "tool"), "{entry}");
            assert!(!is_in(&entry, "other"), "{entry}");
        }
        for entry in [
            json!({"command": "/usr/bin/btk", "args": ["exec", "tool"]}),
            json!({"command": "atk", "args": ["run", "tool"]}),
            json!({"args": ["atk"]}),
            json!("atk exec tool"),
            json!({"url": "https://example.com"}),
        ] {
            assert!(!is_in(&entry, "tool"), "{entry}");
        }
    }
}
