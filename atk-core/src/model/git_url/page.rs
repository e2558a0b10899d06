//! What people paste in place of a repository's URL: a page of its website, a URL with a version.

use super::address::{Address, Style};
use super::protocol::Protocol;
use super::url::GitUrl;

/// Websites on which a repository is `owner/name` and nothing else, so that a longer path is
/// certainly a page.
const OWNER_AND_NAME: [&str; 4] = ["bitbucket.org", "codeberg.org", "gitea.com", "github.com"];

/// What follows the name of a repository in the URLs of its pages.
const PAGES: [&str; 22] = [
    "actions",
    "archive",
    "blame",
    "blob",
    "branches",
    "browse",
    "commit",
    "commits",
    "compare",
    "discussions",
    "edit",
    "issues",
    "pull",
    "pulls",
    "raw",
    "releases",
    "security",
    "src",
    "tag",
    "tags",
    "tree",
    "wiki",
];

/// Returns the help for a URL at which no repository is, if it looks like one with something
/// behind it.
pub(super) fn help(address: &Address) -> Option<String> {
    let path = address.path.as_str();
    if let Some(repository) = bitbucket_server(path) {
        let shown = with_path(address, &repository);
        return Some(format!(
            "this is a web page; the repository is probably `{shown}`"
        ));
    }
    let sentence = [',', ';', ')', '\'', ':', '!'];
    let before = path.trim_end_matches(sentence);
    if before.len() < path.len() && before.len() > 1 {
        let shown = with_path(address, before);
        return Some(format!("the repository is probably `{shown}`"));
    }
    let end = end_of_repository(address)?;
    let (repository, rest) = path.split_at_checked(end)?;
    let shown = with_path(address, repository);
    let source = source(&shown, rest);
    Some(match source == shown {
        true => format!("the repository is probably `{shown}`"),
        false => format!("this is a web page; use `{source}`, or `{shown}` for the default branch"),
    })
}

