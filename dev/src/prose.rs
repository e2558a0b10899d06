//! Documentation as text: paragraphs wrapped to a width.

/// Wraps paragraphs, which blank lines separate, to lines of at most `width` characters.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, paragraph) in text.split("\n\n").enumerate() {
        if number > 0 {
            lines.push(String::new());
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Wraps paragraphs, and begins every line with a prefix (`/// `).
pub(crate) fn commented(text: &str, prefix: &str, width: usize) -> String {
    let mut comment = String::new();
    for line in wrapped(text, width.saturating_sub(prefix.chars().count())) {
        comment.push_str(format!("{prefix}{line}").trim_end());
        comment.push('\n');
    }
    comment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_wrapped_each() {
        assert_eq!(
            commented("one two three four\n\nfive", "// ", 12),
            "// one two\n// three\n// four\n//\n// five\n"
        );
    }
}
