//! A manifest that a merge left with conflict markers: what each side has.

use super::problems::invalid;
use super::{Entry, FILE, Manifest};
use crate::error::{Error, Problem};
use crate::model::conflict::{Conflict, Side};

/// The error of a manifest whose merge is not resolved. It names the plugins of both sides, so
/// that it cannot be resolved by dropping one unseen.
pub(super) fn unresolved(conflict: &Conflict) -> Error {
    let Conflict { line, ours, theirs } = conflict;
    let mut message = "a git merge left conflict markers".to_owned();
    for line in differences(ours, theirs) {
        message.push_str(&format!("; {line}"));
    }
    invalid(vec![Problem::new(FILE, (*line, 1), "", message)]).with_help(
        "keep the entries of both sides, delete the lines that start with `<<<<<<<`, `=======` \
         and `>>>>>>>`, then commit the file",
    )
}

/// What only one side has, and what both have in different ways. Empty if a side by itself is no
/// manifest: the reader of the resolved file will say more.
fn differences(ours: &Side, theirs: &Side) -> Vec<String> {
    let (Ok(our), Ok(their)) = (Manifest::parse(&ours.text), Manifest::parse(&theirs.text)) else {
        return Vec::new();
    };
    let lacks = |entries: &Manifest, entry: &&Entry| entries.get(&entry.directory).is_none();
    let of_side = |side: &Side, has: &Manifest, other: &Manifest| {
        let only = has.plugins.iter().filter(|entry| lacks(other, entry));
        let label = match side.label.as_str() {
            "" => "one side".to_owned(),
            label => format!("`{}`", crate::text::escape(label)),
        };
        names(only).map(|names| format!("only {label} has {names}"))
    };
    let changed = our.plugins.iter().filter(|entry| {
        let same = their.get(&entry.directory);
        same.is_some_and(|same| same != *entry)
    });
    [
        of_side(ours, &our, &their),
        of_side(theirs, &their, &our),
        names(changed).map(|names| format!("the sides differ in {names}")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The directories of entries, in backticks; `None` if there are no entries.
fn names<'e>(entries: impl Iterator<Item = &'e Entry>) -> Option<String> {
    let names: Vec<String> = entries
        .map(|entry| format!("`{}`", entry.directory))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "schema_version: '1'\nplugins:\n";

    fn entry(name: &str, kind: &str) -> String {
        format!("- name: {name}\n  directory: {name}\n  source:\n    type: {kind}\n")
    }

    fn message(text: &str) -> String {
        Manifest::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn plugins_of_both_sides_are_named() {
        let (aa, bb, cc) = (
            entry("aa", "local"),
            entry("bb", "local"),
            entry("cc", "registry"),
        );
        assert_eq!(
            message(&format!(
                "{HEAD}{aa}<<<<<<< HEAD\n{bb}=======\n{cc}>>>>>>> origin/main\n"
            )),
            "the manifest is invalid: manifest.yaml:7:1: a git merge left conflict markers; \
             only `HEAD` has `bb`; only `origin/main` has `cc`"
        );
        // As git cuts it: the lines that the two entries share are outside the markers.
        assert_eq!(
            message(&format!(
                "{HEAD}<<<<<<< HEAD\n- name: bb\n  directory: bb\n||||||| 1234567\n=======\n\
                 - name: cc\n  directory: cc\n>>>>>>> abc\n  source:\n    type: local\n"
            )),
            "the manifest is invalid: manifest.yaml:3:1: a git merge left conflict markers; \
             only `HEAD` has `bb`; only `abc` has `cc`"
        );
    }

    #[test]
    fn a_plugin_that_both_sides_changed_is_named() {
        let text = format!(
            "{HEAD}- name: aa\n  directory: aa\n  source:\n<<<<<<< HEAD\n    type: local\n=======\n    \
             type: registry\n>>>>>>> other\n"
        );
        assert_eq!(
            message(&text),
            "the manifest is invalid: manifest.yaml:6:1: a git merge left conflict markers; \
             the sides differ in `aa`"
        );
    }

    #[test]
    fn sides_that_are_no_manifests_are_an_error_all_the_same() {
        for text in [
            "<<<<<<< HEAD\n",
            "a: [\n>>>>>>> x\n",
            "schema_version: '1'\n>>>>>>> theirs\n",
        ] {
            let message = message(text);
            assert!(message.contains("conflict markers"), "{message}");
        }
    }
}
