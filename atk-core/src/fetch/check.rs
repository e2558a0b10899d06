//! The checks that every file of a plugin passes before it is written.

use std::collections::HashMap;

use super::StagedFile;
use super::links::Links;
use super::refusal::refused;
use super::tree::{RawFile, RawTree, shown};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::EntryKind;
use crate::model::folded::fold;
use crate::model::limits::Limits;
use crate::model::owned;
use crate::model::short_name::{ShortName, aliases};
use crate::model::tree_path::TreePath;
use crate::text::escape;

/// Files that may be written.
#[derive(Debug)]
pub(super) struct CheckedFiles {
    pub(super) files: Vec<StagedFile>,
    /// The targets of the links, by path.
    pub(super) targets: HashMap<TreePath, Vec<u8>>,
    pub(super) warnings: Vec<String>,
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
    /// [`ErrorKind::ContentRefused`] naming the path.
    pub(super) fn check(self, limits: &Limits, whose: FileOrigin) -> Result<CheckedFiles> {
        let mut checked = CheckedFiles {
            files: Vec::new(),
            targets: HashMap::new(),
            warnings: Vec::new(),
        };
        let mut bytes = 0u64;
        for file in self.files {
            let path = path_of(&file)?;
            if let Some((place, why)) = left_out(&path, file.kind, whose) {
                // Of a whole directory, which is in one piece here, it is said once.
                let warning = format!("`{place}` was left out: {why}");
                if checked.warnings.last() != Some(&warning) {
                    checked.warnings.push(warning);
                }
                continue;
            }
            bytes = bytes.saturating_add(size_of(&file, &path, limits)?);
            if bytes > limits.plugin_bytes {
                let allowed = limits.plugin_bytes;
                return Err(refused(
                    &path,
                    &format!("makes the plugin larger than {allowed} bytes"),
                ));
            }
            if checked.files.len() >= limits.files {
                return Err(refused(
                    &path,
                    &format!("is over the limit of {} files", limits.files),
                ));
            }
            if file.kind == EntryKind::Link {
                let target = file
                    .target
                    .ok_or_else(|| refused(&path, "is a broken link"))?;
                checked.targets.insert(path.clone(), target);
            }
            checked.files.push(StagedFile {
                path,
                kind: file.kind,
                id: file.id,
            });
        }
        refuse_collisions(&checked.files)?;
        Links::new(&checked.targets, &checked.files).check(&checked.files)?;
        Ok(checked)
    }
}

fn path_of(file: &RawFile) -> Result<TreePath> {
    let mut path: Option<TreePath> = None;
    for name in &file.names {
        path = Some(TreePath::child(path.as_ref(), name).map_err(|why| {
            let path = shown(&file.names);
            Error::new(
                ErrorKind::ContentRefused,
                format!("the plugin's `{path}` {why}"),
            )
            .with_path(path)
        })?);
    }
    path.ok_or_else(|| Error::new(ErrorKind::Internal, "a file without a name"))
}

/// Where and why a file is not for us, though nothing is wrong with it. Names are compared as disks
/// compare them that ignore case: there, `.ENV`, `cuſtom` and `ENV~1` are the user's own.
fn left_out(path: &TreePath, kind: EntryKind, whose: FileOrigin) -> Option<(&str, &'static str)> {
    if kind == EntryKind::Submodule {
        return Some((path.as_str(), "submodules are not fetched"));
    }
    let places = path.parents().chain([path.as_str()]);
    for (depth, place) in places.enumerate() {
        let name = fold(place.rsplit('/').next().unwrap_or(place));
        let short = ShortName::parse(&name);
        let is = |own: &str| name == own || short.is_some_and(|short| short.may_mean(own));
        if depth == 0 && is(owned::STAMP) {
            return Some((place, "it is written by ATK"));
        }
        if is(owned::ANSWERS) || owned::is_answers(&name) {
            return Some((place, "it belongs to the user"));
        }
        if whose == FileOrigin::Users {
            continue;
        }
        if depth == 0 && is(owned::CUSTOM) {
            return Some((place, "`custom` belongs to the user"));
        }
        if place == path.as_str() && (is(".gitignore") || is(".gitattributes")) {
            return Some((place, "it would change what git tracks in the home"));
        }
    }
    None
}

fn size_of(file: &RawFile, path: &TreePath, limits: &Limits) -> Result<u64> {
    match file.size {
        None => Ok(0),
        Some(size) if size <= limits.file_bytes => Ok(size),
        Some(_) => Err(refused(
            path,
            &format!(
                "is larger than the {} bytes that a file may have",
                limits.file_bytes
            ),
        )),
    }
}

/// Refuses paths that are the same on a disk that ignores case, or a file and a directory at once,
/// and names that another file there can have as its short name.
fn refuse_collisions(files: &[StagedFile]) -> Result<()> {
    let mut seen: HashMap<String, (&str, bool)> = HashMap::new();
    for file in files {
        let parents = file.path.parents().map(|parent| (parent, true));
        for (path, is_dir) in parents.chain([(file.path.as_str(), false)]) {
            match seen.insert(fold(path), (path, is_dir)) {
                None => {}
                Some((other, true)) if other == path && is_dir => {}
                Some((other, _)) if other == path => {
                    return Err(refused(&file.path, "exists twice"));
                }
                Some((other, _)) => {
                    return Err(refused(
                        &file.path,
                        &format!(
                            "is the same as `{}` on a disk that ignores case",
                            escape(other)
                        ),
                    ));
                }
            }
        }
    }
    match short_name_clash(seen.keys().map(String::as_str)) {
        Some((short, long)) => Err(Error::new(
            ErrorKind::ContentRefused,
            format!(
                "the plugin's `{}` is a short name of `{}` on Windows",
                escape(short),
                escape(long)
            ),
        )
        .with_path(short)),
        None => Ok(()),
    }
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
            checked.warnings,
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
