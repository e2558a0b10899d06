//! `uninstall` and `remove`: a plugin goes, whole or not at all.

use crate::error::Result;
use crate::outcome::Removed;
use crate::steps::context::Context;
use crate::steps::plugin_to_remove::PluginToRemove;
use crate::steps::removal::{self, Removing};
use crate::steps::{each_plugin, removal_prompt};
use crate::text::escape;

pub(crate) fn run(
    context: &Context<'_>,
    plugin: &str,
    force: bool,
    ignore_failures: bool,
) -> Result<Removed> {
    // 1. Which plugin is meant, and what would go with it.
    let home = context.home()?;
    let manifest = home.manifest()?;
    let leaving = PluginToRemove::named(&home, &manifest, plugin)?;
    removal_prompt::refuse_link(&home, &leaving.directory)?;
    let plugin = (&leaving.directory, leaving.name());
    each_plugin::alone(context, plugin, || {
        let message = format!("Remove plugin '{}'", escape(leaving.name()));
        let how = Removing {
            operation: "remove",
            message: &message,
            force,
            ignore_failures,
        };
        removal::remove(context, (&home, &manifest), &leaving, &how)
    })
}
