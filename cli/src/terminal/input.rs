//! Reads one answer from the input, and not a byte of the next.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};

use atk_core::CancelToken;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::{Errno, read};
use rustix::termios::{QueueSelector, isatty, tcflush, ttyname};

use super::hidden::Hidden;
use super::paste::{self, Lines};

/// The interval at which a cancel is looked for.
const TICK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// If a line follows within this time, it was pasted and not typed. A person is slower; a paste over
/// ssh arrives in pieces, but faster than that.
const AT_ONCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// No wait.
const NOW: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// The size limit of an answer: that of a variable of the environment.
const LARGEST: usize = 128 << 10;

/// The size limit of a line of a terminal on Linux; the terminal drops the rest silently.
/// (On macOS it is 1,024 bytes, and the terminal takes no line end until there are fewer.)
const LONGEST: usize = 4095;

/// The result of reading a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The line, without its end.
    Text(String),
    /// Several lines that arrived at once and are not one value. All of them are dropped.
    Several,
    /// The input has ended.
    End,
    /// The operation was cancelled.
    Cancelled,
    /// The process was stopped and goes on (Ctrl-Z and `fg`). What was typed is gone.
    Resumed,
}

/// Reads one answer: one line, or on a terminal the lines of one paste, which `hidden` keeps hidden.
/// `resumed` is set when the process goes on after it was stopped.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] for a line that is not UTF-8, or that a terminal may have cut
/// short; otherwise the error of the system.
pub(super) fn read_answer(
    input: BorrowedFd<'_>,
    hidden: Option<&Hidden<'_>>,
    cancel: &CancelToken,
    resumed: &AtomicBool,
) -> io::Result<Line> {
    let terminal = isatty(input);
    let unblocked = if terminal { unblocked(input) } else { None };
    let input = unblocked.as_ref().map_or(input, AsFd::as_fd);
    let mut typed = String::new();
    loop {
        let line = match read_line(input, hidden, cancel, resumed)? {
            Line::Text(line) => line,
            // The input ended within a paste.
            Line::End if !typed.is_empty() => return Ok(Line::Several),
            other => return Ok(other),
        };
        if !terminal {
            return Ok(Line::Text(line));
        }
        typed.push_str(&line);
        if typed.len() > LARGEST {
            discard(input, cancel)?;
            return Ok(Line::Several);
        }
        match paste::lines(&typed) {
            Lines::Unfinished => typed.push('\n'),
            Lines::Answer(answer) => {
                // An empty line is not part of a key; lines typed ahead may follow it.
                if let Some(hidden) = hidden
                    && !answer.is_empty()
                    && has_more(input, hidden)?
                {
                    discard(input, cancel)?;
                    return Ok(Line::Several);
                }
                return Ok(Line::Text(answer));
            }
        }
    }
}

/// Opens the terminal a second time, so that reading never blocks. A shell that takes the terminal
/// over (Ctrl-Z) may read what `poll` has just said is there; a read that waited for more would hear
/// neither a cancel nor that the process goes on. The flag is not set on the standard input itself,
/// which other processes share. `None` if it cannot be opened; then reading may block.
fn unblocked(terminal: BorrowedFd<'_>) -> Option<OwnedFd> {
    let name = ttyname(terminal, Vec::new()).ok()?;
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::open(name, flags, Mode::empty()).ok()
}

/// True if more was typed together with a line: other lines, or the start of one.
fn has_more(input: BorrowedFd<'_>, hidden: &Hidden<'_>) -> io::Result<bool> {
    if is_ready(input, &AT_ONCE)? {
        return Ok(true);
    }
    hidden.unbuffered(|| is_ready(input, &NOW))
}

/// True if the input is known to have ended, or is closed. Only what can be told without taking a byte
/// of it: a file at its end, a pipe or socket whose writers are gone, /dev/null.
pub(super) fn has_ended(input: BorrowedFd<'_>) -> bool {
    if let Ok(metadata) = rustix::fs::fstat(input) {
        let kind = rustix::fs::FileType::from_raw_mode(metadata.st_mode);
        if kind == rustix::fs::FileType::RegularFile {
            let at = rustix::fs::seek(input, rustix::fs::SeekFrom::Current(0));
            return at.is_ok_and(|at| i64::try_from(at).is_ok_and(|at| at >= metadata.st_size));
        }
        if kind == rustix::fs::FileType::CharacterDevice {
            // No terminal: /dev/null has ended, and /dev/zero has answers.
            return std::fs::metadata("/dev/null").is_ok_and(|null| {
                use std::os::unix::fs::MetadataExt;
                null.rdev() == metadata.st_rdev
            });
        }
    }
    let mut ready = [PollFd::from_borrowed_fd(input, PollFlags::IN)];
    let polled = poll(&mut ready, Some(&NOW));
    let Ok(1) = polled else {
        return polled.is_err();
    };
    let [ready] = ready;
    ready.revents().contains(PollFlags::HUP) && !ready.revents().contains(PollFlags::IN)
}

