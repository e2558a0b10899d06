//! Whether a home may run and push on this machine: asked once, before it does for the first time.
//!
//! A clone brings the commands of its plugins, and the address that changes are pushed to, without
//! the user having seen either.

use super::answers::Ask;
use super::context::Context;
use super::{definition, source_trust};
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::StagedTree;
use crate::home::HomeDir;
use crate::host::{Prompt, PromptKind, Reply};
use crate::model::git_url::GitUrl;
use crate::model::manifest::{Entry, Manifest};
use crate::model::plugin::Definition;
use crate::model::source::SourceKind;
use crate::model::trust::TrustList;
use crate::outcome::select::Select;
use crate::repository::PushTarget;
use crate::text::escape;

/// The id of the question.
const ID: &str = "trust:home";

/// Files that were fetched and are not in place yet, with their entries.
pub(crate) type StagedEntries<'a> = [(&'a Entry, &'a StagedTree)];

/// Makes sure that the home may run what it declares, before an operation that runs some of it.
/// The operation is the user's own word, so the home is trusted if the question is not answered.
///
/// # Errors
/// [`ErrorKind::TrustRequired`] on a no.
pub(crate) fn require(
    context: &Context<'_>,
    ask: &Ask<'_>,
    home: &HomeDir,
    manifest: &Manifest,
    staged: &StagedEntries<'_>,
) -> Result<()> {
    if home.is_trusted()? {
        return Ok(());
    }
    let question = Question::of(context, home, manifest, staged);
    if question.is_empty() {
        return Ok(());
    }
    context.tell(None, &question.details.join("\n"));
    match question.answer(ask)? {
        Reply::Yes | Reply::UseDefault => {}
        Reply::Unanswered => context.tell(None, "the home is now trusted on this machine"),
        Reply::No | Reply::Text(_) => return Err(refused(home)),
    }
    mark(context, home);
    Ok(())
}

/// The same, before the lock is taken, for operations on the plugins of the manifest.
///
/// # Errors
/// As [`require`]; [`ErrorKind::PluginNotInstalled`].
pub(crate) fn require_for(context: &Context<'_>, home: &HomeDir, which: &Select) -> Result<()> {
    if home.is_trusted()? {
        return Ok(());
    }
    let manifest = home.manifest()?;
    which.entries(&manifest)?;
    let ask = context.ask();
    require(context, &ask, home, &manifest, &[])
}

/// True if `status` may run commands. It looks rather than does, so the home is not trusted if
/// the question is not answered.
///
/// # Errors
/// Those of the host.
pub(crate) fn lets_status_run(
    context: &Context<'_>,
    home: &HomeDir,
    manifest: &Manifest,
) -> Result<bool> {
    if home.is_trusted()? {
        return Ok(true);
    }
    let question = Question::of(context, home, manifest, &[]);
    if question.is_empty() {
        return Ok(true);
    }
    match question.answer(&context.ask())? {
        Reply::Yes | Reply::UseDefault => {
            mark(context, home);
            Ok(true)
        }
        Reply::Unanswered | Reply::No | Reply::Text(_) => {
            let text = "the home is not trusted on this machine yet: no `status` command was run";
            context.warn(None, text);
            Ok(false)
        }
    }
}

/// Prepares the addition of a plugin, which makes the home the user's own. Returns true if the home
/// is to be marked once that is done.
///
/// Adding does not mean publishing: if the question is not answered, the home stays as it is and nothing is
/// pushed.
///
/// # Errors
/// [`ErrorKind::TrustRequired`] on a no.
pub(crate) fn before_adding(
    context: &Context<'_>,
    ask: &Ask<'_>,
    home: &HomeDir,
    manifest: &Manifest,
) -> Result<bool> {
    if home.is_trusted()? {
        return Ok(false);
    }
    let question = Question::of(context, home, manifest, &[]);
    if question.is_empty() {
        return Ok(true);
    }
    context.tell(None, &question.details.join("\n"));
    if !question.pushes {
        return Ok(true);
    }
    match question.answer(ask)? {
        Reply::Yes | Reply::UseDefault => {
            mark(context, home);
            Ok(false)
        }
        Reply::Unanswered => Ok(false),
        Reply::No | Reply::Text(_) => Err(refused(home)),
    }
}

/// Notes in a home that is not trusted that what now comes into it is ATK's work.
///
/// # Errors
/// [`ErrorKind::Io`].
pub(crate) fn before_placing(home: &HomeDir) -> Result<()> {
    match home.is_trusted()? {
        true => Ok(()),
        false => home.mark_unconfirmed(),
    }
}

/// Marks the home as trusted. If it cannot be marked (a read-only disk), it is asked about again.
pub(crate) fn mark(context: &Context<'_>, home: &HomeDir) {
    if let Err(error) = home.mark_trusted() {
        context.warn(
            None,
            &format!("the home could not be marked as trusted: {error}"),
        );
    }
}

/// What is shown and asked.
struct Question {
    details: Vec<String>,
    pushes: bool,
    /// Everything that has to be trusted. None for what has no URL.
    sources: Vec<Option<GitUrl>>,
}

