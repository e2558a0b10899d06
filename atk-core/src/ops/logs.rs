//! `logs`: what the service of a plugin has logged.
//!
//! It takes no lock: a command that follows a log runs until the user ends it.

use crate::error::Result;
use crate::model::lifecycle::LifecycleEvent;
use crate::outcome::{Ran, Select};
use crate::steps::context::Context;
use crate::steps::lifecycle_command::CommandHome;
use crate::steps::lifecycle_command::warn_not_declared;
use crate::steps::{definition, home_trust, lifecycle_command, reading};

pub(crate) fn run(context: &Context<'_>, plugin: &str) -> Result<Ran> {
    let home = context.home()?;
    let (entry, definition) = reading::of_plugin(context, &home, plugin, |entry| {
        let (definition, _) = definition::of_installed(&home, entry)?;
        Ok((entry.clone(), definition))
    })?;
    home_trust::require_for(context, &home, &Select::One(plugin.to_owned()))?;
    let place = CommandHome {
        home: &home,
        token: None,
    };
    let event = LifecycleEvent::Logs;
    let commands = if lifecycle_command::run(context, place, &entry.directory, &definition, event)?
    {
        vec![event.name().to_owned()]
    } else {
        warn_not_declared(context, &entry, event);
        Vec::new()
    };
    Ok(Ran {
        commands,
        warnings: Vec::new(),
    })
}