/// The source string for what follows the URL of a repository in the address of a page: the file or
/// directory, and the branch, tag or commit.
fn source(repository: &str, rest: &str) -> String {
    let fragment = rest.strip_prefix('#').filter(|text| {
        // `#readme` is a heading of the page; a version is what other tools write there.
        let is_version = |c: char| c.is_ascii_digit() || c == '.';
        text.contains(is_version) && !text.contains(['=', '?']) && !text.contains('-')
    });
    if let Some(version) = fragment {
        return format!("{repository}@{version}");
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let rest = rest.strip_prefix("/-").unwrap_or(rest);
    let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
    let (is_file, revision) = match (segments.next(), segments.clone().next()) {
        (Some("tree"), _) => (false, segments.next()),
        (Some("blob" | "raw" | "blame" | "edit"), _) => (true, segments.next()),
        (Some("src"), Some("branch" | "tag" | "commit")) => (false, segments.nth(1)),
        (Some("src"), _) => (false, segments.next()),
        (Some("releases"), Some("tag")) => (false, segments.nth(1)),
        (Some("commit" | "commits" | "tag" | "tags"), _) => (false, segments.next()),
        _ => return repository.to_owned(),
    };
    let Some(revision) = revision else {
        return repository.to_owned();
    };
    let mut path: Vec<&str> = segments.collect();
    let is_definition = path.last().is_some_and(|name| name.starts_with("plugin.y"));
    if is_file || is_definition {
        path.pop();
    }
    // It is looked for there by itself.
    if path.last() == Some(&".atk") {
        path.pop();
    }
    match path.is_empty() {
        true => format!("{repository}@{revision}"),
        false => format!("{repository}//{}@{revision}", path.join("/")),
    }
}

/// Returns true if the address cannot be a repository's, so that no server has to be asked.
pub(super) fn is_certainly_a_page(address: &Address) -> bool {
    if address.protocol == Protocol::File {
        return false;
    }
    let path = address.path.as_str();
    let is_web = matches!(address.protocol, Protocol::Http | Protocol::Https);
    if path.contains('#') || (is_web && path.contains('?')) {
        return true;
    }
    let segments = || path.trim_matches('/').split('/');
    let known = OWNER_AND_NAME.contains(&address.host.as_str());
    is_web
        && (segments().any(|segment| segment == "-")
            || (known
                && segments()
                    .nth(2)
                    .is_some_and(|third| PAGES.contains(&third))))
}

/// Where in the path the repository's part ends, if something follows it.
fn end_of_repository(address: &Address) -> Option<usize> {
    let path = address.path.as_str();
    let end = path.find(['#', '?']).unwrap_or(path.len());
    let before = path.get(..end)?;
    let known = OWNER_AND_NAME.contains(&address.host.as_str());
    page(before, known)
        .or((end < path.len()).then_some(end))
        .filter(|&cut| cut > 1)
}

/// Where a page begins: behind `/-/` (GitLab), behind `name.git`, or behind `owner/name`. On an
/// unknown host a repository may be called `tree`, unless something follows.
fn page(path: &str, known: bool) -> Option<usize> {
    if let Some(at) = path.find("/-/") {
        return Some(at);
    }
    if let Some(at) = path.find(".git/")
        && at + 5 < path.len()
    {
        return Some(at + 4);
    }
    let mut slashes = path.match_indices('/').map(|(at, _)| at).skip(2);
    let third = slashes.find(|at| {
        let segment = path[at + 1..].split('/').next().unwrap_or_default();
        PAGES.contains(&segment) && (known || path.len() > at + 1 + segment.len())
    })?;
    Some(third)
}

/// Bitbucket Server's pages are `/projects/KEY/repos/name/browse`, its repositories
/// `/scm/KEY/name.git`.
fn bitbucket_server(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').collect();
    match segments.as_slice() {
        ["", "projects", key, "repos", name, ..] => Some(format!("/scm/{key}/{name}.git")),
        ["", "users", user, "repos", name, ..] => Some(format!("/scm/~{user}/{name}.git")),
        _ => None,
    }
}

fn with_path(address: &Address, path: &str) -> String {
    let shorter = Address {
        path: path.to_owned(),
        ..address.clone()
    };
    let url = shorter.for_git();
    let shown = match address.style {
        Style::Short => url.strip_prefix("https://").unwrap_or(&url),
        Style::Url | Style::Scp => &url,
    };
    crate::text::escape(shown)
}

impl GitUrl {
    /// What to do if there is no repository at this URL: what was probably meant, for a page that
    /// was pasted from a browser or a version at the end.
    pub(crate) fn help_if_missing(&self) -> Option<String> {
        help(&self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::Credentials;
    use super::*;

    fn repository(url: &str) -> String {
        let address = Address::read(url, Credentials::Refuse).unwrap();
        match end_of_repository(&address) {
            Some(end) => with_path(&address, &address.path[..end]),
            None => "as it is".to_owned(),
        }
    }

    #[test]
    fn the_repository_of_a_page_is_found() {
        for (pasted, expected) in [
            (
                "https://github.com/org/repo/tree/main",
                "https://github.com/org/repo",
            ),
            (
                "https://github.com/org/repo/blob/main/a.md",
                "https://github.com/org/repo",
            ),
            ("github.com/org/repo/tree/main/x", "github.com/org/repo"),
            (
                "https://github.com/org/repo#readme",
                "https://github.com/org/repo",
            ),
            (
                "https://github.com/org/repo?tab=readme-ov-file",
                "https://github.com/org/repo",
            ),
            (
                "https://gitlab.com/a/b/c/-/tree/main",
                "https://gitlab.com/a/b/c",
            ),
            (
                "https://git.x.org:3000/a/b/src/branch/main",
                "https://git.x.org:3000/a/b",
            ),
            (
                "https://bitbucket.org/a/b/src/main/",
                "https://bitbucket.org/a/b",
            ),
            (
                "https://h.org/cgit/x.git/tree/y",
                "https://h.org/cgit/x.git",
            ),
            ("file:///srv/tool.git#v1.2", "file:///srv/tool.git"),
            ("file:///srv/tool.git/tree/main", "file:///srv/tool.git"),
            ("git@h.org:team/tool#main", "git@h.org:team/tool"),
            (
                "https://github.com/org/repo/issues",
                "https://github.com/org/repo",
            ),
        ] {
            assert_eq!(repository(pasted), expected, "{pasted}");
        }
        for url in [
            "https://github.com/org/repo",
            "https://github.com/@org/repo.git",
            "https://h.org/tree/blob",
            "git@h.org:a/b/c",
            "https://h.org/a/b/c/d/tree",
        ] {
            assert_eq!(repository(url), "as it is", "{url}");
        }
    }

    #[test]
    fn a_page_becomes_the_source_string_to_use() {
        for (page, expected) in [
            (
                "https://github.com/o/r/tree/v1",
                "https://github.com/o/r@v1",
            ),
            (
                "https://github.com/o/r/tree/main/tools/x/",
                "https://github.com/o/r//tools/x@main",
            ),
            ("github.com/o/r/tree/main/x/.atk", "github.com/o/r//x@main"),
            (
                "https://github.com/o/r/blob/main/x/plugin.yaml",
                "https://github.com/o/r//x@main",
            ),
            (
                "https://github.com/o/r/blob/main/.atk/plugin.yaml",
                "https://github.com/o/r@main",
            ),
            (
                "https://gitlab.com/a/b/c/-/tree/v2/x?ref_type=tags",
                "https://gitlab.com/a/b/c//x@v2",
            ),
            (
                "https://codeberg.org/o/r/src/branch/main/x",
                "https://codeberg.org/o/r//x@main",
            ),
            (
                "https://bitbucket.org/o/r/src/main/x",
                "https://bitbucket.org/o/r//x@main",
            ),
            (
                "https://github.com/o/r/releases/tag/v1.2",
                "https://github.com/o/r@v1.2",
            ),
            (
                "https://github.com/o/r/commit/0123456789012345678901234567890123456789",
                "https://github.com/o/r@0123456789012345678901234567890123456789",
            ),
            ("https://github.com/o/r#v1.2", "https://github.com/o/r@v1.2"),
            ("https://github.com/o/r#readme", "https://github.com/o/r"),
            (
                "https://github.com/o/r?tab=readme",
                "https://github.com/o/r",
            ),
            ("https://github.com/o/r/issues/12", "https://github.com/o/r"),
            ("https://github.com/o/r/tree", "https://github.com/o/r"),
        ] {
            let address = Address::read(page, Credentials::Refuse).unwrap();
            let help = help(&address).unwrap();
            assert!(help.contains(&format!("`{expected}`")), "{page}: {help}");
        }
    }

    #[test]
    fn a_page_of_bitbucket_server_names_its_clone_url() {
        let url = "https://git.corp.com/projects/TOOLS/repos/fetch/browse";
        let address = Address::read(url, Credentials::Refuse).unwrap();
        let help = help(&address).unwrap();
        assert!(
            help.contains("`https://git.corp.com/scm/TOOLS/fetch.git`"),
            "{help}"
        );
    }

    #[test]
    fn only_what_is_certain_is_refused_without_asking() {
        let certain = |url| is_certainly_a_page(&Address::read(url, Credentials::Refuse).unwrap());
        for page in [
            "https://github.com/org/repo/tree/main",
            "github.com/org/repo/issues",
            "https://gitlab.corp.com/a/b/-/tree/main",
            "https://h.org/x?tab=readme",
            "git@h.org:x#v1",
        ] {
            assert!(certain(page), "{page}");
        }
        for url in [
            "https://h.org/org/repo/tree/main",
            "https://github.com/org/repo",
            "file:///srv/c#/tool",
            "git@h.org:a/b/tree/c",
        ] {
            assert!(!certain(url), "{url}");
        }
    }
}
