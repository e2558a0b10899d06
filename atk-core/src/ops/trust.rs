//! Whether what a source brings may run: trust follows the source, never the payload.

use super::UpgradePlan;
use super::ask::Ask;
use crate::error::{Error, ErrorKind, Result};
use crate::host::{Prompt, PromptKind, Reply};
use crate::model::git_url::GitUrl;
use crate::model::lifecycle::LifecycleEvent;
use crate::model::name::PluginDir;
use crate::model::plugin::{Definition, Maturity};
use crate::model::trust::TrustList;
use crate::text::escape;

/// Where a plugin comes from, as far as trust goes.
pub(crate) enum Origin<'a> {
    /// The registry vouches for what it calls verified.
    Registry(&'a GitUrl),
    /// A repository of anybody's.
    Git(&'a GitUrl),
    /// The user's own.
    Local,
}

impl Origin<'_> {
    /// True where what the plugin runs has to be trusted.
    pub(crate) fn is_question(&self, definition: &Definition) -> bool {
        match self {
            Origin::Local => false,
            Origin::Registry(_) => definition.maturity != Maturity::Verified,
            Origin::Git(_) => true,
        }
    }
}

/// Asks whether the plugin may be added, or brought to a new version, and its commands run, where
/// that is a question.
///
/// # Errors
/// [`ErrorKind::Declined`] on a no, [`ErrorKind::TrustRequired`] where nobody answers.
pub(crate) fn ask(
    ask: &Ask<'_>,
    directory: &PluginDir,
    definition: &Definition,
    origin: &Origin<'_>,
    upgrade: Option<&UpgradePlan>,
) -> Result<()> {
    if !origin.is_question(definition) {
        return Ok(());
    }
    let name = escape(&definition.name);
    let (url, message) = match (origin, upgrade) {
        (Origin::Local, _) => return Ok(()),
        (Origin::Registry(url), None) => (
            *url,
            format!(
                "the registry lists `{name}` as {}: add it, and let its commands run?",
                definition.maturity.as_str()
            ),
        ),
        (Origin::Git(url), None) => (
            *url,
            format!("trust {url}, and let the commands of `{name}` run?"),
        ),
        (Origin::Registry(url) | Origin::Git(url), Some(_)) => (
            *url,
            format!("what `{name}` runs has changed at {url}: let the new version run?"),
        ),
    };
    if TrustList::new(&ask.answers.trust).covers(url) {
        return Ok(());
    }
    let prompt = Prompt {
        id: format!("trust:{directory}"),
        plugin: directory.to_string(),
        kind: PromptKind::Trust,
        message,
        details: match upgrade {
            Some(plan) => what_changes(plan),
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
fn what_changes(plan: &UpgradePlan) -> Vec<String> {
    let commands = plan.commands.iter().map(|change| {
        let shown = |command: &Option<String>| match command {
            Some(command) => escape(command),
            None => "nothing".to_owned(),
        };
        let (field, old, new) = (&change.field, shown(&change.old), shown(&change.new));
        format!("{field}: {old} -> {new}")
    });
    let files = &plan.files;
    let marked = [
        ("new file", &files.added),
        ("changed file", &files.changed),
        ("removed file", &files.removed),
    ];
    let files = marked.into_iter().flat_map(|(what, paths)| {
        let paths = paths.iter().filter(|path| !is_documentation(path));
        paths.map(move |path| format!("{what}: {}", escape(path)))
    });
    commands.chain(files).collect()
}

/// True for files that people read and nothing runs.
pub(crate) fn is_documentation(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let texts = ["md", "markdown", "rst", "adoc", "txt"];
    let is_text = texts
        .iter()
        .any(|text| extension.eq_ignore_ascii_case(text));
    let notices = [
        "license",
        "licence",
        "notice",
        "copying",
        "authors",
        "changelog",
    ];
    let is_notice = extension.is_empty()
        && notices
            .iter()
            .any(|notice| stem.eq_ignore_ascii_case(notice));
    // What a package manager reads by this name decides what is installed.
    let is_requirements = stem.starts_with("requirements") || stem.starts_with("constraints");
    (is_text && !is_requirements && name != "CMakeLists.txt") || is_notice
}

/// What the plugin runs, a line each, as it is shown before it is trusted.
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
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_is_what_nothing_runs() {
        for path in [
            "README.md",
            "docs/a.RST",
            "LICENSE",
            "notes.txt",
            "Changelog",
        ] {
            assert!(is_documentation(path), "{path}");
        }
        for path in [
            "plugin.yaml",
            "run.sh",
            "requirements.txt",
            "requirements-dev.txt",
            "CMakeLists.txt",
            "md",
            "license.py",
            "a.md/run",
        ] {
            assert!(!is_documentation(path), "{path}");
        }
    }
}