impl Question {
    fn of(
        context: &Context<'_>,
        home: &HomeDir,
        manifest: &Manifest,
        staged: &StagedEntries<'_>,
    ) -> Self {
        let registry = context.registry().ok();
        let target = home
            .open_repository()
            .and_then(|repository| repository.push_target())
            .unwrap_or_default();
        let origin_url = target.url.as_deref();
        let own = origin_url.and_then(|url| GitUrl::parse(url).ok());
        let mut details = Vec::new();
        let mut sources = Vec::new();
        for entry in &manifest.plugins {
            let (from, url) = origin(entry, registry.as_ref(), own.as_ref());
            details.push(format!("plugin `{}` {from}", entry.directory));
            details.extend(commands(home, entry, staged).map(|line| format!("  {line}")));
            sources.push(url);
        }
        if pushes(manifest) {
            details.push(format!("every change is pushed to {}", in_words(&target)));
            sources.push(own);
        }
        if !details.is_empty() {
            let path = escape(&home.root().to_string_lossy());
            let first = format!(
                "no command of the home `{path}` has run on this machine yet; the home has:"
            );
            details.insert(0, first);
        }
        Question {
            details,
            pushes: pushes(manifest),
            sources,
        }
    }

    /// True if the home neither runs nor pushes anything.
    fn is_empty(&self) -> bool {
        self.details.is_empty()
    }

    fn answer(&self, ask: &Ask<'_>) -> Result<Reply> {
        if self.is_covered(&ask.answers.trust)? {
            return Ok(Reply::Yes);
        }
        let mut prompt = Prompt::new(
            ID,
            "",
            PromptKind::Trust,
            "trust this home on this machine?",
        );
        prompt.details.clone_from(&self.details);
        prompt.default = Some("yes".to_owned());
        ask.reply(prompt)
    }

    /// True if the list that was given beforehand covers every source and the push target. What has
    /// no URL is covered by `*` alone.
    fn is_covered(&self, prefixes: &[String]) -> Result<bool> {
        if prefixes.iter().any(|prefix| prefix.trim() == "*") {
            return Ok(true);
        }
        let list = TrustList::new(prefixes)?;
        let covers = |url: &Option<GitUrl>| url.as_ref().is_some_and(|url| list.covers(url));
        Ok(!prefixes.is_empty() && self.sources.iter().all(covers))
    }
}

/// True if each change of the home is pushed.
pub(crate) fn pushes(manifest: &Manifest) -> bool {
    manifest.config.auto_commit && manifest.config.auto_push
}

/// A push target in words.
pub(crate) fn in_words(target: &PushTarget) -> String {
    let Some(remote) = &target.remote else {
        return "no remote: none is configured".to_owned();
    };
    match (&target.url, &target.branch) {
        (Some(url), Some(branch)) if url != remote => format!("`{remote}/{branch}` ({url})"),
        (_, Some(branch)) => format!("`{branch}` of `{remote}`"),
        (_, None) => format!("`{remote}`"),
    }
}

/// Where a plugin comes from, in words, and the URL that is to be trusted. The files of a local
/// plugin come with the home itself, from the home's `own` URL.
fn origin(
    entry: &Entry,
    registry: Option<&GitUrl>,
    own: Option<&GitUrl>,
) -> (String, Option<GitUrl>) {
    let at = entry.source.pin.as_ref();
    let at = at.map_or(String::new(), |pin| format!(" at {}", pin.short()));
    match (entry.source.kind, &entry.source.url) {
        (SourceKind::Registry, _) => {
            let url = registry.map_or(String::new(), |url| format!(" {url}"));
            (format!("from the registry{url}{at}"), registry.cloned())
        }
        (SourceKind::Git, Some(url)) => {
            (format!("from {}{at}", url.url()), Some(url.url().clone()))
        }
        (SourceKind::Git, None) | (SourceKind::Local, _) => {
            ("whose files are part of the home".to_owned(), own.cloned())
        }
    }
}

/// What a plugin runs, a line each, as far as its files are here.
fn commands(
    home: &HomeDir,
    entry: &Entry,
    staged: &StagedEntries<'_>,
) -> impl Iterator<Item = String> {
    let lines = match read(home, entry, staged) {
        Ok(definition) => source_trust::what_runs(&definition),
        Err(error) if error.kind() == ErrorKind::SourceNotFound => {
            vec!["its files are not fetched yet".to_owned()]
        }
        Err(error) => vec![format!("its definition cannot be read: {error}")],
    };
    lines.into_iter()
}

fn read(home: &HomeDir, entry: &Entry, staged: &StagedEntries<'_>) -> Result<Definition> {
    let staged = staged
        .iter()
        .find(|(of, _)| of.directory == entry.directory);
    let (definition, _) = match staged {
        Some((_, files)) => {
            let overlay = definition::overlay(home, &entry.directory)?;
            definition::of_files(files, overlay.as_ref())?
        }
        None => definition::of_installed(home, entry)?,
    };
    Ok(definition)
}

fn refused(home: &HomeDir) -> Error {
    let path = escape(&home.root().to_string_lossy());
    Error::new(
        ErrorKind::TrustRequired,
        format!("the home `{path}` is not trusted on this machine; nothing was changed"),
    )
    .with_path(home.root())
    .with_prompt(ID)
}
