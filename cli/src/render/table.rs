//! A table: columns as wide as their widest cell, two blanks between them.

use unicode_width::UnicodeWidthStr;

use super::{BOLD, DIM};

/// Lays out rows under a heading. Cells are plain text of one line.
pub(crate) fn table<const N: usize>(heading: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = heading.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = format!(
        "{DIM}{}{DIM:#}\n",
        line(heading.map(str::to_owned), &widths)
    );
    for row in rows {
        let line = line(row.clone(), &widths);
        // The first column names the subject of the row.
        let (first, rest) = line.split_at(row.first().map_or(0, String::len));
        text.push_str(&format!("{BOLD}{first}{BOLD:#}{rest}\n"));
    }
    text
}

fn line<const N: usize>(cells: [String; N], widths: &[usize; N]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        // By hand: the formatter pads by characters, and some are two columns wide.
        line.push_str(&" ".repeat(width + 2 - cell.width()));
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_wide_characters() {
        let rows = [
            ["日本".to_owned(), "a".to_owned(), "x".to_owned()],
            ["b".to_owned(), "long one".to_owned(), String::new()],
        ];
        let text = table(["NAME", "WHAT", "X"], &rows);
        insta::assert_snapshot!(anstream::adapter::strip_str(&text), @r"
        NAME  WHAT      X
        日本  a         x
        b     long one
        ");
    }
}
