//! Symbolic links: they stay inside the plugin, whatever other links they go through.

use std::collections::{HashMap, HashSet};

use super::StagedFile;
use super::refusal::TreeFinding;
use crate::fetching::object::EntryKind;
use crate::model::folded::fold;
use crate::model::short_name::ShortName;
use crate::model::tree_path::{TreePath, checked_name};
use crate::rule::Rule;

/// How many links a path may go through, as on Linux.
const MOST_HOPS: usize = 40;

/// The links of a plugin. Paths are compared as disks compare them that ignore case: there, `deep/x`
/// leads through the link `DEEP`.
pub(super) struct Links<'t> {
    /// The targets, by folded path.
    targets: HashMap<String, &'t [u8]>,
    /// The folded paths of all files and directories.
    known: HashSet<String>,
}

impl<'t> Links<'t> {
    pub(super) fn new(targets: &'t HashMap<TreePath, Vec<u8>>, files: &[StagedFile]) -> Self {
        let paths = files
            .iter()
            .flat_map(|file| file.path.parents().chain([file.path.as_str()]));
        Links {
            targets: targets
                .iter()
                .map(|(path, target)| (fold(path.as_str()), target.as_slice()))
                .collect(),
            known: match targets.is_empty() {
                true => HashSet::new(),
                false => paths.map(fold).collect(),
            },
        }
    }

    /// The links that lead out of the plugin, and the files that lie behind a link.
    pub(super) fn check(&self, files: &[StagedFile]) -> Vec<TreeFinding> {
        if self.targets.is_empty() {
            return Vec::new();
        }
        let check = |file: &StagedFile| {
            let mut parents = file.path.parents();
            let is_link = |parent: &&str| self.targets.contains_key(&fold(parent));
            let why = match parents.find(is_link) {
                Some(link) => format!("is below the link `{link}`"),
                None if file.kind == EntryKind::Link => self.follow(&file.path).err()?.to_owned(),
                None => return None,
            };
            Some(TreeFinding::new(Rule::LinkNotAllowed, &file.path, why))
        };
        files.iter().filter_map(check).collect()
    }

    /// Follows a link name by name, through the links on its way.
    fn follow(&self, link: &TreePath) -> Result<(), &'static str> {
        let parent = link.parents().last();
        let mut at: Vec<String> = parent.map_or_else(Vec::new, |parent| names(&fold(parent)));
        let mut ahead = self.steps(&fold(link.as_str()))?;
        let mut hops = 1;
        while let Some(step) = ahead.pop() {
            match step.as_str() {
                "." => {}
                ".." => {
                    if at.pop().is_none() {
                        return Err("is a link that points out of the plugin");
                    }
                }
                name => {
                    at.push(fold(name));
                    let here = at.join("/");
                    if ShortName::parse(&fold(name)).is_some() && !self.known.contains(&here) {
                        return Err("is a link whose target may be a short name of Windows");
                    }
                    if self.targets.contains_key(&here) {
                        hops += 1;
                        if hops > MOST_HOPS {
                            return Err("is a link that leads back to itself");
                        }
                        at.pop();
                        ahead.extend(self.steps(&here)?);
                    }
                }
            }
        }
        Ok(())
    }

    /// The names of a link's target, the last first.
    fn steps(&self, link: &str) -> Result<Vec<String>, &'static str> {
        let target = self.targets.get(link).copied().unwrap_or_default();
        let target = std::str::from_utf8(target).map_err(|_| "is a link that is not UTF-8")?;
        if target.is_empty() {
            return Err("is a broken link");
        }
        if target.starts_with('/') {
            return Err("is a link with an absolute target");
        }
        if target.contains('\\') || target.chars().any(char::is_control) {
            return Err("is a link with a backslash or control characters in its target");
        }
        let steps = || target.split('/').filter(|name| !name.is_empty());
        let is_name = |name: &str| !matches!(name, "." | "..");
        if steps().any(|step| is_name(step) && checked_name(step.as_bytes()).is_err()) {
            return Err("is a link whose target has a name that is not allowed");
        }
        Ok(steps().rev().map(str::to_owned).collect())
    }
}

fn names(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(links: &[(&str, &str)], link: &str) -> Result<(), &'static str> {
        let path = |path: &str| {
            path.split('/').fold(None, |parent, name| {
                Some(TreePath::child(parent.as_ref(), name.as_bytes()).unwrap())
            })
        };
        let targets = links
            .iter()
            .map(|(link, target)| (path(link).unwrap(), target.as_bytes().to_vec()))
            .collect();
        Links::new(&targets, &[]).follow(&path(link).unwrap())
    }

    #[test]
    fn a_link_may_go_where_it_stays_inside() {
        for target in [
            "b",
            "./b",
            "../x/b",
            "../y",
            "..",
            "../x/../y",
            "b//c",
            "b/../../y",
        ] {
            assert_eq!(follow(&[("x/a", target)], "x/a"), Ok(()), "{target}");
        }
        assert_eq!(follow(&[("a", "d/f"), ("d", "e")], "a"), Ok(()));
    }

    #[test]
    fn a_link_may_not_leave_not_even_by_way_of_others() {
        for target in [
            "/etc",
            "../..",
            "../../x",
            "../../../etc/passwd",
            "a\\b",
            "",
            "a\u{1}",
        ] {
            assert!(follow(&[("x/a", target)], "x/a").is_err(), "{target:?}");
        }
        // `deep/up` is the plugin's root, seen from `deep`; one more `..` is outside.
        let links = [("deep/up", ".."), ("a", "deep/up/../x")];
        assert!(follow(&links, "a").is_err());
        assert!(follow(&[("a", "b"), ("b", "a")], "a").is_err());
    }

    #[test]
    fn a_link_may_not_leave_by_way_of_another_spelling() {
        for (way, target) in [
            ("DEEP", "deep/../secret"),
            ("deep", "DEEP/../secret"),
            ("stra\u{df}e", "STRASSE/../secret"),
            ("deep", "d\u{200c}eep/../secret"),
            ("caf\u{e9}", "cafe\u{301}/../secret"),
            ("longer-than-eight", "longer~1/../secret"),
            ("deep", "deep./../secret"),
            ("deep", "deep /../secret"),
        ] {
            let links = [(way, "."), ("a", target)];
            assert!(follow(&links, "a").is_err(), "{way} {target}");
        }
        for target in [".git/x", ".GIT/x", "git~1/x", "nul", "a:b", ".gi\u{ad}t/x"] {
            assert!(follow(&[("a", target)], "a").is_err(), "{target}");
        }
    }
}
