//! A command line as `/bin/sh` splits it into simple commands and words. It expands nothing.

use std::ops::Range;

/// A command with its words, without redirections.
#[derive(Debug, Default)]
pub(crate) struct SimpleCommand {
    pub(crate) words: Vec<Word>,
}

/// A word.
#[derive(Debug)]
pub(crate) struct Word {
    /// Where it is in the line.
    pub(crate) range: Range<usize>,
    /// Its text without quotes, up to the first expansion.
    pub(crate) text: String,
    /// False if the shell expands something in it.
    pub(crate) whole: bool,
}

impl Word {
    /// True if it is this word and nothing else.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.whole && self.text == text
    }
}

/// The simple commands of a line, those of subshells and substitutions included, in the order in
/// which they start. None if it has syntax that is not read here (here-documents, quotes that are
/// not closed).
pub(crate) fn commands(line: &str) -> Option<Vec<SimpleCommand>> {
    let mut scanner = Scanner {
        line,
        at: 0,
        commands: Vec::new(),
    };
    while scanner.at < line.len() {
        scanner.list(0)?;
    }
    let mut commands = scanner.commands;
    commands.sort_by_key(|command| command.words.first().map(|word| word.range.start));
    Some(commands)
}

/// Shell words that only precede a command.
const KEYWORDS: [&str; 9] = [
    "if", "then", "elif", "else", "while", "until", "do", "!", "{",
];

/// Commands after which relative paths, or the environment, may be others.
const MOVES: [&str; 6] = ["cd", "pushd", "popd", ".", "source", "eval"];

/// The words of a command without keywords and assignments in front of it.
pub(crate) fn without_prefixes(words: &[Word]) -> &[Word] {
    let own = words.iter().position(|word| {
        !KEYWORDS.iter().any(|keyword| word.is(keyword)) && !is_assignment(&word.text)
    });
    words.get(own.unwrap_or(words.len())..).unwrap_or_default()
}

/// True for `NAME=value`.
pub(crate) fn is_assignment(text: &str) -> bool {
    let name = text.split_once('=').map_or("", |(name, _)| name);
    let is_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
    !name.is_empty() && name.chars().all(is_name) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// True for a command that changes the directory or the environment of those after it, or may do so.
pub(crate) fn moves(words: &[Word]) -> bool {
    let first = words.first();
    first.is_some_and(|first| !first.whole || MOVES.iter().any(|name| first.is(name)))
}

/// How deep substitutions may be nested: each one is a call of a function.
const DEEPEST: usize = 32;

struct Scanner<'a> {
    line: &'a str,
    at: usize,
    commands: Vec<SimpleCommand>,
}

/// A command that is being read.
#[derive(Default)]
struct Open {
    command: SimpleCommand,
    word: Option<Word>,
    /// True if the next word is the target of a redirection.
    target: bool,
}

impl Open {
    /// The word that is being read, begun at this place if there is none.
    fn word(&mut self, at: usize) -> &mut Word {
        self.word.get_or_insert(Word {
            range: at..at,
            text: String::new(),
            whole: true,
        })
    }

    fn end_word(&mut self, at: usize) {
        if let Some(mut word) = self.word.take()
            && !std::mem::take(&mut self.target)
        {
            word.range.end = at;
            self.command.words.push(word);
        }
    }

    /// The digits before a redirection name a descriptor and are no word.
    fn drop_descriptor(&mut self) {
        let digits = |word: &mut Word| word.text.chars().all(|c| c.is_ascii_digit());
        self.word.take_if(digits);
    }
}

impl Word {
    fn push(&mut self, c: char) {
        if self.whole {
            self.text.push(c);
        }
    }
}

