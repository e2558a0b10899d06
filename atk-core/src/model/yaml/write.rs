//! Writing documents with the bytes of PyYAML's
//! `yaml.dump(data, default_flow_style=False, sort_keys=False)`.
//!
//! Block style, two blanks a level, lists not indented below their key, lines of 80 columns folded
//! at blanks. Everything but ASCII is escaped, unless the writer is asked for Unicode, as by PyYAML's
//! `allow_unicode=True`.

mod scalar;

pub(crate) use scalar::{Style, style};

use super::tree::{Leaf, Tree};

const INDENT: usize = 2;

/// Writes a document in ASCII.
pub(crate) fn write(tree: &Tree) -> String {
    Writer::new(Charset::Ascii).document(tree)
}

/// Writes a document whose characters stay as they are.
pub(crate) fn write_unicode(tree: &Tree) -> String {
    Writer::new(Charset::Unicode).document(tree)
}

/// Writes a string as a value that stays on its line.
pub(crate) fn inline(text: &str) -> String {
    let mut writer = Writer::new(Charset::Unicode);
    writer.leaf(&Leaf::str(text), 0, ScalarPlace::SimpleKey);
    writer.out
}

/// Which characters are written without an escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charset {
    Ascii,
    Unicode,
}

/// Where a scalar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScalarPlace {
    /// Before a `:`, where it must stay on its line.
    SimpleKey,
    /// Anywhere else, where it may be folded.
    Value,
}

/// The text so far, and where its last line stands.
struct Writer {
    charset: Charset,
    out: String,
    /// Characters on the last line.
    column: usize,
    /// True if the last line holds nothing but indentation and the marks of collections, so
    /// that a collection may begin on it.
    at_start: bool,
    /// True if the last character separates.
    separated: bool,
}

impl Writer {
    fn new(charset: Charset) -> Self {
        Writer {
            charset,
            out: String::new(),
            column: 0,
            at_start: true,
            separated: true,
        }
    }
}

impl Writer {
    /// Writes a document, and returns its text.
    fn document(mut self, tree: &Tree) -> String {
        match tree {
            Tree::Leaf(leaf) => {
                self.leaf(leaf, INDENT, ScalarPlace::Value);
                self.break_line();
                if leaf.style_at(ScalarPlace::Value, self.charset) == Style::Plain {
                    // Without it the end of a bare scalar could not be told in a stream.
                    self.out.push_str("...\n");
                }
            }
            Tree::Sequence(items) => self.sequence(items, 0),
            Tree::Mapping(pairs) => self.mapping(pairs, 0),
        }
        if !self.out.ends_with('\n') {
            self.break_line();
        }
        self.out
    }

    fn node(&mut self, tree: &Tree, indent: usize) {
        match tree {
            Tree::Leaf(leaf) => self.leaf(leaf, indent + INDENT, ScalarPlace::Value),
            Tree::Sequence(items) if !items.is_empty() && !self.at_start => {
                // Below its key, where lists are not indented.
                self.sequence(items, indent);
            }
            Tree::Sequence(items) => self.sequence(items, indent + INDENT),
            Tree::Mapping(pairs) => self.mapping(pairs, indent + INDENT),
        }
    }

    fn sequence(&mut self, items: &[Tree], indent: usize) {
        if items.is_empty() {
            self.word("[]");
        }
        for item in items {
            self.go_to(indent);
            self.mark("-");
            self.node(item, indent);
        }
    }

    fn mapping(&mut self, pairs: &[(Leaf, Tree)], indent: usize) {
        if pairs.is_empty() {
            self.word("{}");
        }
        for (key, value) in pairs {
            self.go_to(indent);
            if key.is_simple() {
                self.leaf(key, indent + INDENT, ScalarPlace::SimpleKey);
                self.out.push(':');
                self.column += 1;
                self.separated = false;
                self.at_start = false;
            } else {
                self.mark("?");
                self.leaf(key, indent + INDENT, ScalarPlace::Value);
                self.go_to(indent);
                self.mark(":");
            }
            self.node(value, indent);
        }
    }

    fn leaf(&mut self, leaf: &Leaf, indent: usize, place: ScalarPlace) {
        let style = leaf.style_at(place, self.charset);
        if style != Style::Plain && leaf.needs_tag() {
            self.word(&format!("!!{}", leaf.as_type.tag()));
        }
        let fold = (place == ScalarPlace::Value).then_some(indent);
        match style {
            Style::Plain => self.plain(&leaf.text, fold),
            Style::Single => self.single_quoted(&leaf.text, fold),
            Style::Double => self.double_quoted(&leaf.text, fold),
        }
    }

    /// The mark of an item, or of a key or value that does not fit on one line.
    fn mark(&mut self, mark: &str) {
        let at_start = self.at_start;
        self.word(mark);
        self.at_start = at_start;
    }

    /// Text that must be separated from what stands before it.
    fn word(&mut self, text: &str) {
        if !self.separated {
            self.push(" ");
        }
        self.push(text);
        self.separated = false;
        self.at_start = false;
    }

    /// Text without line ends.
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    /// Goes to a column, on the next line where this one has other things on it.
    fn go_to(&mut self, indent: usize) {
        let here = self.column < indent || (self.column == indent && self.separated);
        if !(self.at_start && here) {
            self.break_line();
        }
        if self.column < indent {
            self.push(&" ".repeat(indent - self.column));
            self.separated = true;
        }
    }

    fn break_line(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.at_start = true;
        self.separated = true;
    }
}

impl Leaf {
    /// True if it can be a key before a `:`: one line, not empty, and short with its tag.
    fn is_simple(&self) -> bool {
        let tag = "!!".len() + self.as_type.tag().len();
        !self.text.is_empty()
            && !self.text.contains(['\n', '\u{85}', '\u{2028}', '\u{2029}'])
            && self.text.chars().count() + tag < 128
    }

    fn style_at(&self, place: ScalarPlace, charset: Charset) -> Style {
        let simple_key = place == ScalarPlace::SimpleKey;
        scalar::style_at(&self.text, self.as_type, simple_key, charset)
    }

    /// True if its type cannot be told from a scalar in quotes.
    fn needs_tag(&self) -> bool {
        self.as_type != super::node::Type::Str
    }
}
