//! The options of `docker compose` itself, which stand before its subcommand.

use super::shell::Word;

/// Options that take a value (docker/compose, `cmd/compose/compose.go`).
const WITH_VALUE: [&str; 10] = [
    "ansi",
    "env-file",
    "file",
    "insecure-registry",
    "parallel",
    "profile",
    "progress",
    "project-directory",
    "project-name",
    "workdir",
];

/// Options that take none.
const SWITCHES: [&str; 8] = [
    "all-resources",
    "compatibility",
    "debug",
    "dry-run",
    "help",
    "no-ansi",
    "verbose",
    "version",
];

/// What the options say about files.
#[derive(Debug, Default)]
pub(super) struct ComposeOptions {
    /// Where the last `-f` option ends.
    pub(super) last_file: Option<usize>,
    pub(super) project_directory: Option<String>,
    pub(super) env_files: Vec<String>,
}

/// An option: its long name, and its value if it is in the same word.
enum Meaning<'w> {
    Switch,
    Valued(&'static str, Option<&'w str>),
}

impl ComposeOptions {
    /// Reads the words after `docker compose`. None if it cannot be known what they mean before
    /// the shell has expanded them, or if an option is not known.
    pub(super) fn read(words: &[Word]) -> Option<ComposeOptions> {
        let mut options = ComposeOptions::default();
        // A value that matters, and that only the shell knows.
        let mut unknown = false;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word.is("--") {
                break;
            }
            if word.is("-") || !word.text.starts_with('-') {
                // An expansion may be an option, or several words.
                if word.text.is_empty() && !word.whole {
                    return None;
                }
                break;
            }
            let Meaning::Valued(name, inline) = meaning(word)? else {
                continue;
            };
            let (holder, value) = match inline {
                Some(value) => (word, value),
                None => {
                    let Some(next) = words.next() else { break };
                    (next, next.text.as_str())
                }
            };
            let value = holder.whole.then(|| value.to_owned());
            match name {
                "file" => options.last_file = Some(holder.range.end),
                "project-directory" | "workdir" => {
                    unknown |= value.is_none();
                    options.project_directory = value;
                }
                "env-file" => {
                    unknown |= value.is_none();
                    options.env_files.extend(value);
                }
                _ => {}
            }
        }
        (options.last_file.is_some() || !unknown).then_some(options)
    }
}

/// What an option word means, as pflag reads it. None for one that is not known.
fn meaning(word: &Word) -> Option<Meaning<'_>> {
    if let Some(long) = word.text.strip_prefix("--") {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None if !word.whole => return None,
            None => (long, None),
        };
        if SWITCHES.contains(&name) {
            return Some(Meaning::Switch);
        }
        let known = WITH_VALUE.into_iter().find(|known| *known == name)?;
        return Some(Meaning::Valued(known, value));
    }
    let letters = word.text.strip_prefix('-')?;
    for (at, letter) in letters.char_indices() {
        let name = match letter {
            'f' => "file",
            'p' => "project-name",
            'D' | 'h' | 'v' => continue,
            _ => return None,
        };
        // `-fX`, `-f=X` and `-f X` are the same.
        let rest = letters.get(at + 1..).unwrap_or_default();
        let value = rest.strip_prefix('=').unwrap_or(rest);
        let inline = !rest.is_empty() || !word.whole;
        return Some(Meaning::Valued(name, inline.then_some(value)));
    }
    word.whole.then_some(Meaning::Switch)
}
