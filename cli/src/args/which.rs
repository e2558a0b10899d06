//! Which plugins a command is about.

use atk_core::Select;
use clap::Args;

/// One plugin or all of them, which has to be said.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Which {
    /// A plugin, by its directory or name
    plugin: Option<String>,
    /// All plugins of the manifest
    #[arg(short, long)]
    all: bool,
}

/// One plugin, or all of them where none is named.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct Maybe {
    /// A plugin, by its directory or name; all if left out
    plugin: Option<String>,
    /// All plugins of the manifest
    #[arg(short, long)]
    all: bool,
}

impl Which {
    /// What was said.
    pub(crate) fn select(self) -> Select {
        select(self.plugin)
    }
}

impl Maybe {
    /// What was said.
    pub(crate) fn select(self) -> Select {
        select(self.plugin)
    }
}

fn select(plugin: Option<String>) -> Select {
    plugin.map_or(Select::All, Select::One)
}
