//! JSON with or without comments and trailing commas, as coding agents read it.

mod document;
pub(super) mod write;

use serde_json::Value;

use super::Problem;
use super::data::Data;
use super::layout::{Layout, newline};
use super::place::Place;
use super::source::Source;
use super::splice::{self, Splice};
use super::trace::{Before, Trace};
use document::{Document, Found};
use write::{written, written_item};

/// What the document says.
pub(super) fn parse(source: &Source<'_>) -> Result<Data, Problem> {
    Ok(Document::parse(source)?.data())
}

/// Checks that nothing is in the way of an entry at this place.
pub(super) fn check(source: &Source<'_>, place: &Place<'_>) -> Result<(), Problem> {
    Document::parse(source)?.find(place).map(drop)
}

/// The changes that set an entry.
pub(super) fn set(
    source: &Source<'_>,
    place: &Place<'_>,
    value: &Value,
) -> Result<(Vec<Splice>, Trace), Problem> {
    let document = Document::parse(source)?;
    let mut trace = Trace::default();
    let path = place.container();
    let splices = match document.find(place)? {
        Found::Entry(container, index) => {
            let range = container.values.get(index).cloned().unwrap_or_default();
            let layout = document.layout(&container);
            vec![Splice::replace(range, written(value, layout.as_ref()))]
        }
        Found::Container(container, depth) => {
            if container.flow.items.is_empty() {
                let path = path.get(..depth).unwrap_or_default();
                trace.empty(path, container.flow.interior());
            }
            trace.all_absent(path, depth);
            let (key, value) = place.nested(value, depth);
            let layout = document.layout(&container);
            let item = written_item(key, &value, layout.as_ref());
            container.flow.append(&item, layout.as_ref())
        }
        Found::NoDocument => {
            trace.no_document(source.text);
            trace.all_absent(path, 0);
            vec![new_document(source.text, place, value)]
        }
    };
    Ok((splices, trace))
}

/// The document of a file that has none, behind the comments in it.
fn new_document(text: &str, place: &Place<'_>, value: &Value) -> Splice {
    let layout = Layout {
        newline: newline(text),
        unit: "  ".to_owned(),
        base: String::new(),
    };
    let value = match place.nested(value, 0) {
        (Some(key), value) => Value::Object([(key.to_owned(), value)].into_iter().collect()),
        (None, value) => Value::Array(vec![value]),
    };
    let comments = text.trim_end().len();
    let lead = if comments == 0 { "" } else { layout.newline };
    let written = written(&value, Some(&layout));
    Splice::replace(
        comments..text.len(),
        format!("{lead}{written}{}", layout.newline),
    )
}

/// The text without an entry, and without what `trace` says was made for it.
pub(super) fn remove(
    source: &Source<'_>,
    place: &Place<'_>,
    trace: &Trace,
) -> Result<String, Problem> {
    let mut text = source.text.to_owned();
    let mut entry = *place;
    loop {
        let source = source.with(&text);
        let document = Document::parse(&source)?;
        let Found::Entry(container, index) = document.find(&entry)? else {
            return Ok(text);
        };
        let rest = splice::apply(&text, container.flow.delete(index));
        let path = entry.container();
        match without_container(source, rest, path, trace)? {
            Rest::Removable(rest) => text = rest,
            Rest::Done(rest) => return Ok(rest),
        }
        entry = Place::Key(path);
    }
}

/// A text after an entry was deleted.
enum Rest {
    /// The container of the entry is to be removed too.
    Removable(String),
    Done(String),
}

/// Restores what was in a container, or in the file, if that is empty again.
fn without_container(
    source: Source<'_>,
    text: String,
    path: &[&str],
    trace: &Trace,
) -> Result<Rest, Problem> {
    let document = Document::parse(&source.with(&text))?;
    let Some(container) = document.container_at(path) else {
        return Ok(Rest::Done(text));
    };
    let interior = container.flow.interior();
    if !container.flow.items.is_empty() {
        return Ok(Rest::Done(text));
    }
    Ok(match trace.before(path) {
        Some(Before::Absent) if interior.trim().is_empty() => Rest::Removable(text),
        Some(Before::Empty(before)) if before.trim_end() == interior.trim_end() => {
            let splice = Splice::replace(container.flow.inside.clone(), before.as_str());
            Rest::Done(splice::apply(&text, vec![splice]))
        }
        Some(Before::NoDocument(before)) if interior.trim().is_empty() => {
            let root = document.root().unwrap_or_default();
            let around = splice::apply(&text, vec![Splice::delete(root)]);
            let is_as_before = around.trim_end() == before.trim_end();
            Rest::Done(if is_as_before { before.clone() } else { text })
        }
        _ => Rest::Done(text),
    })
}
