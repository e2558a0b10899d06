//! Which coding agents are installed here. Nothing of theirs runs.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::context::Context;
use crate::agents::agent::Agent;
use crate::agents::known::{KNOWN, find};
use crate::agents::location::Surroundings;
use crate::error::{Error, ErrorKind, Result};
use crate::model::suggest::nearest;
use crate::process::program::find_program;
use crate::text::escape;

/// What the paths of agents depend on.
pub(crate) fn surroundings<'a>(
    context: &'a Context<'_>,
    env: &'a BTreeMap<OsString, OsString>,
) -> Surroundings<'a> {
    let of_env = env.get(OsStr::new("HOME")).map(Path::new);
    let user_home = context.session.options.user_home.as_deref().or(of_env);
    Surroundings { env, user_home }
}

/// True if the agent's program is on the `PATH`, or one of its files exists.
pub(crate) fn is_installed(agent: &Agent, surroundings: Surroundings<'_>) -> bool {
    surroundings.any_exists(agent.traces.here())
        || agent
            .programs
            .iter()
            .any(|program| find_program(program, surroundings.env).is_some())
}

/// The agent of an id.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if no agent has this id.
pub(crate) fn known(id: &str) -> Result<&'static Agent> {
    find(id).ok_or_else(|| {
        let ids = KNOWN.iter().map(|agent| agent.id);
        let help = match nearest(id, ids.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known agents: {}", ids.collect::<Vec<_>>().join(", ")),
        };
        let message = format!("`{}` is not a known agent", escape(id));
        Error::new(ErrorKind::InvalidArgument, message).with_help(help)
    })
}

/// Checks that all ids are those of known agents.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`].
pub(crate) fn check(ids: &[String]) -> Result<()> {
    ids.iter().try_for_each(|id| known(id).map(drop))
}

/// The agents of these ids, in the order of the list of known ones; all that are installed if there
/// are none.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for an unknown id, and if none is installed.
pub(crate) fn selected(
    ids: &[String],
    surroundings: Surroundings<'_>,
) -> Result<Vec<&'static Agent>> {
    check(ids)?;
    let is_meant = |agent: &&&Agent| match ids.is_empty() {
        true => is_installed(agent, surroundings),
        false => ids.iter().any(|id| id == agent.id),
    };
    let meant: Vec<_> = KNOWN.iter().filter(is_meant).copied().collect();
    match meant.is_empty() {
        true => Err(Error::new(
            ErrorKind::InvalidArgument,
            "no coding agent was found on this machine",
        )
        .with_help("name the agents; `atk agents` lists all that ATK knows")),
        false => Ok(meant),
    }
}
