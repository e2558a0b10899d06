//! The outcome of `history` as text for people.

use std::time::SystemTime;

use atk_core::{HistoryEntry, HistoryOperation, HistoryPlugin, Pin, escape};

use super::cache::ago;
use super::table::table;

pub(crate) fn history(history: &[HistoryEntry], now: SystemTime) -> String {
    let rows: Vec<_> = history
        .iter()
        .flat_map(|entry| entry.plugins.iter().map(move |plugin| (entry, plugin)))
        .map(|(entry, plugin)| {
            let time = u64::try_from(entry.time).unwrap_or_default();
            [
                entry.commit.short().to_owned(),
                ago(time, now),
                in_words(plugin.operation).to_owned(),
                plugin.directory.to_string(),
                pins(plugin),
                escape(&entry.subject),
            ]
        })
        .collect();
    match rows.is_empty() {
        true => "No commit of the home changed a plugin\n".to_owned(),
        false => table(
            ["COMMIT", "WHEN", "CHANGE", "PLUGIN", "PIN", "SUBJECT"],
            &rows,
        ),
    }
}

pub(super) fn pins(plugin: &HistoryPlugin) -> String {
    let short = |pin: &Option<Pin>| {
        pin.as_ref()
            .map_or(String::new(), |pin| pin.short().to_owned())
    };
    match plugin.operation {
        HistoryOperation::Upgrade => {
            format!("{} -> {}", short(&plugin.old_pin), short(&plugin.new_pin))
        }
        HistoryOperation::Remove => short(&plugin.old_pin),
        _ => short(&plugin.new_pin),
    }
}

pub(super) fn in_words(operation: HistoryOperation) -> &'static str {
    match operation {
        HistoryOperation::Add => "add",
        HistoryOperation::Remove => "remove",
        HistoryOperation::Upgrade => "upgrade",
        HistoryOperation::Hold => "hold",
        HistoryOperation::Unhold => "unhold",
        _ => "change",
    }
}
