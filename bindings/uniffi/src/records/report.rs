//! What became of each plugin where an operation is on many.

use serde::Deserialize;

use super::{Installed, Ran, ServiceStatus, SetUp, UpgradePlan, Upgraded, choices, records};
use crate::error::Failure;

/// A report is its lines.
#[derive(Deserialize)]
#[cfg_attr(test, serde(deny_unknown_fields))]
pub(crate) struct Report<L> {
    pub(crate) plugins: Vec<L>,
}

choices! {
    /// What became of a plugin.
    LineResult "snake_case" {
        /// The operation was done.
        Done,
        /// There was nothing to do.
        Skipped,
        /// The operation failed; this plugin is as it was before.
        Failed,
    }

    /// Why there was nothing to do for a plugin.
    Skip "snake_case" {
        /// It is at the newest commit of its source already.
        UpToDate,
        /// Its source is local: there is nothing newer to fetch.
        Local,
        /// Its definition has no command for this.
        NoCommand,
        /// Its service runs already.
        AlreadyRunning,
        /// It declares no variables.
        NoVariables,
        /// The user said no.
        Declined,
    }
}

/// The languages have no generics in common: a line for each outcome.
macro_rules! lines {
    ($($(#[$meta:meta])* $name:ident of $outcome:ty,)*) => {
        records! {$(
            $(#[$meta])*
            $name {
                /// Its directory.
                directory: String,
                /// Its display name.
                name: String,
                /// What became of it.
                result: LineResult,
                /// What it led to, where it was done.
                outcome: Option<$outcome>,
                /// Why there was nothing to do, where it was skipped.
                reason: Option<Skip>,
                /// Why it failed, where it did.
                error: Option<Failure>,
            }
        )*}
    };
}

lines! {
    /// What became of a plugin in `setup`.
    SetUpLine of SetUp,
    /// What became of a plugin in `install`.
    InstalledLine of Installed,
    /// What would become of a plugin in `upgrade`.
    PlannedLine of UpgradePlan,
    /// What became of a plugin in `upgrade`.
    UpgradedLine of Upgraded,
    /// What became of a plugin in `start`, `stop` and `restart`.
    RanLine of Ran,
    /// What `status` found of a plugin.
    StatusLine of ServiceStatus,
}
