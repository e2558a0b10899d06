//! The checks that every file of a plugin passes before it is written.

use std::collections::HashMap;

use super::StagedFile;
use super::links::Links;
use super::refusal::TreeFinding;
use super::tree::{RawFile, RawTree, shown};
use crate::error::Result;
use crate::fetching::object::EntryKind;
use crate::model::folded::fold;
use crate::model::limits::Limits;
use crate::model::owned;
use crate::model::short_name::{ShortName, aliases};
use crate::model::tree_path::TreePath;
use crate::rule::Rule;
use crate::text::escape;

/// Files that may be written.
#[derive(Debug)]
pub(super) struct CheckedFiles {
    pub(super) files: Vec<StagedFile>,
    /// The targets of the links, by path.
    pub(super) targets: HashMap<TreePath, Vec<u8>>,
    /// What was left out, and what was refused.
    pub(super) findings: Vec<TreeFinding>,
}

impl CheckedFiles {
    /// The warnings about what was left out.
    pub(super) fn warnings(&self) -> Vec<String> {
        let left_out = self.findings.iter().filter(|one| !one.is_refusal());
        left_out.map(TreeFinding::warning).collect()
    }
}

/// Whose files they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileOrigin {
    /// A repository's, which may be a stranger's.
    Repository,
    /// The user's own: `custom/` and what says how they are tracked belong to them.
    Users,
}

impl RawTree {
    /// Checks names, kinds, links, sizes, and that no two paths are one on another disk.
    ///
    /// # Errors
    /// [`ErrorKind::ContentRefused`](crate::ErrorKind::ContentRefused) naming the path.
    pub(super) fn check(self, limits: &Limits, whose: FileOrigin) -> Result<CheckedFiles> {
        let checked = self.inspect(limits, whose);
        match checked.findings.iter().find(|one| one.is_refusal()) {
            Some(refusal) => Err(refusal.error()),
            None => Ok(checked),
        }
    }

    /// The same with all that is refused, so that a person can correct it at once. Those files are not
    /// among the checked ones. Files over the limit of their number are not looked at.
    pub(super) fn inspect(self, limits: &Limits, whose: FileOrigin) -> CheckedFiles {
        let mut checked = CheckedFiles {
            files: Vec::new(),
            targets: HashMap::new(),
            findings: Vec::new(),
        };
        let mut bytes = 0u64;
        for file in self.files {
            let path = match path_of(&file) {
                Ok(path) => path,
                Err(finding) => {
                    checked.findings.push(finding);
                    continue;
                }
            };
            if let Some(finding) = left_out(&path, file.kind, whose) {
                // Of a whole directory, which is in one piece here, it is said once.
                if checked.findings.last() != Some(&finding) {
                    checked.findings.push(finding);
                }
                continue;
            }
            let mut refuse = |rule, why: &str| {
                checked.findings.push(TreeFinding::new(rule, &path, why));
            };
            let size = file.size.unwrap_or_default();
            if size > limits.file_bytes {
                let allowed = limits.file_bytes;
                let why = format!("is larger than the {allowed} bytes that a file may have");
                refuse(Rule::TooLarge, &why);
                continue;
            }
            bytes = bytes.saturating_add(size);
            if bytes > limits.plugin_bytes {
                let allowed = limits.plugin_bytes;
                let why = format!("makes the plugin larger than {allowed} bytes");
                refuse(Rule::TooLarge, &why);
                break;
            }
            if checked.files.len() >= limits.files {
                let why = format!("is over the limit of {} files", limits.files);
                refuse(Rule::TooLarge, &why);
                break;
            }
            if file.kind == EntryKind::Link {
                let Some(target) = file.target else {
                    refuse(Rule::LinkNotAllowed, "is a broken link");
                    continue;
                };
                checked.targets.insert(path.clone(), target);
            }
            checked.files.push(StagedFile {
                path,
                kind: file.kind,
                id: file.id,
            });
        }
        checked.findings.extend(collisions(&checked.files));
        let links = Links::new(&checked.targets, &checked.files).check(&checked.files);
        checked.findings.extend(links);
        checked
    }
}

fn path_of(file: &RawFile) -> Result<TreePath, TreeFinding> {
    let refused = |why: &str| TreeFinding {
        rule: Rule::PathNotAllowed,
        path: shown(&file.names),
        why: why.to_owned(),
    };
    let mut path: Option<TreePath> = None;
    for name in &file.names {
        path = Some(TreePath::child(path.as_ref(), name).map_err(refused)?);
    }
    path.ok_or_else(|| refused("has no name"))
}

