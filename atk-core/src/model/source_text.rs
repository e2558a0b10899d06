//! What a source string consists of: `<base>[//<directory>][@<revision>]`.

use super::git_url::{Scp, has_port};

/// The parts of a source string. Nothing about them has been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceText<'t> {
    /// A URL, or a name of the registry.
    pub(crate) base: &'t str,
    /// A directory in the repository.
    pub(crate) subdir: Option<&'t str>,
    /// A branch, a tag or a commit.
    pub(crate) revision: Option<&'t str>,
}

impl<'t> SourceText<'t> {
    /// Splits the URL of a repository.
    ///
    /// The revision begins at the first `@` of the path that begins no part of it, so that
    /// `github.com/@org/tool` is a path. The directory begins at the first `//` of the path.
    pub(crate) fn of_url(typed: &'t str) -> Self {
        let start = start_of_path(typed);
        // A page of a website, whose address may have anything in it.
        let is_page = typed[start..].contains(['?', '#']) && !is_file(typed);
        if is_page {
            return Self::whole(typed);
        }
        let (path, revision) = match at_sign(&typed[start..]) {
            Some(at) => (&typed[..start + at], Some(&typed[start + at + 1..])),
            None => (typed, None),
        };
        let (base, subdir) = without_subdir(path, start);
        SourceText {
            base,
            subdir,
            revision,
        }
    }

    /// Splits the URL of a manifest, which has no revision.
    pub(crate) fn of_stored(url: &'t str) -> Self {
        let (base, subdir) = without_subdir(url, start_of_path(url));
        SourceText {
            base,
            subdir,
            revision: None,
        }
    }

    /// Splits a name of the registry.
    pub(crate) fn of_name(typed: &'t str) -> Self {
        match at_sign(typed) {
            Some(at) => SourceText {
                base: &typed[..at],
                subdir: None,
                revision: Some(&typed[at + 1..]),
            },
            None => Self::whole(typed),
        }
    }

    fn whole(typed: &'t str) -> Self {
        SourceText {
            base: typed,
            subdir: None,
            revision: None,
        }
    }
}

fn without_subdir(path: &str, start: usize) -> (&str, Option<&str>) {
    // A path that begins with two slashes has nothing before the directory.
    let slashes = path[start..].find("//").filter(|&at| at > 0);
    match slashes {
        Some(at) => (&path[..start + at], Some(&path[start + at + 2..])),
        None => (path, None),
    }
}

/// Where the first `@` is that does not begin a part of the path.
fn at_sign(path: &str) -> Option<usize> {
    let mut signs = path.match_indices('@').map(|(at, _)| at);
    signs.find(|&at| at > 0 && !path[..at].ends_with('/'))
}

fn is_file(typed: &str) -> bool {
    let scheme = typed.split("://").next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("file")
}

/// Where the path of a URL begins.
fn start_of_path(typed: &str) -> usize {
    let slash = |from: usize| typed[from..].find('/').map_or(typed.len(), |at| from + at);
    if let Some(scheme) = typed.find("://") {
        return slash(scheme + 3);
    }
    match Scp::split(typed) {
        Some(scp) if !has_port(typed) => typed.len() - scp.path.len(),
        Some(_) | None => slash(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, base: &str, subdir: Option<&str>, revision: Option<&str>) {
        let expected = SourceText {
            base,
            subdir,
            revision,
        };
        assert_eq!(SourceText::of_url(typed), expected, "{typed}");
    }

    #[test]
    fn a_url_is_split_in_every_form() {
        let bases = [
            "github.com/org/tool",
            "https://github.com/org/tool.git",
            "https://me@github.com/org/tool",
            "https://gitlab.com/group/sub/group/tool",
            "https://dev.azure.com/org/project/_git/tool",
            "https://bitbucket.corp.com/scm/KEY/tool.git",
            "https://gitea.corp.com:3000/org/tool",
            "gitea.corp.com:3000/org/tool",
            "http://10.0.0.1:8080/tool",
            "https://[2001:db8::1]:8443/org/tool",
            "ssh://git@github.com/org/tool",
            "ssh://git@host:2222/org/tool",
            "ssh://git@[::1]:22/org/tool",
            "git@github.com:org/tool.git",
            "work:team/tool",
            "git@[host:2222]:org/tool",
            "[git@host:2222]:org/tool",
            "git@[::1]:org/tool",
            "me@corp@host:org/tool",
            "git@host:/srv/tool",
            "git@host:~me/tool",
            "file:///srv/tool",
            "github.com/@org/tool",
            "git@host:@org/tool",
        ];
        for base in bases {
            check(base, base, None, None);
            check(&format!("{base}@v1.2"), base, None, Some("v1.2"));
            check(&format!("{base}//a/b"), base, Some("a/b"), None);
            let full = format!("{base}//a/b@feature/x@y");
            check(&full, base, Some("a/b"), Some("feature/x@y"));
            let scoped = format!("{base}//a/@b@v1");
            check(&scoped, base, Some("a/@b"), Some("v1"));
            let stored = format!("{base}//a@b");
            let read = SourceText::of_stored(&stored);
            assert_eq!((read.base, read.subdir), (base, Some("a@b")));
        }
    }

    #[test]
    fn what_is_missing_is_left_for_the_checks_to_find() {
        check(
            "github.com/org/tool@",
            "github.com/org/tool",
            None,
            Some(""),
        );
        check(
            "github.com/org/tool//",
            "github.com/org/tool",
            Some(""),
            None,
        );
        check("github.com/o/t//a//b", "github.com/o/t", Some("a//b"), None);
        check("https://h.org//x", "https://h.org//x", None, None);
        check("file:////srv", "file:////srv", None, None);
        check("https://h.org", "https://h.org", None, None);
        for page in [
            "https://github.com/org/tool?tab=a@b",
            "https://github.com/org/tool#a//b@c",
            "git@host:tool#v1@x",
        ] {
            check(page, page, None, None);
        }
        check("file:///srv/c#/x@v1", "file:///srv/c#/x", None, Some("v1"));
    }

    #[test]
    fn a_name_has_a_revision_and_no_directory() {
        for (typed, base, revision) in [
            ("tool", "tool", None),
            ("tool@v1", "tool", Some("v1")),
            ("@org/tool", "@org/tool", None),
            ("@org/tool@v1", "@org/tool", Some("v1")),
            ("tool@", "tool", Some("")),
            ("a//b", "a//b", None),
        ] {
            let read = SourceText::of_name(typed);
            assert_eq!((read.base, read.revision), (base, revision), "{typed}");
            assert_eq!(read.subdir, None);
        }
    }
}
