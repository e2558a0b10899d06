//! PluginOrAll plugins a command is about.

use atk_core::Select;
use clap::Args;

// One plugin, or all with `--all`. No doc comment: clap would make it the text of the commands.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct PluginOrAll {
    /// A plugin, by its directory or name
    plugin: Option<String>,
    /// All plugins of the manifest
    #[arg(short, long)]
    all: bool,
}

// One plugin, or all if none is named.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct OptionalPlugin {
    /// A plugin, by its directory or name; all if left out
    plugin: Option<String>,
    /// All plugins of the manifest
    #[arg(short, long)]
    all: bool,
}

impl PluginOrAll {
    /// What was said.
    pub(crate) fn select(self) -> Select {
        select(self.plugin)
    }
}

impl OptionalPlugin {
    /// What was said.
    pub(crate) fn select(self) -> Select {
        select(self.plugin)
    }
}

fn select(plugin: Option<String>) -> Select {
    plugin.map_or(Select::All, Select::One)
}
