//! What a user types for a source.

use std::path::Path;

use super::{assert_error, assert_shown};
use crate::model::git_url::GitUrl;
use crate::model::manifest::EntryUrl;
use crate::model::name::PluginDir;
use crate::model::revision::Revision;
use crate::model::source::{Source, Surroundings};
use crate::model::subdir::Subdir;
use crate::model::trust::TrustList;

/// A source is refused, or is one that git can be given, that the manifest gives back, and whose
/// own prefix of trust covers it.
pub(crate) fn source(input: &[u8]) {
    let typed = String::from_utf8_lossy(input);
    let around = Surroundings {
        base_dir: Some(Path::new("/base")),
        user_home: Some(Path::new("/user")),
        exists: &|_| false,
    };
    let source = match Source::classify(&typed, &around) {
        Ok(source) => source,
        Err(error) => return assert_error(&error),
    };
    assert_shown(&source.describe());
    match &source {
        Source::Local { path, .. } => assert!(path.is_absolute(), "{path:?}"),
        Source::Registry { name, revision, .. } => {
            assert!(!name.is_empty() && !name.starts_with('-'), "{name:?}");
            assert_revision(revision.as_ref());
        }
        Source::Git {
            url,
            subdir,
            revision,
        } => {
            assert_url(url, subdir.as_ref());
            assert_revision(revision.as_ref());
        }
    }
    if let Ok(name) = PluginDir::from_display_name(&typed) {
        assert_eq!(PluginDir::new(name.as_str()).ok(), Some(name));
    }
}

fn assert_revision(revision: Option<&Revision>) {
    let Some(revision) = revision else { return };
    let text = revision.to_string();
    assert!(
        !text.starts_with('-') && !text.contains(char::is_control),
        "{text:?}"
    );
    assert_eq!(
        Revision::parse(&text).ok().as_ref(),
        Some(revision),
        "{text:?}"
    );
}

fn assert_url(url: &GitUrl, subdir: Option<&Subdir>) {
    let for_git = url.as_str();
    assert!(!for_git.starts_with('-'), "{for_git:?}");
    assert!(!for_git.contains(char::is_control), "{for_git:?}");
    let again = GitUrl::parse(for_git);
    let again = again.expect("git's form is read again");
    assert_eq!(again.canonical(), url.canonical(), "{for_git:?}");
    let is_up = |part: &str| part == ".." || part.eq_ignore_ascii_case("%2e%2e");
    assert!(!for_git.split('/').any(is_up), "{for_git:?}");
    let stored = EntryUrl::new(url, subdir).as_typed();
    assert_shown(&url.to_string());
    let entry = EntryUrl::parse(&stored);
    let entry = entry.expect("the manifest's form is read again");
    assert_eq!(entry.url().canonical(), url.canonical(), "{stored:?}");
    assert_eq!(entry.subdir(), subdir, "{stored:?}");
    let prefix = url.trust_prefix();
    let trusted = TrustList::new(std::slice::from_ref(&prefix));
    let trusted = trusted.expect("a prefix of trust");
    assert!(trusted.covers(url), "{prefix:?} covers {for_git:?}");
}
