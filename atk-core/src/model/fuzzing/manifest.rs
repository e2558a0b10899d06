//! The manifest, and changes of it.

use super::{assert_error, comments, first_line, leaves};
use crate::model::manifest::{Entry, EntrySource, EntryUrl, FILE, Manifest, ManifestText};
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::source::SourceKind;
use crate::model::yaml::node::Node;
use crate::model::yaml::{self, Budget};

/// A manifest is refused, or survives a change: it says what was asked for, and all that the
/// change does not concern, comments and unknown keys too, is as it was. The first line of the
/// input is the change: `name <text>`, `pin <digit>`, `add <text>` or `remove`.
pub(crate) fn manifest(input: &[u8]) {
    let (change, file) = first_line(input);
    let before = match ManifestText::parse(file) {
        Ok(read) => read,
        Err(error) => return assert_error(&error),
    };
    let slowly = Manifest::read_slowly(before.text());
    assert_eq!(
        slowly.ok().as_ref(),
        Some(before.manifest()),
        "read by lines"
    );
    let (what, argument) = change.split_once(' ').unwrap_or((&change, ""));
    let Some(first) = before.manifest().plugins.first() else {
        return add(&before, argument);
    };
    let directory = first.directory.clone();
    match what {
        "name" => name(&before, &directory, argument),
        "pin" => pin(&before, &directory, argument),
        "remove" => remove(&before, &directory),
        _ => add(&before, argument),
    }
}

fn name(before: &ManifestText, directory: &PluginDir, name: &str) {
    if name.trim().is_empty() {
        return;
    }
    let after = match before.set_name(directory, name) {
        Ok(after) => after,
        Err(error) => return assert_error(&error),
    };
    let mut expected = before.manifest().clone();
    expected.plugins[0].name = name.to_owned();
    assert_eq!(after.manifest(), &expected);
    let old = &before.manifest().plugins[0].name;
    unchanged_but_for(before, &after, "/plugins/0/name", !old.contains('#'));
}

fn pin(before: &ManifestText, directory: &PluginDir, digit: &str) {
    let digit = digit.chars().next().filter(char::is_ascii_digit);
    let Ok(pin) = Pin::new(&digit.unwrap_or('a').to_string().repeat(40)) else {
        return;
    };
    let after = match before.set_pin(directory, &pin) {
        Ok(after) => after,
        Err(error) => return assert_error(&error),
    };
    let mut expected = before.manifest().clone();
    expected.plugins[0].source.pin = Some(pin);
    assert_eq!(after.manifest(), &expected);
    unchanged_but_for(before, &after, "/plugins/0/source/ref", true);
}

fn add(before: &ManifestText, name: &str) {
    let url = EntryUrl::parse("github.com/org/some-tool").expect("a URL");
    let Ok(directory) = PluginDir::from_display_name(name) else {
        return;
    };
    let entry = Entry {
        name: name.to_owned(),
        directory,
        source: EntrySource {
            kind: SourceKind::Git,
            pin: Pin::new(&"b".repeat(40)).ok(),
            url: Some(url),
        },
    };
    let after = match before.add(&entry) {
        Ok(after) => after,
        Err(error) => return assert_error(&error),
    };
    let mut expected = before.manifest().clone();
    expected.plugins.push(entry);
    assert_eq!(after.manifest(), &expected);
    let last = format!("/plugins/{}", expected.plugins.len() - 1);
    assert_comments(before, &after);
    let length = |line: &String| line.starts_with("/plugins=");
    let keep = |text: &ManifestText| -> Vec<String> {
        let all = document(text).map(|root| leaves(&root, &last));
        all.unwrap_or_default()
            .into_iter()
            .filter(|line| !length(line))
            .collect()
    };
    assert_eq!(keep(before), keep(&after));
}

fn remove(before: &ManifestText, directory: &PluginDir) {
    let after = match before.remove(directory) {
        Ok(after) => after,
        Err(error) => return assert_error(&error),
    };
    let mut expected = before.manifest().clone();
    expected
        .plugins
        .retain(|entry| entry.directory != *directory);
    assert_eq!(after.manifest(), &expected);
    let others = |text: &ManifestText| document(text).map(|root| leaves(&root, "/plugins"));
    assert_eq!(others(before), others(&after));
}

/// The file is read as it was written, and but for one value it is the same.
fn unchanged_but_for(before: &ManifestText, after: &ManifestText, path: &str, with_comments: bool) {
    let other = |text: &ManifestText| document(text).map(|root| leaves(&root, path));
    assert_eq!(other(before), other(after));
    if with_comments {
        assert_comments(before, after);
    }
}

fn assert_comments(before: &ManifestText, after: &ManifestText) {
    if after.lost_comments().is_some() {
        return;
    }
    for comment in comments(before.text()) {
        assert!(
            after.text().contains(comment),
            "{comment:?} is gone from {:?}",
            after.text()
        );
    }
}

fn document(text: &ManifestText) -> Option<Node> {
    yaml::read(text.text(), FILE, Budget::MANIFEST)
        .ok()
        .flatten()
}
