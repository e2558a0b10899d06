//! The changes of a text.

use std::ops::Range;

use serde_json::Value;

use super::document::{Braces, Document, Statement};
use super::write;
use crate::agents::edit::Problem;
use crate::agents::edit::data::Data;
use crate::agents::edit::flow::Flow;
use crate::agents::edit::layout::newline;
use crate::agents::edit::place::Place;
use crate::agents::edit::source::Source;
use crate::agents::edit::splice::{self, Splice};
use crate::agents::edit::trace::{Before, Trace};

/// An entry in a document.
pub(super) struct Editor<'t> {
    text: &'t str,
    document: Document,
    /// The keys of the entry.
    path: Vec<&'t str>,
}

impl<'t> Editor<'t> {
    pub(super) fn new(source: &Source<'t>, place: &Place<'t>) -> Result<Self, Problem> {
        let Place::Key(path) = *place else {
            return Err(source.problem(0, "a list in TOML cannot be changed; change it by hand"));
        };
        let editor = Editor {
            text: source.text,
            document: Document::parse(source)?,
            path: path.to_vec(),
        };
        let mut data = Some(&editor.document.data);
        for (depth, key) in path.iter().enumerate() {
            let found = match data {
                None | Some(Data::Map(_)) => {
                    data = data.and_then(|data| data.key(key));
                    continue;
                }
                Some(Data::List(_)) => "a list",
                Some(Data::Leaf(_)) => "a value",
            };
            let keys = path.get(..depth).unwrap_or_default();
            let statements = editor.document.statements.iter();
            let mut at = statements.filter(|statement| shares(&statement.path, keys));
            let at = at.next().map_or(0, |statement| statement.range.start);
            return Err(source.problem(at, format!("expected a table, found {found}")));
        }
        Ok(editor)
    }

    /// The innermost inline table that holds the entry or would hold it, and at how many keys of the
    /// path it is.
    pub(super) fn inline(&self) -> Option<(&Braces, usize)> {
        let statement = self.document.statements.iter().find_map(|statement| {
            let value = statement.value.as_ref().filter(|value| value.is_table)?;
            let depth = statement.path.len();
            let is_above = !statement.is_in_array && depth < self.path.len();
            (is_above && begins_with(&self.path, &statement.path)).then_some((value, depth))
        });
        let (mut table, mut depth) = statement?;
        while let Some(inner) = table.items.iter().find(|pair| {
            let end = depth + pair.path.len();
            end < self.path.len()
                && pair.value.is_table
                && self
                    .path
                    .get(depth..)
                    .is_some_and(|rest| begins_with(rest, &pair.path))
        }) {
            depth += inner.path.len();
            table = &inner.value;
        }
        Some((table, depth))
    }

    /// The statements of the entry.
    fn own(&self) -> impl Iterator<Item = (usize, &Statement)> {
        let statements = self.document.statements.iter().enumerate();
        statements
            .filter(|(_, statement)| !statement.is_in_array && shares(&statement.path, &self.path))
    }