/// Drops the pending input, and all that arrives immediately after it.
fn discard(input: BorrowedFd<'_>, cancel: &CancelToken) -> io::Result<()> {
    while is_ready(input, &AT_ONCE)? && !cancel.is_cancelled() {
        // This drops complete lines, and the last one even if it has no end yet.
        tcflush(input, QueueSelector::IFlush)?;
    }
    tcflush(input, QueueSelector::IFlush)?;
    Ok(())
}

fn read_line(
    input: BorrowedFd<'_>,
    hidden: Option<&Hidden<'_>>,
    cancel: &CancelToken,
    resumed: &AtomicBool,
) -> io::Result<Line> {
    let mut line = Vec::new();
    loop {
        if cancel.is_cancelled() {
            return Ok(Line::Cancelled);
        }
        if resumed.swap(false, Ordering::AcqRel) {
            return Ok(Line::Resumed);
        }
        if let Some(hidden) = hidden {
            hidden.renew()?;
        }
        if !is_ready(input, &TICK)? {
            continue;
        }
        // A byte at a time: the bytes after the line belong to the next question, or to a child.
        let mut byte = [0];
        match read(input, &mut byte) {
            Ok(0) if line.is_empty() => return Ok(Line::End),
            Ok(0) => break,
            Ok(_) if byte == *b"\n" => break,
            Ok(_) => line.extend(byte),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if isatty(input) && line.len() >= LONGEST {
        return Err(invalid(
            "the answer is too long for a line of a terminal; pass --env-file <FILE>",
        ));
    }
    if line.ends_with(b"\r") {
        line.pop();
    }
    // The bytes are not in the message: they may be a secret.
    let text = String::from_utf8(line).map_err(|_| invalid("the answer is not UTF-8"))?;
    Ok(Line::Text(text))
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

fn is_ready(input: BorrowedFd<'_>, wait: &Timespec) -> io::Result<bool> {
    let mut polled = [PollFd::from_borrowed_fd(input, PollFlags::IN)];
    match poll(&mut polled, Some(wait)) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::fd::AsFd;

    fn answer(input: BorrowedFd<'_>, cancel: &CancelToken) -> io::Result<Line> {
        read_answer(input, None, cancel, &AtomicBool::new(false))
    }

    fn lines(input: &[u8], count: usize) -> Vec<Line> {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(input).unwrap();
        drop(writer);
        let cancel = CancelToken::new();
        (0..count)
            .map(|_| answer(reader.as_fd(), &cancel).unwrap())
            .collect()
    }

    #[test]
    fn each_question_reads_one_line_and_the_end_is_not_an_answer() {
        let text = |text: &str| Line::Text(text.into());
        assert_eq!(
            lines("one\r\n\nthrée".as_bytes(), 4),
            [text("one"), text(""), text("thrée"), Line::End]
        );
    }

    #[test]
    fn bytes_after_the_line_are_left_for_the_next_reader() {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"answer\nfor the child\n").unwrap();
        let cancel = CancelToken::new();
        answer(reader.as_fd(), &cancel).unwrap();
        drop(writer);
        assert_eq!(io::read_to_string(reader).unwrap(), "for the child\n");
    }

    #[test]
    fn a_cancel_ends_the_wait() {
        let (reader, _writer) = io::pipe().unwrap();
        let cancel = CancelToken::new();
        let waiter = cancel.clone();
        let waiting = std::thread::spawn(move || answer(reader.as_fd(), &waiter));
        cancel.cancel();
        assert_eq!(waiting.join().unwrap().unwrap(), Line::Cancelled);
    }

    #[test]
    fn an_answer_that_is_not_utf_8_is_an_error_without_its_bytes() {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"geheim\xff\n").unwrap();
        let error = answer(reader.as_fd(), &CancelToken::new()).unwrap_err();
        assert_eq!(error.to_string(), "the answer is not UTF-8");
    }
}
