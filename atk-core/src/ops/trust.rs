//! Whether what a source brings may run: trust follows the source, never the payload.

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

/// Asks whether the plugin may be added and its commands run, where that is a question.
///
/// # Errors
/// [`ErrorKind::Declined`] on a no, [`ErrorKind::TrustRequired`] where nobody answers.
pub(crate) fn ask(
    ask: &Ask<'_>,
    directory: &PluginDir,
    definition: &Definition,
    origin: &Origin<'_>,
) -> Result<()> {
    let (url, message) = match origin {
        Origin::Local => return Ok(()),
        Origin::Registry(url) => match definition.maturity {
            Maturity::Verified => return Ok(()),
            Maturity::Community | Maturity::AiGenerated => (
                *url,
                format!(
                    "the registry lists `{}` as {}: add it, and let its commands run?",
                    escape(&definition.name),
                    definition.maturity.as_str()
                ),
            ),
        },
        Origin::Git(url) => (
            *url,
            format!(
                "trust {url}, and let the commands of `{}` run?",
                escape(&definition.name)
            ),
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
        details: what_runs(definition),
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
