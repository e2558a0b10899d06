//! `atk.yaml`, and changes of it.

use super::{assert_error, comments, first_line, leaves};
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::registry::NamedRegistry;
use crate::model::revision::RefName;
use crate::model::versions::{FILE, Followed, Versions};
use crate::model::yaml::{self, Budget};

/// A file is refused, or survives a change: it says what was asked for, and the rest is as it was.
/// The first line of the input is the change: `<directory> <branch or tag>`, `<directory> hold` or
/// `<directory>`, which forgets it; or `+<registry> <url>` and `-<registry>`.
pub(crate) fn versions(input: &[u8]) {
    let (change, file) = first_line(input);
    let before = match Versions::parse(Some(file)) {
        Ok(read) => read,
        Err(error) => return assert_error(&error),
    };
    if let Some(name) = change.strip_prefix(['+', '-']) {
        return registries(&before, change.starts_with('+'), name);
    }
    let (directory, what) = change.split_once(' ').unwrap_or((&change, ""));
    let Ok(directory) = PluginDir::new(directory) else {
        return;
    };
    let followed = Followed {
        pin: Pin::new(&"c".repeat(40)).ok(),
        track: RefName::new(what).ok().filter(|_| what != "hold"),
        held: what == "hold",
    };
    let (forgets, expected) = match followed.track.is_none() && !followed.held {
        true => (true, Followed::default()),
        false => (false, followed.clone()),
    };
    let after = match before.set(&directory, &followed) {
        Ok(after) => after,
        Err(error) => return assert_error(&error),
    };
    assert_eq!(after.of(&directory), expected);
    for other in before.directories().filter(|other| **other != directory) {
        assert_eq!(after.of(other), before.of(other), "{other}");
    }
    assert_same_rest(&before, &after, &format!("/plugins/{directory}"));
    if !forgets {
        assert_same_comments(&before, &after);
    }
}

/// A registry is added, or removed.
fn registries(before: &Versions, adds: bool, named: &str) {
    let (name, url) = named.split_once(' ').unwrap_or((named, "h.org/x"));
    let Ok(registry) = NamedRegistry::parse(name, url, []) else {
        return;
    };
    let mut expected = before.registries().to_vec();
    let after = match adds {
        true => {
            expected.push(registry.clone());
            before.add_registry(&registry)
        }
        false => {
            expected.retain(|one| one.name != registry.name);
            before.remove_registry(&registry.name)
        }
    };
    let after = match after {
        Ok(after) => after,
        Err(error) => return assert_error(&error),
    };
    assert_eq!(after.registries(), expected);
    for directory in before.directories() {
        assert_eq!(after.of(directory), before.of(directory), "{directory}");
    }
    assert_same_rest(before, &after, "/registries");
    if adds {
        assert_same_comments(before, &after);
    }
}

/// All that is not below a path is as it was.
fn assert_same_rest(before: &Versions, after: &Versions, path: &str) {
    let others = |file: &Versions| -> Vec<String> {
        let root = yaml::read(file.text().unwrap_or_default(), FILE, Budget::MANIFEST);
        let leaves = root.ok().flatten().map(|root| leaves(&root, path));
        let added = |leaf: &String| {
            ["=", "/plugins=", "/registries=", "/schema_version="]
                .iter()
                .any(|start| leaf.starts_with(start))
        };
        let leaves = leaves.unwrap_or_default();
        leaves.into_iter().filter(|leaf| !added(leaf)).collect()
    };
    assert_eq!(others(before), others(after));
}

fn assert_same_comments(before: &Versions, after: &Versions) {
    if after.comments_lost() {
        return;
    }
    for comment in comments(before.text().unwrap_or_default()) {
        let text = after.text().unwrap_or_default();
        assert!(text.contains(comment), "{comment:?} is gone from {text:?}");
    }
}
