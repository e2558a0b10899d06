//! Writing documents with the bytes of PyYAML's
//! `yaml.dump(data, default_flow_style=False, sort_keys=False)`.
//!
//! Block style, two blanks a level, lists not indented below their key, lines of 80 columns folded
//! at blanks, everything but ASCII escaped.

mod scalar;

pub(crate) use scalar::{Style, style};

use super::tree::{Leaf, Tree};

const INDENT: usize = 2;

/// Writes a document.
pub(crate) fn write(tree: &Tree) -> String {
    let mut writer = Writer::default();
    match tree {
        Tree::Leaf(leaf) => {
            writer.leaf(leaf, INDENT, ScalarPlace::Value);
            writer.break_line();
            if leaf.style_at(ScalarPlace::Value) == Style::Plain {
                // Without it the end of a bare scalar could not be told in a stream.
                writer.out.push_str("...\n");
            }
        }
        Tree::Sequence(items) => writer.sequence(items, 0),
        Tree::Mapping(pairs) => writer.mapping(pairs, 0),
    }
    if !writer.out.ends_with('\n') {
        writer.break_line();
    }
    writer.out
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
    out: String,
    /// Characters on the last line.
    column: usize,
    /// True if the last line holds nothing but indentation and the marks of collections, so
    /// that a collection may begin on it.
    at_start: bool,
    /// True if the last character separates.
    separated: bool,
}

impl Default for Writer {
    fn default() -> Self {
        Writer {
            out: String::new(),
            column: 0,
            at_start: true,
            separated: true,
        }
    }
}

impl Writer {
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
        let style = leaf.style_at(place);
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

    /// Text of ASCII characters, without line ends.
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.len();
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

    fn style_at(&self, place: ScalarPlace) -> Style {
        scalar::style_at(&self.text, self.as_type, place == ScalarPlace::SimpleKey)
    }

    /// True if its type cannot be told from a scalar in quotes.
    fn needs_tag(&self) -> bool {
        self.as_type != super::node::Type::Str
    }
}
