//! Whether what a source brings may run: trust follows the source, never the payload.

use super::answers::Ask;
use super::documentation::Documentation;
use crate::error::{Error, ErrorKind, Result};
use crate::host::{Prompt, PromptKind, Reply};
use crate::model::git_url::GitUrl;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::plugin::{Definition, Maturity};
use crate::model::steering;
use crate::model::trust::TrustList;
use crate::outcome::{CommandChange, UpgradePlan};
use crate::text::escape;

/// How many files a question names; more would not be read.
const SHOWN: usize = 40;

/// Where a plugin comes from, as far as trust goes.
pub(crate) enum Origin<'a> {
    /// The registry vouches for what it calls verified.
    Registry(&'a GitUrl),
    /// A repository that may be a stranger's.
    Git(&'a GitUrl),
    /// The user's own.
    Local,
}

impl Origin<'_> {
    /// True if what the plugin runs has to be trusted.
    pub(crate) fn is_question(&self, definition: &Definition) -> bool {
        match self {
            Origin::Local => false,
            Origin::Registry(_) => definition.maturity != Maturity::Verified,
            Origin::Git(_) => true,
        }
    }
}

/// Asks whether the plugin may be added and its commands run; or, with the lines that say what
/// changes of what runs, whether it may be brought to a new version. Its source decides whether that
/// is a question. The question names the commit that would come.
///
/// # Errors
/// [`ErrorKind::Declined`] on a no, [`ErrorKind::TrustRequired`] without an answer.
pub(crate) fn ask(
    ask: &Ask<'_>,
    directory: &PluginDir,
    definition: &Definition,
    (origin, pin): (&Origin<'_>, Option<&Pin>),
    changes: Option<&[String]>,
) -> Result<()> {
    if !origin.is_question(definition) {
        return Ok(());
    }
    let name = escape(&definition.name);
    let commit = pin.map_or("unknown", Pin::short);
    let (url, message) = match (origin, changes) {
        (Origin::Local, _) => return Ok(()),
        (Origin::Registry(url), None) => (
            *url,
            format!(
                "the registry lists `{name}` as {}: add it at commit {commit}, and trust its \
                 commands?",
                definition.maturity.as_str()
            ),
        ),
        (Origin::Git(url), None) => (
            *url,
            format!("trust {url} at commit {commit} and the commands of `{name}`?"),
        ),
        (Origin::Registry(url) | Origin::Git(url), Some(_)) => (
            *url,
            format!(
                "the commands of `{name}` changed at {url}: trust the new version, commit {commit}?"
            ),
        ),
    };
    if TrustList::new(&ask.answers.trust)?.covers(url) {
        return Ok(());
    }
    let prompt = Prompt {
        id: format!("trust:{directory}"),
        plugin: directory.to_string(),
        kind: PromptKind::Trust,
        message,
        details: match changes {
            Some(changes) => changes.to_vec(),
            None => what_runs(definition),
        },
        default: None,
        required: true,
        position: (1, 1),
    };
    let id = prompt.id.clone();
    match ask.reply(prompt)? {
        Reply::Yes => Ok(()),
        Reply::No | Reply::UseDefault | Reply::Text(_) => Err(Error::new(
            ErrorKind::Declined,
            format!(
                "`{}` was not trusted; nothing was changed",
                escape(&definition.name)
            ),
        )
        .with_plugin(directory.as_str())
        .with_prompt(id)),
        Reply::Unanswered => Err(Error::new(
            ErrorKind::TrustRequired,
            format!(
                "`{}` comes from {url}, which must be trusted before its commands run",
                escape(&definition.name)
            ),
        )
        .with_plugin(directory.as_str())
        .with_url(url.to_string())
        .with_prompt(id)),
    }
}

/// What an upgrade changes of what runs, a line each.
pub(crate) fn what_changes(plan: &UpgradePlan, documentation: &Documentation<'_>) -> Vec<String> {
    let commands = plan.commands.iter().map(change);
    let files = &plan.files;
    let marked = [
        ("new file", &files.added),
        ("changed file", &files.changed),
        ("removed file", &files.removed),
    ];
    let files = marked.into_iter().flat_map(|(what, paths)| {
        let paths = paths.iter().filter(|path| !documentation.contains(path));
        paths.map(move |path| format!("{what}: {}", escape(path)))
    });
    let mut files: Vec<String> = files.collect();
    let more = files.len().saturating_sub(SHOWN);
    if more > 1 {
        files.truncate(SHOWN);
        files.push(format!("and {more} more files"));
    }
    commands.chain(files).collect()
}

/// What becomes of a command, in a line.
pub(crate) fn change(change: &CommandChange) -> String {
    let shown = |command: &Option<String>| match command {
        Some(command) => escape(command),
        None => "nothing".to_owned(),
    };
    let (field, old, new) = (&change.field, shown(&change.old), shown(&change.new));
    format!("{field}: {old} -> {new}")
}

/// What the plugin runs, a line each, as it is shown before it is trusted: its commands, and the
/// defaults of variables that change what these do.
pub(crate) fn what_runs(definition: &Definition) -> Vec<String> {
    let mut lines: Vec<String> = LifecycleEvent::ALL
        .iter()
        .filter_map(|event| Some((event.name(), event.command(definition)?)))
        .map(|(event, command)| format!("{event}: {}", escape(command)))
        .collect();
    if let Some(mcp) = &definition.mcp {
        let command = mcp.command.iter().chain(&mcp.args).map(|part| escape(part));
        match &mcp.endpoint {
            Some(endpoint) => lines.push(format!("mcp: {}", escape(endpoint))),
            None => lines.push(format!("mcp: {}", command.collect::<Vec<_>>().join(" "))),
        }
    }
    if lines.is_empty() {
        lines.push("it declares no commands".to_owned());
    }
    let defaults = steering::defaults(definition);
    lines.extend(defaults.map(|(name, default)| format!("with {name}={}", escape(default))));
    lines
}
