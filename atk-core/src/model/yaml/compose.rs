//! Builds the nodes of a document from the parser's events.

use std::collections::HashMap;
use std::rc::Rc;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StrInput};

use super::composed::{Composed, Role};
use super::mapping::MappingBuilder;
use super::node::{Mark, Node, Value};
use super::read::{Budget, MAX_DEPTH};
use super::tag::{self, Tag};
use crate::error::Problem;
use crate::text::escape;

/// The composer of one document.
pub(super) struct Composer<'t> {
    parser: Parser<'t, StrInput<'t>>,
    file: Rc<str>,
    /// How many nodes may still come.
    left: usize,
    /// Finished nodes by the parser's number of their anchor.
    anchors: HashMap<usize, Composed>,
}

impl<'t> Composer<'t> {
    pub(super) fn new(text: &'t str, file: Rc<str>, budget: Budget) -> Self {
        let mut options = Options::default();
        // As PyYAML reads `key: |` at the end of a file without a line end.
        options.block_scalar_eof_without_line_feed = true;
        options.set_emit_comments(false);
        Composer {
            parser: Parser::new_from_str_with_options(text, options),
            file,
            left: budget.nodes,
            anchors: HashMap::new(),
        }
    }

    /// The document; `None` if the file is empty.
    pub(super) fn document(mut self) -> Result<Option<Node>, Problem> {
        let mut root = None;
        let mut documents = 0;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        let mark = self.mark(&span);
                        return Err(mark.problem("a second document starts here"));
                    }
                }
                event if event.is_node() => {
                    root = Some(self.value(event, span, 0)?.data()?);
                }
                _ => {}
            }
        }
        Ok(root.filter(|node| !is_absent(node)))
    }

    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, Problem> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => {
                let mark = place(&self.file, error.marker());
                Err(mark.problem(escape(&error.kind().to_string())))
            }
        }
    }

    /// The next event inside a collection.
    fn inner(&mut self) -> Result<(Event<'t>, Span), Problem> {
        let end = Mark {
            file: Rc::clone(&self.file),
            line: 1,
            column: 1,
        };
        self.next()?
            .ok_or_else(|| end.problem("the document ends inside a collection"))
    }

    fn value(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Composed, Problem> {
        let mark = self.mark(&span);
        let anchor = event.anchor_id();
        let composed = match event {
            Event::Alias(id) => return self.alias(id, &mark, depth),
            Event::Scalar(text, style, _, tag) => {
                self.spend(1, &mark)?;
                // The parser writes `~` for a value that is not there.
                let absent = style == ScalarStyle::Plain && span.is_empty();
                let text = if absent { "" } else { text.as_ref() };
                let tag = Tag::of_scalar(tag.as_deref(), style == ScalarStyle::Plain, &mark)?;
                let (scalar, role) = tag::scalar(text, tag).map_err(|why| mark.problem(why))?;
                Composed::scalar(mark, scalar, role)
            }
            Event::SequenceStart(_, _, tag) => {
                self.open(&mark, depth)?;
                tag::check_collection(tag.as_deref(), "seq", &mark)?;
                self.sequence(mark, depth)?
            }
            Event::MappingStart(_, _, tag) => {
                self.open(&mark, depth)?;
                tag::check_collection(tag.as_deref(), "map", &mark)?;
                self.mapping(mark, depth)?
            }
            _ => return Err(mark.problem("expected a value here")),
        };
        if let Some(id) = anchor {
            self.anchors.insert(id, composed.clone());
        }
        Ok(composed)
    }

    fn alias(&mut self, id: usize, mark: &Mark, depth: usize) -> Result<Composed, Problem> {
        let Some(target) = self.anchors.get(&id).cloned() else {
            return Err(mark.problem("the alias is inside its own target"));
        };
        if depth + target.height > MAX_DEPTH {
            return Err(too_deep(mark));
        }
        self.spend(target.count, mark)?;
        Ok(target)
    }

    fn sequence(&mut self, mark: Mark, depth: usize) -> Result<Composed, Problem> {
        let mut items = Vec::new();
        let (mut count, mut height) = (1, 0);
        loop {
            let (event, span) = self.inner()?;
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            let item = self.value(event, span, depth + 1)?;
            count += item.count;
            height = height.max(item.height);
            items.push(item.data()?);
        }
        let value = Value::Sequence(Rc::new(items));
        Ok(Composed {
            node: Node { mark, value },
            role: Role::Data,
            count,
            height: height + 1,
        })
    }

    fn mapping(&mut self, mark: Mark, depth: usize) -> Result<Composed, Problem> {
        let mut pairs = MappingBuilder::default();
        let (mut count, mut height) = (1, 0);
        loop {
            let (event, span) = self.inner()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key = self.value(event, span, depth + 1)?;
            let (event, span) = self.inner()?;
            let value = self.value(event, span, depth + 1)?;
            count += key.count + value.count;
            height = height.max(value.height);
            pairs.add(key, value)?;
        }
        let value = Value::Mapping(Rc::new(pairs.finish()?));
        Ok(Composed {
            node: Node { mark, value },
            role: Role::Data,
            count,
            height: height + 1,
        })
    }

    /// Takes a collection's start into account.
    fn open(&mut self, mark: &Mark, depth: usize) -> Result<(), Problem> {
        if depth >= MAX_DEPTH {
            return Err(too_deep(mark));
        }
        self.spend(1, mark)
    }

    fn spend(&mut self, nodes: usize, mark: &Mark) -> Result<(), Problem> {
        match self.left.checked_sub(nodes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(mark.problem("the document has too many values, aliases counted in full")),
        }
    }

    fn mark(&self, span: &Span) -> Mark {
        place(&self.file, &span.start)
    }
}

fn place(file: &Rc<str>, marker: &granit_parser::Marker) -> Mark {
    Mark {
        file: Rc::clone(file),
        line: u32::try_from(marker.line().max(1)).unwrap_or(u32::MAX),
        column: u32::try_from(marker.col() + 1).unwrap_or(u32::MAX),
    }
}

fn too_deep(mark: &Mark) -> Problem {
    mark.problem(format!("values nest deeper than {MAX_DEPTH} levels"))
}

/// True for a root that is not written: `---` alone.
fn is_absent(node: &Node) -> bool {
    node.is_null()
        && node
            .as_scalar()
            .is_some_and(|scalar| scalar.text.is_empty())
}
