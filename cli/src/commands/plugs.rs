//! `atk plugs`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;

/// Show which plugins are plugged into which agents.
///
/// The states are: ok, edited (changed after ATK wrote it), outdated (the plugin has changed since),
/// missing (removed by someone else), foreign (has the name of a plugin, but ATK did not write it),
/// orphaned (its plugin is no longer installed), unknown (the file cannot be read).
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk plugs
  atk plugs --json | jq '.[] | select(.state != \"ok\")'")]
pub(crate) struct Plugs {}

impl Plugs {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let plugs = context.home.plugs()?;
        context
            .output
            .outcome(&plugs, |plugs| render::plugs(plugs))?;
        Ok(0)
    }
}
