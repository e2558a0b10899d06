//! What `atk create` prints for people.

use atk_core::{Created, escape};

pub(crate) fn created(outcome: &Created) -> String {
    let path = escape(&outcome.path.to_string_lossy());
    let name = escape(&outcome.name);
    let files: String = outcome
        .files
        .iter()
        .map(|file| format!("  + {}\n", escape(file)))
        .collect();
    let next = match &outcome.added {
        Some(_) => format!("`{}` is in the home.\n", outcome.directory),
        None => format!(
            "Try it with `atk add {}`, check it with `atk validate {}`.\n",
            word(&path),
            word(&path)
        ),
    };
    format!("Created `{name}` in {path}\n{files}{next}")
}

/// A path as a word of a command line.
fn word(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@:".contains(c);
    match path.chars().all(is_plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', "'\\''")),
    }
}
