//! `auto_push`: what an operation committed goes to where the user's own `git push` sends it.

use super::context::Context;
use super::home_trust::in_words;
use crate::error::{Error, Result};
use crate::home::LockedHome;
use crate::outcome::Push;
use crate::repository::{PushFailure, PushTarget};

/// Pushes the home, unless it is not trusted on this machine. The change is made and committed:
/// that it is nowhere else yet is part of the outcome, and no failure of the operation.
pub(crate) fn push(context: &Context<'_>, locked: &LockedHome<'_>) -> Push {
    let mut target = PushTarget::default();
    let failure = match try_to_push(context, locked, &mut target) {
        Ok(failure) => failure,
        Err(error) => Some(failure(&error)),
    };
    let (reason, help) = match failure {
        None => (None, None),
        Some(PushFailure { reason, help }) => (Some(reason), help),
    };
    Push {
        remote: target.remote,
        url: target.url,
        branch: target.branch,
        pushed: reason.is_none(),
        reason,
        help,
    }
}

/// The warning about a push that failed.
pub(crate) fn warning(push: &Push) -> Option<String> {
    let reason = push.reason.as_ref()?;
    let target = PushTarget {
        remote: push.remote.clone(),
        url: push.url.clone(),
        branch: push.branch.clone(),
    };
    Some(match &push.remote {
        Some(_) => format!("the home was not pushed to {}: {reason}", in_words(&target)),
        None => format!("the home was not pushed: {reason}"),
    })
}

fn try_to_push(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    target: &mut PushTarget,
) -> Result<Option<PushFailure>> {
    *target = locked.repository().push_target()?;
    if !locked.home().is_trusted()? {
        return Ok(Some(PushFailure {
            reason: "the home is not trusted on this machine yet".to_owned(),
            help: Some("run `git push`, or set `auto_push: false` in `manifest.yaml`".to_owned()),
        }));
    }
    let is_path = |url: &String| url.starts_with('/') || url.starts_with("file://");
    if context.configured()?.offline && !target.url.as_ref().is_some_and(is_path) {
        return Ok(Some(PushFailure {
            reason: "connections are not allowed".to_owned(),
            help: Some("run `git push` when they are".to_owned()),
        }));
    }
    locked.repository().push(target, context.scope())
}

fn failure(error: &Error) -> PushFailure {
    PushFailure {
        reason: error.to_string(),
        help: error.details().help.clone(),
    }
}
