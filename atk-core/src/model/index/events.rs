//! The events of an index, one at a time: what is passed over costs no memory, and aliases are
//! played back from what their anchors recorded.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use granit_parser::{Event as Parsed, Options, Parser, ScalarStyle, StrInput};

use crate::host::CancelToken;
use crate::model::yaml::MAX_DEPTH;
use crate::text::escape;

/// A part of the document.
#[derive(Debug, Clone)]
pub(super) enum YamlEvent<'t> {
    Scalar(Cow<'t, str>),
    /// Nothing, `~` or `null`, without quotes.
    Null,
    List,
    Mapping,
    /// The end of a list or a mapping.
    End,
    Alias(usize),
}

/// Why there are no more events.
#[derive(Debug)]
pub(super) enum Stop {
    Cancelled,
    Invalid(String),
}

/// How often the cancel token is looked at, in events.
const CHECK: u32 = 1024;
/// How much anchors may record, in bytes: an index has no need for any.
const MAX_RECORDED: usize = 4 << 20;

/// The events of a text.
pub(super) struct Events<'t, 'c> {
    parser: Parser<'t, StrInput<'t>>,
    cancel: &'c CancelToken,
    /// A document has begun.
    in_document: bool,
    /// Collections that are open.
    depth: usize,
    /// Where the parser is, for messages.
    line: usize,
    until_check: u32,
    recorded: HashMap<usize, Rc<[YamlEvent<'t>]>>,
    recorded_bytes: usize,
    recordings: Vec<Recording<'t>>,
    /// What is played back, the innermost last.
    playing: Vec<(Rc<[YamlEvent<'t>]>, usize)>,
    /// How many events may still be played back: as many as the text has bytes.
    left: usize,
}

/// An anchored node that is not at its end yet.
struct Recording<'t> {
    anchor: usize,
    depth: usize,
    events: Vec<YamlEvent<'t>>,
}

impl<'t, 'c> Events<'t, 'c> {
    pub(super) fn new(text: &'t str, cancel: &'c CancelToken) -> Self {
        let mut options = Options::default();
        options.set_emit_comments(false);
        Events {
            parser: Parser::new_from_str_with_options(text, options),
            cancel,
            in_document: false,
            depth: 0,
            line: 1,
            until_check: CHECK,
            recorded: HashMap::new(),
            recorded_bytes: 0,
            recordings: Vec::new(),
            playing: Vec::new(),
            left: text.len(),
        }
    }

    /// The next event of the document, aliases resolved; none at its end.
    pub(super) fn next(&mut self) -> Result<Option<YamlEvent<'t>>, Stop> {
        loop {
            match self.next_unresolved()? {
                Some(YamlEvent::Alias(anchor)) => self.resolve(anchor)?,
                event => return Ok(event),
            }
        }
    }

    /// Passes over the value that an event begins. Its aliases cost nothing.
    pub(super) fn skip(&mut self, first: &YamlEvent<'t>) -> Result<(), Stop> {
        if !matches!(first, YamlEvent::List | YamlEvent::Mapping) {
            return Ok(());
        }
        let outside = self.depth - 1;
        while self.depth > outside {
            if self.next_unresolved()?.is_none() {
                return Err(self.invalid("the document ends inside a value"));
            }
        }
        Ok(())
    }

    fn next_unresolved(&mut self) -> Result<Option<YamlEvent<'t>>, Stop> {
        let event = match self.play()? {
            None => self.parse()?,
            event => event,
        };
        match &event {
            Some(YamlEvent::List | YamlEvent::Mapping) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    let why = format!("values nest deeper than {MAX_DEPTH} levels");
                    return Err(self.invalid(&why));
                }
            }
            Some(YamlEvent::End) => self.depth -= 1,
            Some(YamlEvent::Scalar(_) | YamlEvent::Null | YamlEvent::Alias(_)) | None => {}
        }
        Ok(event)
    }

    /// The error of something in the line that was read last.
    pub(super) fn invalid(&self, why: &str) -> Stop {
        Stop::Invalid(format!("line {}: {why}", self.line))
    }

    /// The next event of what is played back.
    fn play(&mut self) -> Result<Option<YamlEvent<'t>>, Stop> {
        while let Some((events, at)) = self.playing.last_mut() {
            if let Some(event) = events.get(*at).cloned() {
                *at += 1;
                self.left = match self.left.checked_sub(1) {
                    Some(left) => left,
                    None => return Err(self.invalid("aliases make it larger than the file itself")),
                };
                self.check()?;
                return Ok(Some(event));
            }
            self.playing.pop();
        }
        Ok(None)
    }

    fn resolve(&mut self, anchor: usize) -> Result<(), Stop> {
        // Each level of aliases in aliases is a list or a mapping, so that the depth bounds them.
        let Some(events) = self.recorded.get(&anchor).map(Rc::clone) else {
            return Err(self.invalid("an alias is inside its own target"));
        };
        self.playing.push((events, 0));
        Ok(())
    }

    /// The next event of the text itself, which is recorded for the anchors around it.
    fn parse(&mut self) -> Result<Option<YamlEvent<'t>>, Stop> {
        loop {
            self.check()?;
            let (event, span) = match self.parser.next_event() {
                None => return Ok(None),
                Some(Ok(event)) => event,
                Some(Err(error)) => {
                    self.line = error.marker().line();
                    return Err(self.invalid(&escape(&error.kind().to_string())));
                }
            };
            self.line = span.start.line();
            let anchor = event.anchor_id();
            let event = match event {
                Parsed::Scalar(text, style, ..) => {
                    let plain = style == ScalarStyle::Plain;
                    match plain && is_null(&text) {
                        true => YamlEvent::Null,
                        false => YamlEvent::Scalar(text),
                    }
                }
                Parsed::SequenceStart(..) => YamlEvent::List,
                Parsed::MappingStart(..) => YamlEvent::Mapping,
                Parsed::SequenceEnd | Parsed::MappingEnd => YamlEvent::End,
                Parsed::Alias(id) => YamlEvent::Alias(id),
                Parsed::DocumentStart(..) if std::mem::replace(&mut self.in_document, true) => {
                    return Err(self.invalid("a second document starts here"));
                }
                _ => continue,
            };
            self.record(anchor, &event)?;
            return Ok(Some(event));
        }
    }

    fn record(&mut self, anchor: Option<usize>, event: &YamlEvent<'t>) -> Result<(), Stop> {
        if let Some(anchor) = anchor {
            self.recordings.push(Recording {
                anchor,
                depth: 0,
                events: Vec::new(),
            });
        }
        if self.recordings.is_empty() {
            return Ok(());
        }
        let size = size_of::<YamlEvent<'_>>()
            + match event {
                YamlEvent::Scalar(Cow::Owned(text)) => text.len(),
                _ => 0,
            };
        self.recorded_bytes += size * self.recordings.len();
        if self.recorded_bytes > MAX_RECORDED {
            return Err(self.invalid("anchors refer to too many values"));
        }
        for recording in &mut self.recordings {
            match event {
                YamlEvent::List | YamlEvent::Mapping => recording.depth += 1,
                YamlEvent::End => recording.depth -= 1,
                YamlEvent::Scalar(_) | YamlEvent::Null | YamlEvent::Alias(_) => {}
            }
            recording.events.push(event.clone());
        }
        // The innermost ends first.
        while self.recordings.last().is_some_and(|last| last.depth == 0) {
            if let Some(done) = self.recordings.pop() {
                self.recorded.insert(done.anchor, done.events.into());
            }
        }
        Ok(())
    }

    fn check(&mut self) -> Result<(), Stop> {
        self.until_check -= 1;
        if self.until_check == 0 {
            self.until_check = CHECK;
            if self.cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
        }
        Ok(())
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}
