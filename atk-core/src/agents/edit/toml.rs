//! TOML. A new entry is a table of its own (`[mcp_servers.name]`), unless its container is an inline
//! table. Lists are not changed: no agent keeps its servers in one.

mod document;
mod editor;
mod write;

use serde_json::Value;

use super::Problem;
use super::data::Data;
use super::place::Place;
use super::source::Source;
use super::splice::Splice;
use super::trace::Trace;
use document::Document;
use editor::Editor;

/// What the document says.
pub(super) fn parse(source: &Source<'_>) -> Result<Data, Problem> {
    Ok(Document::parse(source)?.data)
}

/// Checks that nothing is in the way of an entry at this place.
pub(super) fn check(source: &Source<'_>, place: &Place<'_>) -> Result<(), Problem> {
    Editor::new(source, place).map(drop)
}

/// The changes that set an entry.
pub(super) fn set(
    source: &Source<'_>,
    place: &Place<'_>,
    value: &Value,
) -> Result<(Vec<Splice>, Trace), Problem> {
    let editor = Editor::new(source, place)?;
    let mut trace = Trace::default();
    let splices = editor.set(value, &mut trace);
    let splices = splices.map_err(|message| source.problem(0, message))?;
    Ok((splices, trace))
}

/// The text without an entry, and without what `trace` says was made for it.
pub(super) fn remove(
    source: &Source<'_>,
    place: &Place<'_>,
    trace: &Trace,
) -> Result<String, Problem> {
    let editor = Editor::new(source, place)?;
    Ok(match editor.inline() {
        Some((table, depth)) => editor.removed_from(table, depth, trace),
        None => editor.removed(trace),
    })
}
