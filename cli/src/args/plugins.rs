//! The plugins that a command works on.

use atk_core::Select;
use clap::Args;

// One plugin, or all with `--all`. No doc comment: clap would make it the text of the commands.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct PluginOrAll {
    /// Directory or name of a plugin
    plugin: Option<String>,
    /// All plugins in the manifest
    #[arg(short, long)]
    all: bool,
}

// One plugin, or all if none is named.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct OptionalPlugin {
    /// Directory or name of a plugin [default: all plugins]
    plugin: Option<String>,
    /// All plugins, as without a name
    #[arg(short, long)]
    all: bool,
}

impl PluginOrAll {
    /// Returns the selection.
    pub(crate) fn select(self) -> Select {
        select(self.plugin)
    }
}

impl OptionalPlugin {
    /// Returns the selection.
    pub(crate) fn select(self) -> Select {
        select(self.plugin)
    }
}

fn select(plugin: Option<String>) -> Select {
    plugin.map_or(Select::All, Select::One)
}
