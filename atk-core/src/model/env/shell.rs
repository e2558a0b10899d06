//! What a shell makes of the file: scripts source it, so a value must never become a command.
//!
//! Inside quotes of ours everything is data to a shell, with two exceptions. First, a few values
//! cannot be quoted for all readers at once: python-dotenv and compose need `\'`, which ends the
//! quotes of a shell. Such a line is hidden from shells by a [`Guard`]. Second, a quote that an
//! earlier line leaves open turns inside and outside around; [`is_clean`] finds that.

use std::ops::Range;

/// The variable of guards. Nothing else may use names that start so.
const NAME: &str = "_ATK_SH";

/// Two lines that hide what is between them from a shell.
///
/// ```text
/// _ATK_SH= : <<'_ATK_SH='
/// PASSWORD='it\'s $5'
/// _ATK_SH=
/// ```
///
/// To a shell that is `:` with a here-document, so the lines between are data and the variable
/// keeps the value that the environment has. To python-dotenv and compose they are assignments of
/// a variable that is never read.
pub(super) struct Guard {
    name: String,
}

impl Guard {
    /// Makes a guard whose last line does not occur in what it hides.
    pub(super) fn around(hidden: &str) -> Self {
        let ends = |name: &str| {
            let last = format!("{name}=");
            hidden.split(['\n', '\r']).any(|line| line == last)
        };
        let names = (0u32..).map(|number| match number {
            0 => NAME.to_owned(),
            number => format!("{NAME}{number}"),
        });
        let free = names.into_iter().find(|name| !ends(name));
        Guard {
            name: free.unwrap_or_else(|| NAME.to_owned()),
        }
    }

    pub(super) fn first_line(&self) -> String {
        format!("{0}= : <<'{0}='", self.name)
    }

    pub(super) fn last_line(&self) -> String {
        format!("{}=", self.name)
    }
}

/// True for the variable of a guard.
pub(super) fn is_guard(name: &str) -> bool {
    name.strip_prefix(NAME)
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The lines of an assignment with those of its guard, if it has one.
pub(super) fn with_guard(text: &str, lines: &Range<usize>) -> Range<usize> {
    let before = text.get(..lines.start).unwrap_or_default();
    let after = text.get(lines.end..).unwrap_or_default();
    let Some(first) = before.split_inclusive('\n').next_back() else {
        return lines.clone();
    };
    let Some(last) = after.split_inclusive('\n').next() else {
        return lines.clone();
    };
    let opened = here_document(first.trim_start_matches('\u{feff}'));
    let is_guarded = opened.is_some_and(|delimiter| {
        is_guard(delimiter.trim_end_matches('='))
            && last.trim_end_matches(['\r', '\n']) == delimiter
    });
    match is_guarded {
        true => lines.start - first.trim_start_matches('\u{feff}').len()..lines.end + last.len(),
        false => lines.clone(),
    }
}

/// The delimiter of the here-document that the first line of a guard begins.
fn here_document(line: &str) -> Option<&str> {
    let line = line.trim_end_matches(['\r', '\n']);
    let (name, rest) = line.split_once("= : <<'")?;
    let delimiter = rest.strip_suffix('\'')?;
    (is_guard(name) && delimiter.strip_suffix('=') == Some(name)).then_some(delimiter)
}

/// True if a shell that has read this text is at the start of a command: no quote is open, and
/// nothing is there of which this little knowledge of shells is not sure.
pub(super) fn is_clean(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(delimiter) = here_document(first_line(rest)) {
            let Some(after) = behind(rest, delimiter) else {
                return false;
            };
            rest = after;
            continue;
        }
        match behind_command(rest) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

/// What follows the line that ends a here-document.
fn behind<'t>(text: &'t str, delimiter: &str) -> Option<&'t str> {
    let mut at = first_line(text).len();
    for line in text.get(at..)?.split_inclusive('\n') {
        at += line.len();
        if line.trim_end_matches(['\r', '\n']) == delimiter {
            return text.get(at..);
        }
    }
    None
}

/// What follows the line end that ends a command; `None` if a quote stays open.
fn behind_command(text: &str) -> Option<&str> {
    let mut chars = text.char_indices();
    let mut word_start = true;
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' => return text.get(at + 1..),
            '\\' => {
                chars.next()?;
            }
            '\'' => {
                chars.find(|(_, c)| *c == '\'')?;
            }
            '"' => skip_double(&mut chars)?,
            '#' if word_start => {
                let line = first_line(text.get(at..)?);
                return text.get(at + line.len()..);
            }
            // Commands in each other, and here-documents: too much for this.
            '`' => return None,
            '<' if text.get(at..)?.starts_with("<<") => return None,
            '$' if text.get(at..)?.starts_with("$(") => return None,
            '$' if text.get(at..)?.starts_with("${") => return None,
            '$' if text.get(at..)?.starts_with("$'") => return None,
            _ => {}
        }
        word_start = c.is_whitespace() || "&|;()".contains(c);
    }
    Some("")
}

fn skip_double(chars: &mut std::str::CharIndices<'_>) -> Option<()> {
    loop {
        match chars.next()?.1 {
            '"' => return Some(()),
            '\\' => {
                chars.next()?;
            }
            '`' => return None,
            '$' if chars.as_str().starts_with(['(', '{']) => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_is_left_open_is_found() {
        for clean in [
            "",
            "A=1\n# it's\nB='x\ny' # \"\n",
            "A=\"it's \\\" \"\nB=it\\'s\n",
            "A=a#'b'\n",
            "_ATK_SH= : <<'_ATK_SH='\nA='it\\'s'\n_ATK_SH=\nB=1\n",
        ] {
            assert!(is_clean(clean), "{clean:?}");
        }
        for open in [
            "A=it's\n",
            "A=\"open\n",
            "A='it\\'s'\n",
            "A=x#it's\n",
            "A=`\n",
            "A=$(\n",
            "A=\"$(\n",
            "cat <<X\n",
            "_ATK_SH= : <<'_ATK_SH='\nA=1\n",
            "A=x\\",
        ] {
            assert!(!is_clean(open), "{open:?}");
        }
    }

    #[test]
    fn a_guard_ends_in_no_line_of_what_it_hides() {
        let guard = Guard::around("A='it\\'s\n_ATK_SH=\n_ATK_SH1=\r\n$'");
        assert_eq!(guard.first_line(), "_ATK_SH2= : <<'_ATK_SH2='");
        assert_eq!(guard.last_line(), "_ATK_SH2=");
        assert!(is_guard("_ATK_SH") && is_guard("_ATK_SH12"));
        assert!(!is_guard("_ATK_SHELL") && !is_guard("_ATK"));
    }

    #[test]
    fn a_guard_goes_with_its_assignment() {
        let text = "X=1\n_ATK_SH= : <<'_ATK_SH='\nA='it\\'s'\n_ATK_SH=\nY=1\n";
        let at = text.find("A='").unwrap();
        let line = at..at + "A='it\\'s'\n".len();
        let found = with_guard(text, &line);
        assert_eq!(
            &text[found],
            "_ATK_SH= : <<'_ATK_SH='\nA='it\\'s'\n_ATK_SH=\n"
        );
        assert_eq!(with_guard(text, &(0..4)), 0..4);
    }
}
