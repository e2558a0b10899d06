//! The nodes of a document, and where they are in it.

use std::iter::Peekable;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle};

use crate::agents::edit::Problem;
use crate::agents::edit::flow::Flow;
use crate::agents::edit::layout::{indentation, starts_line};
use crate::agents::edit::source::Source;

/// A node. The range of a collection in block style is that of its content.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Nothing is written; it means null.
    Absent,
    /// A scalar, with its text, or an alias.
    Leaf(Option<String>),
    Map {
        is_flow: bool,
        pairs: Vec<(Node, Node)>,
    },
    List {
        is_flow: bool,
        items: Vec<Node>,
    },
}

/// The root of the document; `None` for an empty one. The text is a valid document.
pub(super) fn root(source: &Source<'_>) -> Result<Option<Node>, Problem> {
    let mut options = Options::default();
    // As the reader of the values does.
    options.block_scalar_eof_without_line_feed = true;
    options.set_emit_comments(false);
    let mut events = Vec::new();
    for event in Parser::new_from_str_with_options(source.text, options) {
        let (event, span) = event.map_err(|_| source.cannot_change())?;
        let range = span.byte_range().ok_or_else(|| source.cannot_change())?;
        events.push((event, range));
    }
    let is_node = |(event, _): &&(Event<'_>, Range<usize>)| !event.is_node();
    let before = events.iter().take_while(is_node).count();
    let mut reader = Reader {
        text: source.text,
        events: events.into_iter().skip(before).peekable(),
    };
    let has_root = reader
        .events
        .peek()
        .is_some_and(|(event, _)| event.is_node());
    let root = has_root.then(|| reader.node());
    Ok(root.filter(|root| !matches!(root.kind, Kind::Absent)))
}

struct Reader<'t, E: Iterator<Item = (Event<'t>, Range<usize>)>> {
    text: &'t str,
    events: Peekable<E>,
}

impl<'t, E: Iterator<Item = (Event<'t>, Range<usize>)>> Reader<'t, E> {
    /// The next node. Its depth is bounded: the values have been read before.
    fn node(&mut self) -> Node {
        let Some((event, range)) = self.events.next() else {
            return Node {
                range: 0..0,
                kind: Kind::Absent,
            };
        };
        match event {
            Event::MappingStart(style, ..) => self.map(range, is_flow(style)),
            Event::SequenceStart(style, ..) => self.list(range, is_flow(style)),
            Event::Scalar(text, style, ..) => {
                if style == ScalarStyle::Plain && range.is_empty() {
                    return Node {
                        range,
                        kind: Kind::Absent,
                    };
                }
                let range = match style {
                    // The parser counts the lines behind it in.
                    ScalarStyle::Literal | ScalarStyle::Folded => self.trimmed(range),
                    _ => range,
                };
                let kind = Kind::Leaf(Some(text.into_owned()));
                Node { range, kind }
            }
            _ => Node {
                range,
                kind: Kind::Leaf(None),
            },
        }
    }

    fn map(&mut self, mut range: Range<usize>, is_flow: bool) -> Node {
        let mut pairs: Vec<(Node, Node)> = Vec::new();
        while !self.at_end(|event| matches!(event, Event::MappingEnd)) {
            let key = self.node();
            let mut value = self.node();
            if matches!(value.kind, Kind::Absent) {
                let end = self.after_colon(key.range.end);
                value.range = end..end;
            }
            range.end = value.range.end;
            pairs.push((key, value));
        }
        if let Some((_, end)) = self.events.next()
            && is_flow
        {
            range.end = end.end;
        }
        let kind = Kind::Map { is_flow, pairs };
        Node { range, kind }
    }

    fn list(&mut self, mut range: Range<usize>, is_flow: bool) -> Node {
        let mut items: Vec<Node> = Vec::new();
        while !self.at_end(|event| matches!(event, Event::SequenceEnd)) {
            let item = self.node();
            range.end = item.range.end;
            items.push(item);
        }
        if let Some((_, end)) = self.events.next()
            && is_flow
        {
            range.end = end.end;
        }
        let kind = Kind::List { is_flow, items };
        Node { range, kind }
    }

    fn at_end(&mut self, is_end: impl Fn(&Event<'t>) -> bool) -> bool {
        self.events.peek().is_none_or(|(event, _)| is_end(event))
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = self.text.get(range.clone()).unwrap_or_default();
        range.start..range.start + text.trim_end().len()
    }

    /// The end of the colon behind a key, if one follows.
    fn after_colon(&self, end: usize) -> usize {
        let rest = self.text.get(end..).unwrap_or_default();
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest.get(spaces..).is_some_and(|rest| rest.starts_with(':')) {
            end + spaces + 1
        } else {
            end
        }
    }
}