    pub(super) fn set(
        &self,
        value: &Value,
        trace: &mut Trace,
    ) -> Result<Vec<Splice>, &'static str> {
        if let Some((table, depth)) = self.inline() {
            return self.set_inline(table, depth, value, trace);
        }
        let newline = newline(self.text);
        let Some((_, first)) = self.own().next() else {
            let block = self.block(value)?.replace('\n', newline);
            return Ok(vec![self.append(&block, trace)]);
        };
        let text = match first.value {
            None => self.block(value)?,
            // A key in a table that has other keys too.
            Some(_) => write::pair(self.path.get(first.header..).unwrap_or_default(), value)?,
        };
        let mut runs = self.runs().into_iter();
        let mut splices = Vec::new();
        if let Some(run) = runs.next() {
            splices.push(Splice::replace(run, text.replace('\n', newline)));
        }
        splices.extend(runs.map(|run| Splice::delete(self.with_lead(run))));
        Ok(splices)
    }

    fn block(&self, value: &Value) -> Result<String, &'static str> {
        match value {
            Value::Object(pairs) => write::table(&self.path, pairs),
            _ => Err("an entry of a TOML file must be an object"),
        }
    }

    /// Adds a table behind the others of its container, or at the end.
    fn append(&self, block: &str, trace: &mut Trace) -> Splice {
        let newline = newline(self.text);
        if self.text.trim().is_empty() {
            trace.no_document(self.text);
            let end = if self.text.is_empty() { newline } else { "" };
            return Splice::insert(0, format!("{block}{end}"));
        }
        Splice::insert(
            self.end_of_container(),
            format!("{newline}{newline}{block}"),
        )
    }

    /// The end of the last table below the container of the entry, else of the document, with the
    /// comments that follow it at once.
    fn end_of_container(&self) -> usize {
        let container = self.path.split_last().map_or(&[][..], |(_, above)| above);
        let statements = &self.document.statements;
        let header =
            |statement: &Statement| statement.path.get(..statement.header).map(<[_]>::to_vec);
        let last = statements.iter().rposition(|statement| {
            let below = header(statement).is_some_and(|header| shares(&header, container));
            !container.is_empty() && below && !statement.is_in_array
        });
        let Some(last) = last.and_then(|last| statements.get(last)) else {
            return self.text.trim_end().len();
        };
        let comments = self.document.comments.iter();
        let following = comments.filter(|comment| comment.start >= last.range.end);
        following.fold(last.range.end, |end, comment| {
            let between = self.text.get(end..comment.start).unwrap_or("\n\n");
            let is_near = between.trim().is_empty() && between.matches('\n').count() < 2;
            if is_near { comment.end } else { end }
        })
    }

    /// The text from the first to the last statement of each run of the entry's statements.
    fn runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
        for (index, statement) in self.own() {
            match runs.last_mut() {
                Some((last, run)) if *last + 1 == index => {
                    *last = index;
                    run.end = statement.range.end;
                }
                _ => runs.push((index, statement.range.clone())),
            }
        }
        runs.into_iter().map(|(_, run)| run).collect()
    }

    /// A run with the line end before it, and a blank line before that.
    fn with_lead(&self, run: Range<usize>) -> Range<usize> {
        let before = self.text.get(..run.start).unwrap_or_default();
        let line = before.trim_end_matches([' ', '\t']);
        let is_header = self
            .text
            .get(run.start..)
            .is_some_and(|text| text.starts_with('['));
        let end = without_line_end(line);
        let lead = if is_header {
            without_line_end(end)
        } else {
            end
        };
        if !lead.is_empty() || !line.is_empty() {
            return lead.len()..run.end;
        }
        // At the start of the file; what follows takes its place.
        let after = self.text.get(run.end..).unwrap_or_default();
        if after.trim().is_empty() {
            return 0..run.end;
        }
        let rest = without_line_start(after);
        let rest = if is_header {
            without_line_start(rest)
        } else {
            rest
        };
        0..self.text.len() - rest.len()
    }

    pub(super) fn removed(&self, trace: &Trace) -> String {
        let runs = self.runs().into_iter();
        let splices = runs.map(|run| Splice::delete(self.with_lead(run)));
        let text = splice::apply(self.text, splices.collect());
        match trace.before(&[]) {
            Some(Before::NoDocument(before)) if text.trim().is_empty() => before.clone(),
            _ => text,
        }
    }

    fn set_inline(
        &self,
        table: &Braces,
        depth: usize,
        value: &Value,
        trace: &mut Trace,
    ) -> Result<Vec<Splice>, &'static str> {
        let rest = self.path.get(depth..).unwrap_or_default();
        let flow = self.flow(table);
        let own: Vec<_> = (0..table.items.len())
            .filter(|&index| {
                table
                    .items
                    .get(index)
                    .is_some_and(|pair| shares(&pair.path, rest))
            })
            .collect();
        let Some((&first, others)) = own.split_first() else {
            if table.items.is_empty() {
                trace.empty(self.path.get(..depth).unwrap_or_default(), flow.interior());
            }
            let is_one_line = !flow.interior().contains('\n');
            let layout = flow.item_layout("  ", is_one_line);
            return Ok(flow.append(&write::pair(rest, value)?, layout.as_ref()));
        };
        let mut splices = Vec::new();
        if let Some(pair) = table.items.get(first) {
            let is_whole = pair.path.len() == rest.len();
            splices.push(if is_whole {
                Splice::replace(pair.value.range.clone(), write::inline(value)?)
            } else {
                Splice::replace(pair.range.clone(), write::pair(rest, value)?)
            });
        }
        splices.extend(others.iter().flat_map(|&index| flow.delete(index)));
        Ok(splices)
    }

    pub(super) fn removed_from(&self, table: &Braces, depth: usize, trace: &Trace) -> String {
        let rest = self.path.get(depth..).unwrap_or_default();
        let flow = self.flow(table);
        let own = table.items.iter().map(|pair| shares(&pair.path, rest));
        let own: Vec<bool> = own.collect();
        if !own.contains(&false)
            && let Some(Before::Empty(before)) =
                trace.before(self.path.get(..depth).unwrap_or_default())
        {
            let splice = Splice::replace(flow.inside.clone(), before.as_str());
            return splice::apply(self.text, vec![splice]);
        }
        let own = own.iter().enumerate().filter(|(_, is_own)| **is_own);
        let splices = own.flat_map(|(index, _)| flow.delete(index)).collect();
        splice::apply(self.text, splices)
    }

    fn flow(&self, table: &Braces) -> Flow<'t> {
        Flow {
            text: self.text,
            inside: table.range.start + 1..table.range.end.saturating_sub(1),
            items: table.items.iter().map(|pair| pair.range.clone()).collect(),
            commas: table.commas.clone(),
            comments: table.comments.clone(),
        }
    }
}

/// True if a path begins with these keys.
fn shares(path: &[String], keys: &[&str]) -> bool {
    path.len() >= keys.len() && path.iter().zip(keys).all(|(one, other)| one == other)
}

/// True if these keys begin with a path.
fn begins_with(keys: &[&str], path: &[String]) -> bool {
    keys.len() >= path.len() && path.iter().zip(keys).all(|(one, other)| one == other)
}

fn without_line_end(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(rest) => rest.strip_suffix('\r').unwrap_or(rest),
        None => text,
    }
}

fn without_line_start(text: &str) -> &str {
    let rest = text.strip_prefix('\r').unwrap_or(text);
    rest.strip_prefix('\n').unwrap_or(text)
}
