//! The digest of an upgrade plan. With it, a caller can apply exactly the plan that was shown.

use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::ObjectId;
use crate::outcome::{FileChanges, UpgradePlan};
use crate::text::escape;

/// The digest of a plan: 40 hexadecimal digits. What depends on this machine alone is not in it:
/// the user's edits, which are kept in any case, and the warnings.
pub(crate) fn of(plan: &UpgradePlan) -> String {
    let FileChanges {
        added,
        changed,
        removed,
        edited: _,
    } = &plan.files;
    let covered = serde_json::json!([
        plan.directory,
        [&plan.old_name, &plan.new_name],
        plan.old_pin,
        plan.new_pin,
        [added, changed, removed],
        plan.commands,
        [&plan.ports_added, &plan.ports_removed],
        [&plan.variables_added, &plan.variables_removed],
        plan.needs_trust,
    ]);
    ObjectId::of_blob(covered.to_string().as_bytes()).to_string()
}

/// Checks that the plan is one of those that the caller allows. Without a list, any plan is allowed.
///
/// # Errors
/// [`ErrorKind::PlanOutdated`].
pub(crate) fn check(plan: &UpgradePlan, allowed: Option<&[String]>) -> Result<()> {
    if allowed.is_none_or(|allowed| allowed.contains(&plan.digest)) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::PlanOutdated,
        format!(
            "the upgrade of `{}` is no longer the one that was planned: it would now bring the \
             commit {}",
            escape(&plan.old_name),
            plan.new_pin
        ),
    )
    .with_plugin(plan.directory.as_str())
    .with_help("nothing was changed; plan the upgrade again"))
}
