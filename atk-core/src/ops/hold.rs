//! `hold` and `unhold`: whether an upgrade leaves a plugin at its pin.

use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::model::manifest::Entry;
use crate::model::source::SourceKind;
use crate::model::versions::Followed;
use crate::outcome::select::installed;
use crate::outcome::{Held, SourceInfo};
use crate::steps::context::Context;
use crate::steps::{each_plugin, followed};
use crate::text::escape;

pub(crate) fn hold(context: &Context<'_>, plugin: &str) -> Result<Held> {
    set(context, plugin, true)
}

pub(crate) fn unhold(context: &Context<'_>, plugin: &str) -> Result<Held> {
    set(context, plugin, false)
}

fn set(context: &Context<'_>, plugin: &str, held: bool) -> Result<Held> {
    // 1. Look whether there is something to change.
    let home = context.home()?;
    let manifest = home.manifest()?;
    let entry = installed(&manifest, plugin)?;
    each_plugin::alone(context, (&entry.directory, &entry.name), || {
        changed(context, &home, entry, held)
    })
}

fn changed(context: &Context<'_>, home: &HomeDir, entry: &Entry, held: bool) -> Result<Held> {
    if entry.source.kind == SourceKind::Local {
        return Err(is_local(entry));
    }
    let before = followed::read(home)?.of(&entry.directory);
    let after = Followed {
        pin: entry.source.pin.clone(),
        held,
        ..before.clone()
    };
    let mut outcome = Held {
        name: entry.name.clone(),
        directory: entry.directory.clone(),
        source: SourceInfo::of(&entry.source, &after),
        changed: before.held != held,
        commit: None,
        push: None,
        warnings: Vec::new(),
    };

    // 2. Change it.
    if outcome.changed {
        let (operation, verb) = match held {
            true => ("hold", "Hold"),
            false => ("unhold", "Release"),
        };
        let message = format!("{verb} plugin '{}'", escape(&entry.name));
        let done = followed::change(
            context,
            home,
            entry,
            (&before, &after),
            (operation, &message),
        )?;
        (outcome.commit, outcome.push) = (done.commit, done.push);
    }
    Ok(outcome)
}

fn is_local(entry: &Entry) -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        format!(
            "`{}` is local: no upgrade changes it, so it cannot be held",
            escape(&entry.name)
        ),
    )
    .with_plugin(entry.directory.as_str())
}
