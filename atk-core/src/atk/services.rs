//! The operations on what plugins run.

use std::ffi::OsString;

use super::Atk;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::Result;
use crate::host::Host;
use crate::ops;
use crate::ops::{Ran, Report, ScriptEnded, Select, StatusReport};
#[cfg(doc)]
use crate::options::Options;

impl Atk {
    /// Runs the `start` commands of plugins, in the order of the manifest.
    ///
    /// Before each, its required variables must have values and its ports must be free. A plugin
    /// whose `status` command says that it runs already is skipped, as is one without a `start`
    /// command, with a warning. Holds the home's lock until the last command has ended.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`], [`ErrorKind::VariablesUnset`],
    /// [`ErrorKind::PortInUse`], [`ErrorKind::LifecycleFailed`].
    pub fn start(&self, which: &Select, host: &dyn Host) -> Result<Report<Ran>> {
        ops::service::start(self, which, host)
    }

    /// Runs the `stop` commands of plugins, in the reverse order of the manifest.
    ///
    /// One without is skipped, with a warning. Holds the home's lock until the last has ended.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`], [`ErrorKind::LifecycleFailed`].
    pub fn stop(&self, which: &Select, host: &dyn Host) -> Result<Report<Ran>> {
        ops::service::stop(self, which, host)
    }

    /// Stops plugins, in the reverse order of the manifest, then starts them, in its order.
    ///
    /// A plugin without a `stop` command is only started; one without a `start` command, or whose
    /// required variables have no values, is not stopped. A port that the stopped service still
    /// holds is waited for, 5 seconds at most. Holds the home's lock until the last command has
    /// ended.
    ///
    /// # Errors
    /// Those of [`Atk::stop`] and [`Atk::start`].
    pub fn restart(&self, which: &Select, host: &dyn Host) -> Result<Report<Ran>> {
        ops::service::restart(self, which, host)
    }

    /// Whether plugins run and what they lack, and the state of the home's repository. It takes no
    /// lock. All `status` commands run at once, each at most for [`Options::status_timeout`].
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`]. What is wrong with one plugin is in the report.
    pub fn status(&self, which: &Select, host: &dyn Host) -> Result<StatusReport> {
        ops::status::run(self, which, host)
    }

    /// Runs the `logs` command of a plugin, without the home's lock: it may follow a log for as
    /// long as somebody looks at it. A cancel ends it, and is an error as ever. If the plugin has
    /// no such command that is a warning, and the outcome has no commands.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`], [`ErrorKind::LifecycleFailed`].
    pub fn logs(&self, plugin: &str, host: &dyn Host) -> Result<Ran> {
        ops::logs::run(self, plugin, host)
    }

    /// Runs a script of a plugin, the user's own in `custom/` first. How it ends is the outcome,
    /// whatever its exit code.
    ///
    /// A script is an executable file below the plugin's directory, `.sh` left out or not; a text
    /// without a `#!` line is read by `/bin/sh`. It runs without the home's lock, so that it may
    /// itself change the home.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`]; [`ErrorKind::NotDeclared`] if there is no such script,
    /// or it is not executable, [`ErrorKind::InvalidArgument`] and [`ErrorKind::ContentRefused`] for one outside of
    /// the plugin.
    pub fn run(
        &self,
        plugin: &str,
        script: &str,
        args: &[OsString],
        host: &dyn Host,
    ) -> Result<ScriptEnded> {
        ops::run::run(self, plugin, script, args, host)
    }

    /// Runs git in the home, without its lock.
    ///
    /// # Errors
    /// [`ErrorKind::GitMissing`], [`ErrorKind::HomeNotInitialized`].
    pub fn git(&self, args: &[OsString], host: &dyn Host) -> Result<ScriptEnded> {
        ops::git::run(self, args, host)
    }
}
