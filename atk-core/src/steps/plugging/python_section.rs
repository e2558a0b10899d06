//! The section that the Python tool keeps in the instructions of Claude Code and Codex. ATK never writes
//! it, and removes the lines of a plugin that is unplugged.
//!
//! ```text
//! <!-- ATK:BEGIN -->
//! @/home/me/.atk/plugins/tool/SKILL.md
//! Read /home/me/.atk/plugins/tool/SKILL.md for instructions on using the Tool MCP tools.
//! <!-- ATK:END -->
//! ```

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

const BEGIN: &[u8] = b"<!-- ATK:BEGIN -->";
const END: &[u8] = b"<!-- ATK:END -->";

/// The agents, and their files, which no variable moves: the Python tool knows none.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("claude", "~/.claude/CLAUDE.md"),
    ("codex", "~/.codex/AGENTS.md"),
];

/// The file without the lines of its section that name this `SKILL.md`; `None` if there are none.
pub(crate) fn without(file: &[u8], skill: &Path) -> Option<Vec<u8>> {
    let begin = find(file, BEGIN)? + BEGIN.len();
    // As the Python tool finds it: the first in the file.
    let end = find(file, END).filter(|end| *end >= begin)?;
    let inner = file.get(begin..end)?;
    let lines = inner.split_inclusive(|byte| *byte == b'\n');
    let kept: Vec<u8> = lines
        .filter(|line| !names(line, skill))
        .flatten()
        .copied()
        .collect();
    if kept.len() == inner.len() {
        return None;
    }
    Some([file.get(..begin)?, &kept, file.get(end..)?].concat())
}

fn names(line: &[u8], skill: &Path) -> bool {
    let (line, skill) = (line.trim_ascii(), skill.as_os_str().as_bytes());
    let reference = [b"@", skill].concat();
    let directive = [b"Read ", skill, b" for instructions on using the "].concat();
    line == reference || line.starts_with(&directive) && line.ends_with(b" MCP tools.")
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_of_the_section_that_name_the_skill_go() {
        let without = |text: &str| {
            let left = without(text.as_bytes(), Path::new("/h/plugins/tool/SKILL.md"));
            left.map(|left| String::from_utf8(left).unwrap())
        };
        let mine = "# Mine\r\n@/h/plugins/tool/SKILL.md\n\n";
        let reference = "@/h/plugins/tool/SKILL.md\n";
        let directive =
            "Read /h/plugins/tool/SKILL.md for instructions on using the My Tool MCP tools.\n";
        let other = "@/h/plugins/tool-2/SKILL.md\n";
        let section = |inner: &str| format!("{mine}<!-- ATK:BEGIN -->\n{inner}<!-- ATK:END -->\nx");
        let both = format!("{reference}{other}{directive}");
        assert_eq!(without(&section(&both)), Some(section(other)));
        assert_eq!(without(&section(reference)), Some(section("")));
        assert_eq!(without(&section(other)), None);
        assert_eq!(without(mine), None);
        assert_eq!(without(&format!("<!-- ATK:BEGIN -->\n{reference}")), None);
        let reversed = format!("<!-- ATK:END -->\n{reference}<!-- ATK:BEGIN -->\n");
        assert_eq!(without(&reversed), None);
        assert_eq!(without(""), None);
    }
}
