//! `history`: what the commits of the home changed of its plugins.

use crate::error::Result;
use crate::outcome::{HistoryEntry, HistoryOperation, HistoryPlugin, Select};
use crate::steps::context::Context;
use crate::steps::past::{self, PluginChange};

pub(crate) fn run(context: &Context<'_>, which: &Select) -> Result<Vec<HistoryEntry>> {
    let plugin = which.subject();
    let home = context.home()?;
    let mut entries = Vec::new();
    past::changes(context, &home, |change| {
        let plugins = change.plugins.iter().filter_map(describe);
        let is_meant = |found: &HistoryPlugin| {
            plugin.is_none_or(|name| found.directory.as_str() == name || found.name == name)
        };
        let plugins: Vec<_> = plugins.filter(is_meant).collect();
        if !plugins.is_empty() {
            entries.push(HistoryEntry {
                commit: change.commit.id,
                time: change.commit.time,
                author: change.commit.author,
                subject: change.commit.subject,
                plugins,
            });
        }
        Ok(true)
    })?;
    Ok(entries)
}

fn describe(change: &PluginChange) -> Option<HistoryPlugin> {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let pin = |plugin: Option<&past::PastPlugin>| plugin?.entry.source.pin.clone();
    let operation = match (before, after) {
        (None, _) => HistoryOperation::Add,
        (_, None) => HistoryOperation::Remove,
        (Some(_), Some(_)) if pin(before) != pin(after) => HistoryOperation::Upgrade,
        (Some(old), Some(new))
            if old.entry == new.entry && old.followed.held != new.followed.held =>
        {
            match new.followed.held {
                true => HistoryOperation::Hold,
                false => HistoryOperation::Unhold,
            }
        }
        (Some(_), Some(_)) => HistoryOperation::Change,
    };
    Some(HistoryPlugin {
        directory: change.directory.clone(),
        name: after.or(before)?.entry.name.clone(),
        operation,
        old_pin: pin(before),
        new_pin: pin(after),
    })
}
