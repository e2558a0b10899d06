//! Changes of a manifest that was written by hand, in place: whatever the change does not
//! concern stays as it is.
//!
//! What comes out is a proposal: the caller reads it back and compares.

use std::str::FromStr;

use yaml_edit::{Document, Mapping, ScalarValue, Sequence};

use super::Entry;
use super::change::ManifestChange;
use crate::model::yaml::{self, Style};

/// Makes the change in a text; `None` if the text does not have the form for it.
pub(super) fn in_place(text: &str, change: &ManifestChange<'_>) -> Option<String> {
    let document = Document::from_str(text).ok()?;
    let root = document.as_mapping()?;
    let plugins = root.get_sequence("plugins");
    match change {
        ManifestChange::Add(entry) => {
            let plugins = match plugins {
                Some(plugins) if !plugins.is_empty() => plugins,
                _ => {
                    // A `[]` that stands in the file would take entries between its brackets.
                    root.set("plugins", Sequence::new_pending_block());
                    root.get_sequence("plugins")?
                }
            };
            plugins.push(as_mapping(entry)?);
        }
        ManifestChange::Remove(places) => {
            let plugins = plugins?;
            for at in places.iter().rev() {
                plugins.remove(*at)?;
            }
        }
        ManifestChange::SetPin(at, pin) => {
            let source = plugin(&plugins?, *at)?.get_mapping("source")?;
            source.set("ref", scalar(pin.as_str()));
        }
        ManifestChange::SetName(at, name) => plugin(&plugins?, *at)?.set("name", scalar(name)),
    }
    Some(document.to_string())
}

fn plugin(plugins: &Sequence, at: usize) -> Option<Mapping> {
    plugins.get(at)?.as_mapping().cloned()
}

/// The entry as it would be written whole, so that its scalars have the right quotes.
fn as_mapping(entry: &Entry) -> Option<Mapping> {
    let written = yaml::write(&entry.to_tree());
    Document::from_str(&written).ok()?.as_mapping()
}

/// A string in the quotes that PyYAML would give it: by itself the editor quotes for YAML 1.2,
/// where `on` and `12:30` are strings.
fn scalar(text: &str) -> ScalarValue {
    match yaml::style(text) {
        Style::Plain => ScalarValue::plain(text),
        // PyYAML would put the lines below each other; escaped they stay on one.
        Style::Single if text.contains('\n') => ScalarValue::double_quoted(text),
        Style::Single => ScalarValue::single_quoted(text),
        Style::Double => ScalarValue::double_quoted(text),
    }
}
