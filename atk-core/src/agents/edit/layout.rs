//! How the lines of a file are written.

/// The line end and the indentation for what is added to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) newline: &'static str,
    /// What each level adds to the indentation.
    pub(super) unit: String,
    /// The indentation of the line on which the new text begins.
    pub(super) base: String,
}

impl Layout {
    /// The layout one level deeper.
    pub(super) fn deeper(&self) -> Layout {
        Layout {
            base: format!("{}{}", self.base, self.unit),
            ..self.clone()
        }
    }

    /// A line end and the indentation after it.
    pub(super) fn line(&self) -> String {
        format!("{}{}", self.newline, self.base)
    }
}

/// The line end of a text: that of its first line.
pub(super) fn newline(text: &str) -> &'static str {
    match text.split_once('\n') {
        Some((line, _)) if line.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The spaces and tabs at the start of the line of a byte.
pub(super) fn indentation(text: &str, at: usize) -> &str {
    let line = text.get(line_start(text, at)..).unwrap_or_default();
    let length = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..length).unwrap_or_default()
}

/// True if only spaces and tabs stand before a byte on its line.
pub(super) fn starts_line(text: &str, at: usize) -> bool {
    line_start(text, at) + indentation(text, at).len() >= at
}

fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.rfind('\n').map_or(0, |end| end + 1)
}