fn is_flow(style: StructureStyle) -> bool {
    style == StructureStyle::Flow
}

impl Node {
    /// The pairs of a mapping.
    pub(super) fn pairs(&self) -> &[(Node, Node)] {
        match &self.kind {
            Kind::Map { pairs, .. } => pairs,
            Kind::Absent | Kind::Leaf(_) | Kind::List { .. } => &[],
        }
    }

    pub(super) fn pair(&self, key: &str) -> Option<(usize, &(Node, Node))> {
        let mut pairs = self.pairs().iter().enumerate();
        pairs.find(|(_, (name, _))| name.text() == Some(key))
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Leaf(text) => text.as_deref(),
            Kind::Absent | Kind::Map { .. } | Kind::List { .. } => None,
        }
    }

    pub(super) fn is_flow(&self) -> bool {
        matches!(
            self.kind,
            Kind::Map { is_flow: true, .. } | Kind::List { is_flow: true, .. }
        )
    }

    /// The items of a collection, each with its key. In block style an item of a list begins at its
    /// dash. `None` if that cannot be told.
    pub(super) fn items(&self, text: &str) -> Option<Vec<Range<usize>>> {
        match &self.kind {
            Kind::Map { pairs, .. } => {
                let pair = |(key, value): &(Node, Node)| key.range.start..value.range.end;
                Some(pairs.iter().map(pair).collect())
            }
            Kind::List { is_flow, items } => {
                let item = |item: &Node| {
                    let range = item.range.clone();
                    if *is_flow {
                        return Some(range);
                    }
                    Some(dash_before(text.get(..range.start)?)?..range.end)
                };
                items.iter().map(item).collect()
            }
            Kind::Absent | Kind::Leaf(_) => Some(Vec::new()),
        }
    }

    /// The indentation of the items of a collection in block style; `None` if they begin behind
    /// something else.
    pub(super) fn item_indentation<'t>(&self, text: &'t str) -> Option<&'t str> {
        let start = self.items(text)?.first()?.start;
        starts_line(text, start).then(|| indentation(text, start))
    }

    /// The collection as one in brackets.
    pub(super) fn flow<'t>(&self, text: &'t str) -> Option<Flow<'t>> {
        let items = self.items(text).filter(|_| self.is_flow())?;
        let inside = self.range.start + 1..self.range.end.saturating_sub(1);
        let mut flow = Flow {
            text,
            inside: inside.clone(),
            items,
            commas: Vec::new(),
            comments: Vec::new(),
        };
        let starts = flow.items.iter().map(|item| item.start).chain([inside.end]);
        let ends = [inside.start]
            .into_iter()
            .chain(flow.items.iter().map(|item| item.end));
        let gaps: Vec<_> = ends.zip(starts).collect();
        for (start, end) in gaps {
            let mut at = start;
            while let Some(rest) = text.get(at..end).filter(|rest| !rest.is_empty()) {
                if rest.starts_with('#') {
                    let line = rest.lines().next().unwrap_or_default().len();
                    flow.comments.push(at..at + line);
                    at += line;
                    continue;
                }
                if rest.starts_with(',') {
                    flow.commas.push(at);
                }
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
        Some(flow)
    }
}

/// The dash of the item that begins behind a text, before its anchor and its tag.
fn dash_before(text: &str) -> Option<usize> {
    let mut before = text.trim_end();
    loop {
        let word = before.rfind([' ', '\t', '\n']).map_or(0, |at| at + 1);
        let (rest, word) = before.split_at_checked(word)?;
        match word.chars().next()? {
            '-' if word == "-" => return Some(rest.len()),
            '&' | '!' => before = rest.trim_end(),
            _ => return None,
        }
    }
}
