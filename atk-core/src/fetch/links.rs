//! Symbolic links: they stay inside the plugin, whatever other links they go through.

use std::collections::{HashMap, HashSet};

use super::StagedFile;
use super::check::refused;
use crate::error::Result;
use crate::git::object::EntryKind;
use crate::model::tree_path::TreePath;

/// How many links a path may go through, as on Linux.
const MOST_HOPS: usize = 40;

/// The links of a plugin.
pub(super) struct Links<'t> {
    targets: HashMap<&'t str, (&'t TreePath, &'t [u8])>,
}

impl<'t> Links<'t> {
    pub(super) fn new(targets: &'t HashMap<TreePath, Vec<u8>>) -> Self {
        let by_path = |(path, target): (&'t TreePath, &'t Vec<u8>)| {
            (path.as_str(), (path, target.as_slice()))
        };
        Links {
            targets: targets.iter().map(by_path).collect(),
        }
    }

    /// Refuses links that lead out of the plugin, and files that lie behind a link.
    pub(super) fn check(&self, files: &[StagedFile]) -> Result<()> {
        let links: HashSet<&str> = self.targets.keys().copied().collect();
        for file in files {
            if let Some(link) = file.path.parents().find(|parent| links.contains(parent)) {
                return Err(refused(
                    &file.path,
                    &format!("lies behind the link `{link}`"),
                ));
            }
            if file.kind == EntryKind::Link {
                self.follow(&file.path)
                    .map_err(|why| refused(&file.path, why))?;
            }
        }
        Ok(())
    }

    /// Follows a link name by name, through the links on its way.
    fn follow(&self, link: &TreePath) -> Result<(), &'static str> {
        let mut at: Vec<String> = link.parents().last().map_or_else(Vec::new, names);
        let mut ahead = self.steps(link.as_str())?;
        let mut hops = 1;
        while let Some(step) = ahead.pop() {
            match step.as_str() {
                "." => {}
                ".." => {
                    if at.pop().is_none() {
                        return Err("is a link that leads out of the plugin");
                    }
                }
                name => {
                    at.push(name.to_owned());
                    let here = at.join("/");
                    if self.targets.contains_key(here.as_str()) {
                        hops += 1;
                        if hops > MOST_HOPS {
                            return Err("is a link that leads in circles");
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
        let target = self
            .targets
            .get(link)
            .map_or(&[][..], |(_, target)| *target);
        let target = std::str::from_utf8(target).map_err(|_| "is a link that is not UTF-8")?;
        if target.is_empty() {
            return Err("is a link to nowhere");
        }
        if target.starts_with('/') {
            return Err("is a link with an absolute target");
        }
        if target.contains('\\') || target.chars().any(char::is_control) {
            return Err("is a link with a backslash or control characters in its target");
        }
        Ok(target
            .split('/')
            .rev()
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect())
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
        Links::new(&targets).follow(&path(link).unwrap())
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
}
