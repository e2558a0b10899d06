//! Text from outside, made fit to be shown.

use unicode_normalization::UnicodeNormalization;

/// Escapes control and bidirectional characters, so that text from outside cannot drive a
/// terminal or change the order of what is read. Line ends become `\n`.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if is_unsafe(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// The same for text of several lines: line ends and tabs stay.
#[must_use]
pub fn escape_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            c if is_unsafe(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// True for texts that read the same: equal, or equal once each character has its composed form
/// (Unicode NFC).
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || !(one.is_ascii() && other.is_ascii()) && one.nfc().eq(other.nfc())
}

/// Control characters, and those that reorder, hide or separate text unseen (Unicode's bidirectional
/// controls, zero-width characters, line and paragraph separators, tags). Variation selectors stay:
/// they belong to the pictures before them.
pub(crate) fn is_unsafe(c: char) -> bool {
    let selects = matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || (is_default_ignorable(c) && !selects)
}

/// The code points that are not shown (Unicode's `Default_Ignorable_Code_Point`). Disks and readers
/// leave them out, so that a name with one of them looks like, and may be, another.
pub(crate) fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_and_bidirectional_controls_are_shown_not_sent() {
        assert_eq!(
            escape("a\x1b[31mb\u{202e}c\n"),
            "a\\u{1b}[31mb\\u{202e}c\\n"
        );
        assert_eq!(escape_lines("é\n\tx\r"), "é\n\tx\\u{d}");
        assert_eq!(escape("a\u{ad}b\u{3164}"), "a\\u{ad}b\\u{3164}");
        assert_eq!(escape("\u{2764}\u{fe0f}"), "\u{2764}\u{fe0f}");
    }
}
