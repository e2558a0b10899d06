//! Reads a manifest line by line, as ATK and the Python tool write it: the same keys in the same
//! order, one scalar a line. Ten times as fast as a YAML reader; a home of a thousand plugins
//! feels it.
//!
//! Anything else gives `None`: other keys, comments, another order, folded lines, a problem. Such
//! a file is for the reader that knows all of YAML and says what is wrong.

use std::str::Lines;

use super::{Config, Entry, EntrySource, EntryUrl, Manifest};
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::source::SourceKind;
use crate::model::yaml::{self, Budget, Style};

/// Reads a manifest of this form. Nothing is lost: what it gives says all that the text says.
pub(super) fn manifest(text: &str) -> Option<Manifest> {
    // `lines` would take the carriage return of a line end for nothing.
    let has_form = !text.contains('\r') && text.ends_with('\n');
    if !has_form || text.len() > Budget::MANIFEST.bytes {
        return None;
    }
    let mut lines = text.lines();
    let schema_version = string(&mut lines, "schema_version: ")?;
    line(&mut lines, "config:")?;
    let config = Config {
        auto_commit: boolean(&mut lines, "  auto_commit: ")?,
        auto_push: boolean(&mut lines, "  auto_push: ")?,
    };
    let mut plugins = Vec::new();
    match lines.next()? {
        "plugins: []" if lines.next().is_none() => {}
        "plugins:" => {
            // The list has an item at least: without one the key would stand for null.
            plugins.push(entry(&mut lines)?);
            while lines.clone().next().is_some() {
                plugins.push(entry(&mut lines)?);
            }
        }
        _ => return None,
    }
    Some(Manifest {
        schema_version,
        config,
        plugins,
    })
}

/// True for the lines of one entry of this form, and nothing else.
pub(super) fn is_entry(text: &str) -> bool {
    let mut lines = text.lines();
    !text.contains('\r') && entry(&mut lines).is_some() && lines.next().is_none()
}

fn entry(lines: &mut Lines<'_>) -> Option<Entry> {
    let name = string(lines, "- name: ")?;
    let directory = PluginDir::new(&string(lines, "  directory: ")?).ok()?;
    line(lines, "  source:")?;
    let kind = string(lines, "    type: ")?;
    let kind = SourceKind::ALL
        .into_iter()
        .find(|known| known.as_str() == kind)?;
    let pin = string_or_null(lines, "    ref: ")?;
    let url = string_or_null(lines, "    url: ")?;
    let (pin, url) = match (kind, pin, url) {
        (SourceKind::Local, None, None) => (None, None),
        (SourceKind::Registry, pin, None) => (pin, None),
        (SourceKind::Git, pin, Some(url)) => (pin, Some(EntryUrl::parse(&url).ok()?)),
        _ => return None,
    };
    let pin = match pin {
        // A pin in upper case would be written back in lower case.
        Some(text) => Some(Pin::new(&text).ok().filter(|pin| pin.as_str() == text)?),
        None => None,
    };
    Some(Entry {
        name,
        directory,
        source: EntrySource { kind, pin, url },
    })
}

fn line(lines: &mut Lines<'_>, expected: &str) -> Option<()> {
    (lines.next()? == expected).then_some(())
}

fn boolean(lines: &mut Lines<'_>, key: &str) -> Option<bool> {
    match lines.next()?.strip_prefix(key)? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn string(lines: &mut Lines<'_>, key: &str) -> Option<String> {
    scalar(lines.next()?.strip_prefix(key)?)
}

fn string_or_null(lines: &mut Lines<'_>, key: &str) -> Option<Option<String>> {
    match lines.next()?.strip_prefix(key)? {
        "null" => Some(None),
        text => scalar(text).map(Some),
    }
}

/// The string that stands alone at the end of a line.
fn scalar(text: &str) -> Option<String> {
    if text.starts_with(['\'', '"']) {
        let node = yaml::read(text, super::FILE, Budget::DEFINITION).ok()??;
        return node.as_str_scalar().map(ToOwned::to_owned);
    }
    (yaml::style(text) == Style::Plain).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    const TEXT: &str = "\
schema_version: '2026-02-06'
config:
  auto_commit: true
  auto_push: false
plugins:
- name: 'on'
  directory: aa
  source:
    type: registry
    ref: null
    url: null
- name: \"\\xE9 x\"
  directory: bb
  source:
    type: git
    ref: '1234567890123456789012345678901234567890'
    url: github.com/org/tool
";

    #[test]
    fn the_usual_form_is_read() {
        assert_eq!(manifest(TEXT).unwrap(), read::manifest(TEXT).unwrap());
    }

    /// Every small damage at every place: what is read here is what YAML says, and nothing of the
    /// text is left out.
    #[test]
    fn no_text_is_taken_for_something_else() {
        let damages = [
            "", " ", "\n", "\n  ", "#", " #", ":", ": ", "-", "- ", "'", "\"", "\\", "|", ">",
            "&a ", "*a", "!", "[", "{", ",", "?", "~", "1", "é", "\t", "\r", "\u{feff}", "---\n",
            "...\n", "  x: 1\n",
        ];
        let mut read_both = 0;
        for at in 0..TEXT.len() {
            for damage in damages {
                let end = if damage.is_empty() { at + 1 } else { at };
                let text = format!("{}{damage}{}", &TEXT[..at], &TEXT[end..]);
                let Some(here) = manifest(&text) else {
                    continue;
                };
                read_both += 1;
                assert_eq!(Some(&here), read::manifest(&text).ok().as_ref(), "{text}");
                let node = yaml::read(&text, "f", Budget::MANIFEST).unwrap();
                assert_eq!(here.to_tree(), (&node.unwrap()).into(), "{text}");
            }
        }
        assert!(read_both > 500, "{read_both}");
    }
}
