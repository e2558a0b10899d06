//! A page, and the examples in it.

use std::fs;
use std::path::{Path, PathBuf};

pub(super) struct Page {
    pub(super) path: PathBuf,
    pub(super) examples: Vec<Example>,
}

/// A command of a block, and what the block shows of its output.
pub(super) struct Example {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) command: String,
    pub(super) output: Vec<String>,
    pub(super) fails: bool,
}

impl Page {
    pub(super) fn read(path: &Path) -> Page {
        let text = fs::read_to_string(path).unwrap();
        let mut examples = Vec::new();
        let mut block: Option<Vec<Example>> = None;
        let mut fails = false;
        let mut runs = true;
        for (at, line) in text.lines().enumerate() {
            match (&mut block, line) {
                (Some(commands), "```") => {
                    if runs {
                        examples.append(commands);
                    }
                    (block, runs) = (None, true);
                }
                (Some(commands), line) => add(commands, at + 1, line, fails),
                (None, "```console" | "```console,fails") => {
                    fails = line.ends_with("fails");
                    block = Some(Vec::new());
                }
                (None, "") => {}
                (None, line) if line.starts_with("<!-- before: ") => {
                    let command = line["<!-- before: ".len()..].strip_suffix(" -->");
                    let command = command.expect("a comment of one line");
                    add(&mut examples, at + 1, &format!("$ {command}"), false);
                }
                (None, line) => {
                    let reason = line
                        .strip_prefix("<!-- not run: ")
                        .and_then(|line| line.strip_suffix(" -->"));
                    runs = reason.is_none_or(str::is_empty);
                }
            }
        }
        assert!(block.is_none(), "{}: a block does not end", path.display());
        Page {
            path: path.to_owned(),
            examples,
        }
    }
}

fn add(commands: &mut Vec<Example>, number: usize, line: &str, fails: bool) {
    if let Some(command) = line.strip_prefix("$ ") {
        commands.push(Example {
            line: number,
            command: command.to_owned(),
            output: Vec::new(),
            fails,
        });
        return;
    }
    let last = commands.last_mut().expect("a command before its output");
    match line.strip_prefix('>') {
        Some(more) if last.output.is_empty() => {
            last.command.push('\n');
            last.command
                .push_str(more.strip_prefix(' ').unwrap_or(more));
        }
        _ => last.output.push(line.to_owned()),
    }
}

/// Whether what was printed is what the page shows.
pub(super) fn is_shown(printed: &[&str], shown: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((any, rest)) if any == "…" => {
            (0..=printed.len()).any(|from| is_shown(&printed[from..], rest))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, more)| is_line(first, line) && is_shown(more, rest)),
    }
}

/// Whether a line is the shown one, in which `…` stands for any text.
fn is_line(printed: &str, shown: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut left) = printed.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some(at) = left.find(part) else {
            return false;
        };
        left = &left[at + part.len()..];
    }
    left.is_empty()
}

#[test]
fn dots_stand_for_any_text() {
    let shown = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let is = |printed: &[&str], text| is_shown(printed, &shown(text));
    assert!(is(&["a", "b"], "a\nb"));
    assert!(!is(&["a", "b"], "a"));
    assert!(!is(&["a"], "a\nb"));
    assert!(is(&["at 0123 now"], "at … now"));
    assert!(!is(&["at 0123 then"], "at … now"));
    assert!(is(&["a", "x", "y", "b"], "a\n…\nb"));
    assert!(!is(&["a", "x", "y"], "a\n…\nb"));
    assert!(is(&["a: 1, b: 2"], "a: …, b: …"));
}
