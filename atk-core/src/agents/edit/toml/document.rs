//! The statements of a document, and where they are in it.

use std::ops::Range;

use toml_edit::{Item, Key, Value};
use toml_parser::Source as Raw;
use toml_parser::parser::{Event, EventKind, parse_document};

use crate::agents::edit::Problem;
use crate::agents::edit::data::Data;
use crate::agents::edit::source::Source;

/// A parsed document.
pub(super) struct Document {
    pub(super) data: Data,
    pub(super) statements: Vec<Statement>,
    /// The comments between statements and behind them.
    pub(super) comments: Vec<Range<usize>>,
}

/// The header of a table, or a key with its value.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) range: Range<usize>,
    /// The keys from the document down, those of the table's header included.
    pub(super) path: Vec<String>,
    /// How many keys of the path are those of the header.
    pub(super) header: usize,
    /// The value; `None` for a header.
    pub(super) value: Option<Braces>,
    /// True below the header of an array of tables.
    pub(super) is_in_array: bool,
}

/// A value. Only an inline table has items.
#[derive(Debug, Clone, Default)]
pub(super) struct Braces {
    pub(super) range: Range<usize>,
    pub(super) is_table: bool,
    pub(super) items: Vec<Pair>,
    pub(super) commas: Vec<usize>,
    pub(super) comments: Vec<Range<usize>>,
}

/// A key with its value, in an inline table.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) range: Range<usize>,
    pub(super) path: Vec<String>,
    pub(super) value: Braces,
}

impl Document {
    pub(super) fn parse(source: &Source<'_>) -> Result<Self, Problem> {
        let parsed = toml_edit::Document::parse(source.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            source.problem(at, format!("invalid TOML: {message}"))
        })?;
        let mut reader = Reader::new(source.text);
        reader.document();
        Ok(Document {
            data: table(parsed.as_table().iter()),
            statements: reader.statements,
            comments: reader.comments,
        })
    }
}

/// Reads statements from the parser's events. The text is valid.
struct Reader<'t> {
    text: &'t str,
    events: std::iter::Peekable<std::vec::IntoIter<Event>>,
    statements: Vec<Statement>,
    comments: Vec<Range<usize>>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let tokens: Vec<_> = Raw::new(text).lex().collect();
        let mut events: Vec<Event> = Vec::new();
        parse_document(&tokens, &mut events, &mut ());
        events.retain(|event| !matches!(event.kind(), EventKind::Whitespace | EventKind::Newline));
        Reader {
            text,
            events: events.into_iter().peekable(),
            statements: Vec::new(),
            comments: Vec::new(),
        }
    }

    fn document(&mut self) {
        let mut header: Vec<String> = Vec::new();
        let mut arrays: Vec<Vec<String>> = Vec::new();
        while let Some(event) = self.events.peek() {
            let start = event.span().start();
            match event.kind() {
                EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                    let is_array = event.kind() == EventKind::ArrayTableOpen;
                    self.events.next();
                    header = self.keys();
                    if is_array {
                        arrays.push(header.clone());
                    }
                    let end = self.events.next().map_or(start, |close| close.span().end());
                    self.statements.push(Statement {
                        range: start..end,
                        path: header.clone(),
                        header: header.len(),
                        value: None,
                        is_in_array: arrays.iter().any(|array| header.starts_with(array)),
                    });
                }
                EventKind::SimpleKey => {
                    let keys = self.keys();
                    // The `=`.
                    self.events.next();
                    let value = self.value();
                    self.statements.push(Statement {
                        range: start..value.range.end,
                        path: [header.clone(), keys].concat(),
                        header: header.len(),
                        value: Some(value),
                        is_in_array: arrays.iter().any(|array| header.starts_with(array)),
                    });
                }
                EventKind::Comment => {
                    self.comments.push(range(event));
                    self.events.next();
                }
                _ => {
                    self.events.next();
                }
            }
        }
    }

    /// A key with dots.
    fn keys(&mut self) -> Vec<String> {
        let mut keys = Vec::new();
        while let Some(event) = self
            .events
            .next_if(|event| matches!(event.kind(), EventKind::SimpleKey | EventKind::KeySep))
        {
            if event.kind() == EventKind::SimpleKey {
                let text = self.text.get(range(&event)).unwrap_or_default();
                let parsed = Key::parse(text).unwrap_or_default();
                keys.extend(parsed.first().map(|key| key.get().to_owned()));
            }
        }
        keys
    }

    fn value(&mut self) -> Braces {
        let Some(open) = self.events.next() else {
            return Braces::default();
        };
        let mut value = Braces {
            range: range(&open),
            is_table: open.kind() == EventKind::InlineTableOpen,
            ..Braces::default()
        };
        if !matches!(
            open.kind(),
            EventKind::InlineTableOpen | EventKind::ArrayOpen
        ) {
            return value;
        }
        while let Some(event) = self.events.peek() {
            let span = range(event);
            match event.kind() {
                EventKind::InlineTableClose | EventKind::ArrayClose => {
                    self.events.next();
                    value.range.end = span.end;
                    break;
                }
                EventKind::SimpleKey => {
                    let path = self.keys();
                    self.events.next();
                    let inner = self.value();
                    value.items.push(Pair {
                        range: span.start..inner.range.end,
                        path,
                        value: inner,
                    });
                }
                EventKind::ValueSep => {
                    value.commas.push(span.start);
                    self.events.next();
                }
                EventKind::Comment => {
                    value.comments.push(span);
                    self.events.next();
                }
                // An item of an array.
                _ => {
                    self.value();
                }
            }
        }
        value
    }
}

fn range(event: &Event) -> Range<usize> {
    event.span().start()..event.span().end()
}

/// A table, in the order of its keys: that of the file changes with the tables beside it.
fn table<'a>(pairs: impl Iterator<Item = (&'a str, &'a Item)>) -> Data {
    let pairs = pairs.map(|(key, item)| (key.to_owned(), data(item)));
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    Data::Map(pairs)
}

fn data(item: &Item) -> Data {
    match item {
        Item::None => Data::NULL,
        Item::Value(value) => value_data(value),
        Item::Table(pairs) => table(pairs.iter()),
        Item::ArrayOfTables(tables) => {
            Data::List(tables.iter().map(|pairs| table(pairs.iter())).collect())
        }
    }
}

fn value_data(value: &Value) -> Data {
    match value {
        Value::String(text) => Data::Leaf(text.value().as_str().into()),
        Value::Integer(number) => Data::Leaf((*number.value()).into()),
        // JSON has no infinity.
        Value::Float(number) if !number.value().is_finite() => {
            Data::Leaf(number.value().to_string().into())
        }
        Value::Float(number) => Data::Leaf((*number.value()).into()),
        Value::Boolean(value) => Data::Leaf((*value.value()).into()),
        Value::Datetime(time) => Data::Leaf(time.value().to_string().into()),
        Value::Array(items) => Data::List(items.iter().map(value_data).collect()),
        Value::InlineTable(pairs) => {
            let pairs = pairs
                .iter()
                .map(|(key, value)| (key.to_owned(), value_data(value)));
            Data::Map(pairs.collect())
        }
    }
}
