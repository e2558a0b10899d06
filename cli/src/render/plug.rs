//! The outcomes of `plug`, `unplug` and `plugs` as text for people.

use atk_core::{
    EntryChange, LineResult, Plug, PlugKind, PlugState, Plugged, PluggedEntry, Report, escape,
};

use super::DIM;
use super::table::table;

/// The outcome of `plug` and `unplug`. `is_plan`: nothing has been done yet.
pub(crate) fn plugged(report: &Report<Plugged>, is_plan: bool) -> String {
    let mut text = String::new();
    for line in &report.plugins {
        let name = escape(&line.name);
        match &line.result {
            LineResult::Done { outcome } if outcome.entries.is_empty() => {
                text.push_str(&format!("{name} is not plugged in anywhere\n"));
            }
            LineResult::Done { outcome } => {
                for entry in &outcome.entries {
                    text.push_str(&sentence(&name, entry, is_plan));
                }
            }
            LineResult::Skipped { reason } => {
                text.push_str(&format!("{DIM}{name}: skipped: {reason}{DIM:#}\n"));
            }
            LineResult::Failed { .. } => {}
        }
    }
    text
}

fn sentence(name: &str, entry: &PluggedEntry, is_plan: bool) -> String {
    let file = entry.file.as_ref();
    let place = match file {
        Some(file) => format!("{} ({})", entry.agent, escape(&file.to_string_lossy())),
        None => entry.agent.clone(),
    };
    let would = if is_plan { "would be " } else { "" };
    let what = match entry.change {
        EntryChange::Added => format!("{would}plugged into"),
        EntryChange::Replaced => format!("{would}replaced in"),
        EntryChange::Adopted => format!("{would}taken over in"),
        EntryChange::Unchanged => "already plugged into".to_owned(),
        EntryChange::Kept => "not changed in".to_owned(),
        EntryChange::Removed => "unplugged from".to_owned(),
        EntryChange::Missing => "already gone from".to_owned(),
        _ => "skipped for".to_owned(),
    };
    let reason = entry.reason.as_ref();
    let reason = reason.map_or(String::new(), |reason| format!(": {}", escape(reason)));
    let subject = match entry.kind {
        PlugKind::Skill => format!("skill {name}"),
        _ => name.to_owned(),
    };
    let mut text = format!("{subject} {what} {place}{reason}\n");
    if let (true, Some(content)) = (is_plan, &entry.content) {
        text.push_str(&format!("  {DIM}{}{DIM:#}\n", escape(content)));
    }
    if let Some(backup) = &entry.backup {
        let backup = escape(&backup.to_string_lossy());
        text.push_str(&format!(
            "  {DIM}what was there is kept as {backup}{DIM:#}\n"
        ));
    }
    text
}

/// The outcome of `plugs`.
pub(crate) fn plugs(plugs: &[Plug]) -> String {
    if plugs.is_empty() {
        return "Nothing is plugged in\n".to_owned();
    }
    let rows: Vec<_> = plugs
        .iter()
        .map(|plug| {
            [
                plug.plugin.clone(),
                plug.agent.clone(),
                kind(plug.kind).to_owned(),
                state(plug.state).to_owned(),
                escape(&plug.file.to_string_lossy()),
            ]
        })
        .collect();
    let mut text = table(["PLUGIN", "AGENT", "KIND", "STATE", "FILE"], &rows);
    for plug in plugs {
        if let Some(reason) = &plug.reason {
            let (plugin, agent) = (&plug.plugin, &plug.agent);
            text.push_str(&format!(
                "{DIM}{plugin}, {agent}: {}{DIM:#}\n",
                escape(reason)
            ));
        }
    }
    text
}

fn kind(kind: PlugKind) -> &'static str {
    match kind {
        PlugKind::Skill => "skill",
        _ => "server",
    }
}

fn state(state: PlugState) -> &'static str {
    match state {
        PlugState::Ok => "ok",
        PlugState::Edited => "edited",
        PlugState::Outdated => "outdated",
        PlugState::Missing => "missing",
        PlugState::Foreign => "foreign",
        PlugState::Orphaned => "orphaned",
        _ => "unknown",
    }
}
