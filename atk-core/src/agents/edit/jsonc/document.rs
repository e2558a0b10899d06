//! A parsed document, and where things are in it.

use std::ops::Range;

use jsonc_parser::ast::{self, Object, ObjectProp};
use jsonc_parser::common::Ranged;
use jsonc_parser::tokens::{Token, TokenAndRange};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use serde_json::Value;

use crate::agents::edit::Problem;
use crate::agents::edit::data::Data;
use crate::agents::edit::flow::Flow;
use crate::agents::edit::layout::{Layout, indentation, starts_line};
use crate::agents::edit::place::Place;
use crate::agents::edit::source::Source;

/// A parsed document.
pub(super) struct Document<'t> {
    source: Source<'t>,
    root: Option<ast::Value<'t>>,
    tokens: Vec<TokenAndRange<'t>>,
}

/// An object or a list.
pub(super) struct Container<'t> {
    pub(super) flow: Flow<'t>,
    /// The values of the items.
    pub(super) values: Vec<Range<usize>>,
}

/// What is at a place.
pub(super) enum Found<'t> {
    /// The entry, at this index of its container.
    Entry(Container<'t>, usize),
    /// Not the entry, but this container, at so many keys of the path to it.
    Container(Container<'t>, usize),
    /// The file has no document.
    NoDocument,
}

impl<'t> Document<'t> {
    pub(super) fn parse(source: &Source<'t>) -> Result<Self, Problem> {
        let collect = CollectOptions {
            comments: CommentCollectionStrategy::AsTokens,
            tokens: true,
        };
        // JSON5 is not accepted: not all agents read it.
        let options = ParseOptions {
            allow_comments: true,
            allow_trailing_commas: true,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed = parse_to_ast(source.text, &collect, &options).map_err(|error| {
            let message = format!("invalid JSON: {}", error.kind());
            source.problem(error.range().start, message)
        })?;
        Ok(Document {
            source: *source,
            root: parsed.value,
            tokens: parsed.tokens.unwrap_or_default(),
        })
    }

    /// What the document says.
    pub(super) fn data(&self) -> Data {
        self.root.as_ref().map_or(Data::NULL, data)
    }

    /// The bytes of the document's value.
    pub(super) fn root(&self) -> Option<Range<usize>> {
        self.root.as_ref().map(range)
    }

    /// Looks for an entry.
    ///
    /// # Errors
    /// A key on the way is declared twice; what should be an object or a list is something else.
    pub(super) fn find(&self, place: &Place<'_>) -> Result<Found<'t>, Problem> {
        let Some(mut value) = self.root.as_ref() else {
            return Ok(Found::NoDocument);
        };
        let path = place.container();
        for (depth, &key) in path.iter().enumerate() {
            let object = self.object(value)?;
            match self.property(object, key)? {
                Some((_, property)) => value = &property.value,
                None => return Ok(Found::Container(self.container(value), depth)),
            }
        }
        let container = self.container(value);
        let index = match *place {
            Place::Key(_) => {
                let object = self.object(value)?;
                let key = place.key().unwrap_or_default();
                self.property(object, key)?.map(|(index, _)| index)
            }
            Place::Item { by, name, .. } => self.item(value, by, name)?,
        };
        Ok(match index {
            Some(index) => Found::Entry(container, index),
            None => Found::Container(container, path.len()),
        })
    }

    /// The container at a path.
    pub(super) fn container_at(&self, path: &[&str]) -> Option<Container<'t>> {
        let value = path.iter().try_fold(self.root.as_ref()?, |value, key| {
            Some(&value.as_object()?.get(key)?.value)
        })?;
        Some(self.container(value))
    }

    /// The layout of the items of a container; `None` if they are written on its line.
    pub(super) fn layout(&self, container: &Container<'t>) -> Option<Layout> {
        let flow = &container.flow;
        let is_one_line = if flow.items.is_empty() {
            // An empty container shows nothing; the rest of the document may.
            self.root.as_ref().is_some_and(|root| {
                let text = self.source.text.get(range(root)).unwrap_or_default();
                !self.container(root).flow.items.is_empty() && !text.contains('\n')
            })
        } else {
            !flow.interior().contains('\n')
        };
        flow.item_layout(&self.unit(), is_one_line)
    }

    /// What a level adds to the indentation: the indentation of the document's own properties.
    fn unit(&self) -> String {
        let items = match &self.root {
            Some(root) => self.container(root).flow.items,
            None => Vec::new(),
        };
        let text = self.source.text;
        let first = items.iter().find(|item| starts_line(text, item.start));
        let unit = first.map_or("", |item| indentation(text, item.start));
        if unit.is_empty() { "  " } else { unit }.to_owned()
    }

    fn object<'a>(&self, value: &'a ast::Value<'t>) -> Result<&'a Object<'t>, Problem> {
        let wrong = || self.wrong_type(value, "an object");
        value.as_object().ok_or_else(wrong)
    }

    fn property<'a>(
        &self,
        object: &'a Object<'t>,
        key: &str,
    ) -> Result<Option<(usize, &'a ObjectProp<'t>)>, Problem> {
        let properties = object.properties.iter().enumerate();
        let mut named = properties.filter(|(_, property)| property.name.as_str() == key);
        let first = named.next();
        match named.next() {
            Some((_, second)) => {
                let message = format!("the key `{key}` is declared twice");
                Err(self.source.problem(second.range.start, message))
            }
            None => Ok(first),
        }
    }

    fn item(&self, value: &ast::Value<'t>, by: &str, name: &str) -> Result<Option<usize>, Problem> {
        let list = value
            .as_array()
            .ok_or_else(|| self.wrong_type(value, "a list"))?;
        let mut index = None;
        for (at, item) in list.elements.iter().enumerate() {
            let Some(object) = item.as_object() else {
                continue;
            };
            let field = self.property(object, by)?;
            let text = field.and_then(|(_, field)| field.value.as_string_lit());
            if text.is_none_or(|text| text.value != name) {
                continue;
            }
            if index.replace(at).is_some() {
                let message = format!("an item with the {by} `{name}` is declared twice");
                return Err(self.source.problem(range(item).start, message));
            }
        }
        Ok(index)
    }

    fn wrong_type(&self, value: &ast::Value<'_>, expected: &str) -> Problem {
        let found = match value {
            ast::Value::StringLit(_) => "a string",
            ast::Value::NumberLit(_) => "a number",
            ast::Value::BooleanLit(_) => "a boolean",
            ast::Value::Object(_) => "an object",
            ast::Value::Array(_) => "a list",
            ast::Value::NullKeyword(_) => "null",
        };
        let message = format!("expected {expected}, found {found}");
        self.source.problem(range(value).start, message)
    }

    fn container(&self, value: &ast::Value<'t>) -> Container<'t> {
        let (items, values): (Vec<_>, Vec<_>) = match value {
            ast::Value::Object(object) => object
                .properties
                .iter()
                .map(|property| {
                    (
                        property.range.start..property.range.end,
                        range(&property.value),
                    )
                })
                .unzip(),
            ast::Value::Array(array) => array
                .elements
                .iter()
                .map(|item| (range(item), range(item)))
                .unzip(),
            ast::Value::StringLit(_)
            | ast::Value::NumberLit(_)
            | ast::Value::BooleanLit(_)
            | ast::Value::NullKeyword(_) => (Vec::new(), Vec::new()),
        };
        let whole = range(value);
        let inside = whole.start + 1..whole.end.saturating_sub(1);
        let mut commas = Vec::new();
        let mut comments = Vec::new();
        let mut within = items.iter().peekable();
        for token in &self.tokens {
            let at = token.range.start;
            while within.next_if(|item| item.end <= at).is_some() {}
            let is_in_item = within.peek().is_some_and(|item| item.start <= at);
            if !inside.contains(&at) || is_in_item {
                continue;
            }
            match token.token {
                Token::Comma => commas.push(at),
                Token::CommentLine(_) | Token::CommentBlock(_) => {
                    comments.push(at..token.range.end);
                }
                _ => {}
            }
        }
        Container {
            flow: Flow {
                text: self.source.text,
                inside,
                items,
                commas,
                comments,
            },
            values,
        }
    }
}

fn range(value: &ast::Value<'_>) -> Range<usize> {
    let range = value.range();
    range.start..range.end
}

fn data(value: &ast::Value<'_>) -> Data {
    match value {
        ast::Value::Object(object) => {
            let pair = |property: &ObjectProp<'_>| {
                let key = property.name.as_str().to_owned();
                (key, data(&property.value))
            };
            Data::Map(object.properties.iter().map(pair).collect())
        }
        ast::Value::Array(array) => Data::List(array.elements.iter().map(data).collect()),
        ast::Value::StringLit(text) => Data::Leaf(Value::from(text.value.as_ref())),
        // A number beyond the range of JSON's readers is compared as it is written.
        ast::Value::NumberLit(number) => Data::Leaf(
            serde_json::from_str(number.value).unwrap_or_else(|_| Value::from(number.value)),
        ),
        ast::Value::BooleanLit(value) => Data::Leaf(Value::from(value.value)),
        ast::Value::NullKeyword(_) => Data::NULL,
    }
}