/// Where and why a file is not for us, though nothing is wrong with it. Names are compared as disks
/// compare them that ignore case: there, `.ENV`, `cuſtom` and `ENV~1` are the user's own.
fn left_out(path: &TreePath, kind: EntryKind, whose: FileOrigin) -> Option<TreeFinding> {
    let finding = |rule, path: &str, why: &str| {
        Some(TreeFinding {
            rule,
            path: path.to_owned(),
            why: why.to_owned(),
        })
    };
    if kind == EntryKind::Submodule {
        return finding(Rule::LeftOut, path.as_str(), "submodules are not fetched");
    }
    let places = path.parents().chain([path.as_str()]);
    for (depth, place) in places.enumerate() {
        let name = fold(place.rsplit('/').next().unwrap_or(place));
        let short = ShortName::parse(&name);
        let is = |own: &str| name == own || short.is_some_and(|short| short.may_mean(own));
        if depth == 0 && is(owned::STAMP) {
            return finding(Rule::LeftOut, place, "it is written by ATK");
        }
        if is(owned::ANSWERS) || owned::is_answers(&name) {
            return finding(Rule::LeftOut, place, "it belongs to the user");
        }
        if whose == FileOrigin::Users {
            continue;
        }
        if depth == 0 && is(owned::CUSTOM) {
            return finding(Rule::LeftOut, place, "`custom` belongs to the user");
        }
        if place == path.as_str() && (is(".gitignore") || is(".gitattributes")) {
            let why = "it would change what git tracks in the home";
            return finding(Rule::GitFileLeftOut, place, why);
        }
    }
    None
}

/// Paths that are the same on a disk that ignores case, or a file and a directory at once, and names
/// that another file there can have as its short name.
fn collisions(files: &[StagedFile]) -> Vec<TreeFinding> {
    let mut findings = Vec::new();
    let mut seen: HashMap<String, (&str, bool)> = HashMap::new();
    for file in files {
        let parents = file.path.parents().map(|parent| (parent, true));
        for (path, is_dir) in parents.chain([(file.path.as_str(), false)]) {
            let why = match seen.insert(fold(path), (path, is_dir)) {
                None => continue,
                Some((other, true)) if other == path && is_dir => continue,
                Some((other, _)) if other == path => "exists twice".to_owned(),
                Some((other, _)) => format!(
                    "is the same as `{}` on a disk that ignores case",
                    escape(other)
                ),
            };
            findings.push(TreeFinding::new(Rule::PathCollision, &file.path, why));
            // The files of a directory that is there twice would all be named.
            break;
        }
    }
    if let Some((short, long)) = short_name_clash(seen.keys().map(String::as_str)) {
        findings.push(TreeFinding {
            rule: Rule::PathCollision,
            path: short.to_owned(),
            why: format!("is a short name of `{}` on Windows", escape(long)),
        });
    }
    findings
}