impl Scanner<'_> {
    /// Reads commands until a closing parenthesis or the end of the line.
    fn list(&mut self, depth: usize) -> Option<()> {
        let mut open = Open::default();
        while let Some(c) = self.peek() {
            let start = self.at;
            match c {
                '\\' if self.rest().starts_with("\\\n") => self.at += 2,
                ' ' | '\t' | '\r' => {
                    open.end_word(start);
                    self.at += 1;
                }
                '#' if open.word.is_none() => self.skip_comment(),
                '<' | '>' => self.redirection(&mut open)?,
                ';' | '&' | '|' | '\n' => {
                    self.at += 1;
                    self.end_command(&mut open, start);
                }
                '(' => {
                    self.at += 1;
                    self.end_command(&mut open, start);
                    self.nested(depth)?;
                }
                ')' => {
                    self.at += 1;
                    self.end_command(&mut open, start);
                    return Some(());
                }
                _ => self.piece(&mut open, depth)?,
            }
        }
        self.end_command(&mut open, self.at);
        Some(())
    }

    /// Reads a part of a word: a character, a quotation, an expansion.
    fn piece(&mut self, open: &mut Open, depth: usize) -> Option<()> {
        let start = self.at;
        let word = open.word(start);
        match self.next()? {
            '\\' => word.push(self.next()?),
            '\'' => {
                let length = self.rest().find('\'')?;
                self.rest()[..length].chars().for_each(|c| word.push(c));
                self.at += length + 1;
            }
            '"' => self.quotation(word, depth)?,
            '$' => self.expansion(word, depth)?,
            '`' => self.backquotes(word)?,
            '*' | '?' | '[' => word.whole = false,
            '~' if start == word.range.start => word.whole = false,
            c => word.push(c),
        }
        Some(())
    }

    fn quotation(&mut self, word: &mut Word, depth: usize) -> Option<()> {
        loop {
            match self.next()? {
                '"' => return Some(()),
                '\\' => word.push(self.next()?),
                '$' => self.expansion(word, depth)?,
                '`' => self.backquotes(word)?,
                c => word.push(c),
            }
        }
    }

    /// Reads what follows a `$`.
    fn expansion(&mut self, word: &mut Word, depth: usize) -> Option<()> {
        let rest = self.rest();
        if rest.starts_with("((") {
            word.whole = false;
            self.at += rest.find("))")? + 2;
        } else if rest.starts_with('(') {
            word.whole = false;
            self.at += 1;
            self.nested(depth)?;
        } else if rest.starts_with('{') {
            word.whole = false;
            self.at += rest.find('}')? + 1;
        } else if rest
            .starts_with(|c: char| c == '_' || c.is_alphanumeric() || "@*#?-$!".contains(c))
        {
            word.whole = false;
        } else {
            word.push('$');
        }
        Some(())
    }

    /// Commands in backquotes have rules of their own for quotes, and are skipped.
    fn backquotes(&mut self, word: &mut Word) -> Option<()> {
        word.whole = false;
        loop {
            match self.next()? {
                '`' => return Some(()),
                '\\' => drop(self.next()?),
                _ => {}
            }
        }
    }

    fn redirection(&mut self, open: &mut Open) -> Option<()> {
        open.drop_descriptor();
        open.end_word(self.at);
        let rest = self.rest();
        if rest.starts_with("<<") {
            return None;
        }
        let operator = rest.find(|c| !"<>&|".contains(c)).unwrap_or(rest.len());
        self.at += operator;
        open.target = true;
        Some(())
    }

    fn nested(&mut self, depth: usize) -> Option<()> {
        if depth == DEEPEST {
            return None;
        }
        self.list(depth + 1)
    }

    fn end_command(&mut self, open: &mut Open, at: usize) {
        open.end_word(at);
        let command = std::mem::take(open).command;
        if !command.words.is_empty() {
            self.commands.push(command);
        }
    }

    fn skip_comment(&mut self) {
        let length = self.rest().find('\n');
        self.at = length.map_or(self.line.len(), |length| self.at + length);
    }

    fn rest(&self) -> &str {
        &self.line[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }
}
