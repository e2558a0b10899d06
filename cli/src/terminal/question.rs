//! Questions: their text, and the meaning of an answer.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use atk_core::{CancelToken, Prompt, PromptKind, Reply, escape, escape_lines};

use signal_hook::SigId;
use signal_hook::consts::SIGCONT;

use super::hidden::Hidden;
use super::input::{Line, has_ended, read_answer};
use super::paste::Marked;

/// Asks on standard error, or on the terminal if standard error is not one, and reads the answer
/// from standard input.
///
/// # Errors
/// If the input cannot be read.
pub(super) fn ask(prompt: &Prompt, cancel: &CancelToken) -> io::Result<Reply> {
    let input = io::stdin();
    let mut screen: Box<dyn Write> = Box::new(io::stderr());
    if input.is_terminal()
        && !io::stderr().is_terminal()
        && let Ok(terminal) = OpenOptions::new().write(true).open("/dev/tty")
    {
        screen = Box::new(terminal);
    }
    converse(prompt, input.as_fd(), &mut *screen, cancel)
}

/// Asks until the answer is valid; a script is asked only once.
fn converse(
    prompt: &Prompt,
    input: BorrowedFd<'_>,
    screen: &mut dyn Write,
    cancel: &CancelToken,
) -> io::Result<Reply> {
    let person = rustix::termios::isatty(input);
    let secret = prompt.kind == PromptKind::Secret;
    let mut question = preamble(prompt);
    let resumed = Resumed::notice(person);
    // A script that has no answers sees no questions. One that may still write is asked.
    if !person && has_ended(input) {
        return Ok(Reply::Unanswered);
    }
    // Hidden before it is asked for: who answers at once is hidden too.
    let hidden = (secret && person).then(|| Hidden::new(input)).transpose()?;
    loop {
        if let Some(hidden) = &hidden {
            hidden.renew()?;
        }
        question.push_str(&last_line(prompt));
        // Even if the question cannot be shown, an answer may arrive.
        let _ = screen
            .write_all(question.as_bytes())
            .and_then(|()| screen.flush());
        let marked = Marked::new(&mut *screen, secret && person && marks_pastes());
        let line = read_answer(input, hidden.as_ref(), cancel, &resumed.flag)?;
        drop(marked);
        if !person || line == Line::End || line == Line::Cancelled {
            let _ = screen.write_all(b"\n");
        }
        let text = match line {
            Line::Text(text) => text,
            Line::Resumed => {
                question.clear();
                continue;
            }
            Line::Several => {
                question = format!("{SEVERAL}\n");
                continue;
            }
            // Ctrl-D is not an answer: what has a default must not be answered by it.
            Line::End if person => {
                cancel.cancel();
                return Ok(Reply::Unanswered);
            }
            Line::End | Line::Cancelled => return Ok(Reply::Unanswered),
        };
        match (meaning(prompt, text), person) {
            (Ok(reply), _) => return Ok(reply),
            (Err(complaint), true) => question = format!("{complaint}\n"),
            (Err(_), false) => return Ok(unusable(prompt)),
        }
    }
}

/// Notices that the process goes on after it was stopped, until it is dropped.
struct Resumed {
    flag: Arc<AtomicBool>,
    handler: Option<SigId>,
}

impl Resumed {
    fn notice(person: bool) -> Resumed {
        let flag = Arc::new(AtomicBool::new(false));
        // Without it the question is not shown again, and nothing else differs.
        let handler = person.then(|| signal_hook::flag::register(SIGCONT, Arc::clone(&flag)));
        Resumed {
            flag,
            handler: handler.and_then(Result::ok),
        }
    }
}

impl Drop for Resumed {
    fn drop(&mut self) {
        if let Some(handler) = self.handler {
            signal_hook::low_level::unregister(handler);
        }
    }
}

/// The message if several lines arrived at once.
const SEVERAL: &str = "several lines arrived at once, so none was used. Paste one line, or pass \
                       --env-file <FILE>";

/// True if the terminal understands escape sequences; a dumb one would show them.
fn marks_pastes() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term != "dumb" && !term.is_empty())
}

/// The details of the question, which are shown once above it.
fn preamble(prompt: &Prompt) -> String {
    let mut text = String::new();
    for detail in &prompt.details {
        // Further lines of a command are indented below its first.
        text.push_str(&format!(
            "  {}\n",
            escape_lines(detail).replace('\n', "\n    ")
        ));
    }
    text
}

/// The line on which the answer is typed.
fn last_line(prompt: &Prompt) -> String {
    let message = escape(prompt.message.trim_end());
    let (number, of) = prompt.position;
    let number = if of > 1 {
        format!("({number}/{of}) ")
    } else {
        String::new()
    };
    match (prompt.kind, &prompt.default) {
        (PromptKind::Confirm | PromptKind::Trust, default) => {
            let choice = if means_yes(default.as_deref()) {
                "[Y/n]"
            } else {
                "[y/N]"
            };
            format!("{number}{message} {choice} ")
        }
        (_, Some(default)) => format!("{number}{message} [{}]: ", escape(default)),
        (_, None) if prompt.required => format!("{number}{message}: "),
        (_, None) => format!("{number}{message} (optional): "),
    }
}

/// Returns the meaning of an answer, or why it is invalid.
fn meaning(prompt: &Prompt, text: String) -> Result<Reply, &'static str> {
    match prompt.kind {
        PromptKind::Confirm | PromptKind::Trust => {
            match text.trim().to_ascii_lowercase().as_str() {
                "y" | "yes" => Ok(Reply::Yes),
                "n" | "no" => Ok(Reply::No),
                "" if means_yes(prompt.default.as_deref()) => Ok(Reply::Yes),
                "" => Ok(Reply::No),
                _ => Err("please answer `y` or `n`"),
            }
        }
        _ if !text.is_empty() => Ok(Reply::Text(text)),
        _ if prompt.required && prompt.default.is_none() => Err("a value is required"),
        _ => Ok(Reply::UseDefault),
    }
}

/// Returns the meaning of an invalid answer of a script. Input that a script writes for another
/// reader must not stop an operation that continues without an answer.
fn unusable(prompt: &Prompt) -> Reply {
    match prompt.kind {
        PromptKind::Confirm | PromptKind::Trust if means_yes(prompt.default.as_deref()) => {
            Reply::Unanswered
        }
        PromptKind::Confirm | PromptKind::Trust => Reply::No,
        _ => Reply::UseDefault,
    }
}

fn means_yes(default: Option<&str>) -> bool {
    matches!(default, Some("y" | "yes"))
}

#[cfg(test)]
mod tests;