/// Two of these folded paths that NTFS may take for one. Few names have the form of a short one, so
/// only their directories are looked at.
fn short_name_clash<'p>(
    paths: impl Iterator<Item = &'p str> + Clone,
) -> Option<(&'p str, &'p str)> {
    let split = |path: &'p str| path.rsplit_once('/').unwrap_or(("", path));
    let mut shorts: HashMap<&str, HashMap<String, &str>> = HashMap::new();
    for path in paths.clone() {
        let (parent, name) = split(path);
        if let Some(short) = ShortName::parse(name) {
            let keys = shorts.entry(parent).or_default();
            keys.extend(short.keys().map(|key| (key, path)));
        }
    }
    if shorts.is_empty() {
        return None;
    }
    paths.into_iter().find_map(|path| {
        let (parent, name) = split(path);
        let keys = shorts.get(parent)?;
        let short = aliases(name).iter().find_map(|key| keys.get(key))?;
        Some((*short, path))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::fetching::object::ObjectId;

    fn check(files: &[(&str, EntryKind)], limits: &Limits) -> Result<Vec<String>> {
        let id = ObjectId::parse(&"1".repeat(40)).unwrap();
        let files = files
            .iter()
            .map(|(path, kind)| {
                let (path, target) = path.split_once(" -> ").unwrap_or((path, ""));
                RawFile {
                    names: path
                        .split('/')
                        .map(|name| name.as_bytes().to_vec())
                        .collect(),
                    kind: *kind,
                    id,
                    size: Some(path.len() as u64),
                    target: (*kind == EntryKind::Link).then(|| target.as_bytes().to_vec()),
                }
            })
            .collect();
        let checked = RawTree { files }.check(limits, FileOrigin::Repository)?;
        Ok(checked
            .files
            .iter()
            .map(|file| file.path.to_string())
            .collect())
    }

    fn refusal(files: &[(&str, EntryKind)]) -> String {
        let error = check(files, &Limits::default()).expect_err(&format!("{files:?}"));
        assert_eq!(error.kind(), ErrorKind::ContentRefused);
        error.to_string()
    }

    #[test]
    fn every_refusal_names_the_path() {
        use EntryKind::{File, Link};
        for (files, path) in [
            (&[("a/.GIT/config", File)][..], "a/.GIT/config"),
            (&[("README", File), ("readme", File)], "readme"),
            (&[("a/x", File), ("A/y", File)], "A/y"),
            (&[("a", File), ("a/b", File)], "a/b"),
            (&[("a", Link), ("a/b", File)], "a/b"),
            (&[("stra\u{df}e", File), ("strasse", File)], "strasse"),
            (&[("\u{3c3}", File), ("\u{3c2}", File)], "\u{3c2}"),
            (&[("a\u{200b}b/x", File), ("AB/y", File)], "AB/y"),
            (
                &[("longfi~1.txt", File), ("longfilename.txt", File)],
                "longfi~1.txt",
            ),
            (
                &[
                    ("d/LO1A2B~1.TXT", File),
                    ("D2/x", File),
                    ("d/longfilename.txt", File),
                ],
                "d/lo1a2b~1.txt",
            ),
            (&[("DEEP -> .", Link), ("a -> deep/../secret", Link)], "a"),
            (&[(".gi\u{ad}t", File)], ".gi\\u{ad}t"),
            (&[("x -> /etc/passwd", Link)], "x"),
            (&[("d/x -> ../../up", Link)], "d/x"),
            (&[("x -> ", Link)], "x"),
            (&[("nul", File)], "nul"),
        ] {
            let message = refusal(files);
            assert!(message.contains(&format!("`{path}`")), "{message}");
        }
    }

    #[test]
    fn what_is_the_users_or_atks_is_left_out_in_any_case() {
        use EntryKind::{File, Submodule};
        let files = [
            ("plugin.yaml", File),
            ("custom/overrides.yaml", File),
            ("Custom/x", File),
            ("cu\u{17f}tom/x", File),
            ("CUSTOM~1/x", File),
            ("c\u{200d}ustom", File),
            (".e\u{200c}nv", File),
            ("ENV~1", File),
            ("sub/env~2.pro", File),
            (".\u{fe0f}env.local", File),
            (".atk-\u{ad}ref", File),
            ("ATK-RE~1", File),
            ("GITIGN~1", File),
            ("sub/.gitignore\u{200b}", File),
            ("custom", File),
            (".env", File),
            ("sub/.ENV.local", File),
            (".env/bin/python", File),
            ("sub/.env.d/token", File),
            (".env.example", File),
            (".gitignore", File),
            ("sub/.gitattributes", File),
            (".atk-ref", File),
            ("module", Submodule),
            ("sub/custom", File),
        ];
        let mut kept = Vec::new();
        for file in files {
            kept.extend(check(&[file], &Limits::default()).unwrap());
        }
        assert_eq!(kept, ["plugin.yaml", ".env.example", "sub/custom"]);
    }

    #[test]
    fn of_a_directory_that_is_left_out_it_is_said_once() {
        let id = ObjectId::parse(&"1".repeat(40)).unwrap();
        let paths = [".env/a", ".env/b/c", "custom/x", "custom/y", "plugin.yaml"];
        let files = paths.map(|path| RawFile {
            names: path
                .split('/')
                .map(|name| name.as_bytes().to_vec())
                .collect(),
            kind: EntryKind::File,
            id,
            size: Some(1),
            target: None,
        });
        let tree = RawTree {
            files: files.into(),
        };
        let checked = tree
            .check(&Limits::default(), FileOrigin::Repository)
            .unwrap();
        assert_eq!(
            checked.warnings(),
            [
                "`.env` was left out: it belongs to the user",
                "`custom` was left out: `custom` belongs to the user",
            ]
        );
    }

    #[test]
    fn limits_are_checked_before_anything_is_written() {
        use EntryKind::File;
        let limits = |files, file_bytes, plugin_bytes| {
            let mut limits = Limits::default();
            (limits.files, limits.file_bytes, limits.plugin_bytes) =
                (files, file_bytes, plugin_bytes);
            limits
        };
        let files = [("aa", File), ("bbbb", File)];
        assert!(check(&files, &limits(2, 4, 6)).is_ok());
        assert!(check(&files, &limits(1, 4, 6)).is_err());
        assert!(check(&files, &limits(2, 3, 6)).is_err());
        assert!(check(&files, &limits(2, 4, 5)).is_err());
    }
}
