//! Changes of a file: in place where it was written by hand, as the writer writes it where it was
//! written by the writer.

use std::str::FromStr;

use yaml_edit::{Document, ScalarValue};

use super::tree::Tree;
use super::{Budget, Style, read, style, write};

/// A changed text.
pub(crate) struct Edited {
    pub(crate) text: String,
    /// True if the whole file had to be written anew, so that its comments went.
    pub(crate) comments_lost: bool,
}

/// Makes a change of a text that says `before`, so that it says `after`. `in_place` makes the change
/// in the parsed document; what comes of it is read back and compared, and not used if it does not
/// say `after`.
pub(crate) fn edited(
    text: &str,
    (before, after): (&Tree, &Tree),
    budget: Budget,
    in_place: impl FnOnce(&Document) -> Option<()>,
) -> Edited {
    if written_like(text, before) == text {
        return Edited {
            text: written_like(text, after),
            comments_lost: false,
        };
    }
    let in_place = || {
        let document = Document::from_str(text).ok()?;
        in_place(&document)?;
        Some(document.to_string()).filter(|text| says(text, after, budget))
    };
    match in_place() {
        Some(text) => Edited {
            text,
            comments_lost: false,
        },
        None => Edited {
            text: written_like(text, after),
            comments_lost: true,
        },
    }
}

/// A string in the quotes that PyYAML would give it: by itself the editor quotes for YAML 1.2,
/// where `on` and `12:30` are strings.
pub(crate) fn scalar(text: &str) -> ScalarValue {
    match style(text) {
        Style::Plain => ScalarValue::plain(text),
        // PyYAML would put the lines below each other; escaped they stay on one.
        Style::Single if text.contains('\n') => ScalarValue::double_quoted(text),
        Style::Single => ScalarValue::single_quoted(text),
        Style::Double => ScalarValue::double_quoted(text),
    }
}

/// A tree written whole, with the byte order mark and the line ends of a text.
fn written_like(text: &str, tree: &Tree) -> String {
    let mut written = write(tree);
    if text.contains("\r\n") {
        written = written.replace('\n', "\r\n");
    }
    if text.starts_with('\u{feff}') {
        written.insert(0, '\u{feff}');
    }
    written
}

fn says(text: &str, tree: &Tree, budget: Budget) -> bool {
    match read(text, "", budget) {
        Ok(Some(root)) => Tree::from(&root) == *tree,
        Ok(None) | Err(_) => false,
    }
}
