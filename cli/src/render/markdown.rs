//! A document in Markdown, laid out for a terminal.

use anstyle::{AnsiColor, Reset, Style};
use atk_core::{escape, escape_lines};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use super::{BOLD, DIM};

const CODE: Style = AnsiColor::Cyan.on_default();
const TITLE: Style = Style::new().bold().underline();

/// Lays out a document: lines stay lines, marks become styles. HTML is not changed: a `<name>` in a
/// sentence is HTML too.
pub(crate) fn markdown(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut page = Page::default();
    for event in Parser::new_ext(text, options) {
        page.event(event);
    }
    page.flush();
    page.text
}

/// The text so far, and the open elements.
#[derive(Default)]
struct Page {
    text: String,
    /// The lines of the open block.
    block: String,
    /// True if an empty line goes before the next block.
    gap: bool,
    indents: Vec<Indent>,
    /// The number of the next item of each open list; None if it has bullets.
    lists: Vec<Option<u64>>,
    styles: Vec<Style>,
    /// For each open link: where its text begins in the block, and its URL.
    links: Vec<(usize, String)>,
    table: Vec<Vec<String>>,
}

/// The text to the left of a block.
struct Indent {
    /// In its first line, until that is written.
    first: Option<String>,
    rest: String,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            // Escaped only now: `&#27;` of the document is an escape character here.
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.block.push_str(&escape_lines(&text));
            }
            Event::Code(code) => {
                self.push(CODE);
                self.block.push_str(&escape(&code));
                self.pop();
            }
            Event::SoftBreak | Event::HardBreak => self.block.push('\n'),
            Event::Rule => {
                self.block.push_str(&"─".repeat(40));
                self.close(true);
            }
            Event::TaskListMarker(done) => self.block.push_str(if done { "[x] " } else { "[ ] " }),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.push(match level {
                HeadingLevel::H1 => TITLE,
                _ => BOLD,
            }),
            Tag::BlockQuote(_) => self.indent(None, format!("{DIM}│{DIM:#} ")),
            Tag::CodeBlock(_) => {
                self.flush();
                self.indent(None, "    ".to_owned());
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::TableHead | Tag::TableRow => self.table.push(Vec::new()),
            Tag::Emphasis => self.push(Style::new().italic()),
            Tag::Strong => self.push(BOLD),
            Tag::Link { dest_url, .. } => {
                self.links.push((self.block.len(), dest_url.into_string()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.close(true),
            TagEnd::Heading(_) => {
                self.pop();
                self.close(true);
            }
            TagEnd::CodeBlock => {
                let lines = self
                    .block
                    .lines()
                    .map(|line| format!("{CODE}{line}{CODE:#}"));
                self.block = lines.collect::<Vec<_>>().join("\n");
                self.close(self.lists.is_empty());
                self.indents.pop();
            }
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                self.flush();
                self.indents.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.gap = self.lists.is_empty();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.block);
                self.table
                    .last_mut()
                    .into_iter()
                    .for_each(|row| row.push(cell.clone()));
            }
            TagEnd::Table => self.rows(),
            TagEnd::Emphasis | TagEnd::Strong => self.pop(),
            TagEnd::Link => self.link(),
            _ => {}
        }
    }

    fn item(&mut self) {
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            Some(None) | None => "• ".to_owned(),
        };
        let rest = " ".repeat(mark.width());
        self.indent(Some(mark), rest);
    }

    fn indent(&mut self, first: Option<String>, rest: String) {
        self.indents.push(Indent { first, rest });
    }

    /// Adds the URL of a link if its text does not contain it.
    fn link(&mut self) {
        if let Some((start, url)) = self.links.pop() {
            let url = escape(&url);
            let said = self
                .block
                .get(start..)
                .is_some_and(|text| text.contains(&url));
            if !said && !url.starts_with('#') {
                self.push(Style::new().dimmed());
                self.block.push_str(&format!(" ({url})"));
                self.pop();
            }
        }
    }

    /// Writes a table, its columns as wide as their widest cell.
    fn rows(&mut self) {
        let rows = std::mem::take(&mut self.table);
        let width = |cell: &String| anstream::adapter::strip_str(cell).to_string().width();
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                rows.iter()
                    .filter_map(|row| row.get(column))
                    .map(width)
                    .max()
            })
            .map(Option::unwrap_or_default)
            .collect();
        for (number, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(&widths);
            let line: String = cells
                .map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide + 2 - width(cell))))
                .collect();
            let line = line.trim_end();
            self.block.push_str(&match number {
                0 => format!("{BOLD}{line}{BOLD:#}\n"),
                _ => format!("{line}\n"),
            });
        }
        self.close(true);
    }

    /// Begins a style on top of those that are open.
    fn push(&mut self, style: Style) {
        self.styles.push(style);
        self.block.push_str(&style.to_string());
    }

    /// Ends the innermost style; the others continue.
    fn pop(&mut self) {
        self.styles.pop();
        self.block.push_str(&Reset.to_string());
        for style in &self.styles {
            self.block.push_str(&style.to_string());
        }
    }

    fn close(&mut self, gap: bool) {
        self.flush();
        self.gap |= gap;
    }

    /// Writes the open block, if there is any.
    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.is_empty() {
            return;
        }
        if std::mem::take(&mut self.gap) && !self.text.is_empty() {
            self.text.push('\n');
        }
        for line in block.lines() {
            for indent in &mut self.indents {
                let left = indent.first.take();
                self.text
                    .push_str(&left.unwrap_or_else(|| indent.rest.clone()));
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
# One *two* `three`
First line
and **bold `code` on**, [a link](https://a.example/x), <https://b.example>, `<plugin>` or <plugin>.

* item
  goes on
* other
  1. deep
  2. deeper

      code of it

- [x] done

> quoted
> twice

```sh
atk add x
  indented
```

| name | what |
|---|---|
| `A` | first |
| longer | b |

---
bad &#27;[2J \u{1b}[31m \u{202e} end
";

    #[test]
    fn a_document_is_laid_out_and_escaped() {
        let shown = markdown(DOCUMENT);
        insta::assert_snapshot!(anstream::adapter::strip_str(&shown), @r"
        One two three

        First line
        and bold code on, a link (https://a.example/x), https://b.example, <plugin> or <plugin>.

        • item
          goes on
        • other
          1. deep

          2. deeper

             code of it

        • [x] done

        │ quoted
        │ twice

            atk add x
              indented

        name    what
        A       first
        longer  b

        ────────────────────────────────────────

        bad \u{1b}[2J \u{1b}[31m \u{202e} end
        ");
        let styled = |text: &str| markdown(text).replace('\u{1b}', "ESC");
        assert_eq!(
            styled("## a *b* c"),
            "ESC[1ma ESC[3mbESC[0mESC[1m cESC[0m\n"
        );
        assert!(!markdown("&#27;[2J").contains('\u{1b}'));
    }
}
