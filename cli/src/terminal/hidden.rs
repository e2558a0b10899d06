//! Hides typed input on a terminal.

use std::io;
use std::os::fd::BorrowedFd;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Hides typed input until it is dropped.
#[must_use = "typing is shown again when this is dropped"]
pub(super) struct Hidden<'fd> {
    terminal: BorrowedFd<'fd>,
    before: Termios,
}

impl<'fd> Hidden<'fd> {
    /// Hides typed input; the end of the line is still shown.
    ///
    /// # Errors
    /// The error of the system if this is not a terminal.
    pub(super) fn new(terminal: BorrowedFd<'fd>) -> io::Result<Self> {
        let hidden = Hidden {
            terminal,
            before: tcgetattr(terminal)?,
        };
        hidden.renew()?;
        Ok(hidden)
    }

    /// Hides again: a shell that got the terminal while the process was stopped (Ctrl-Z) has
    /// turned the echo on.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn renew(&self) -> io::Result<()> {
        let mut modes = tcgetattr(self.terminal)?;
        if modes.local_modes.contains(LocalModes::ECHO) {
            modes.local_modes.remove(LocalModes::ECHO);
            modes.local_modes.insert(LocalModes::ECHONL);
            // `Now` and not `Flush`: several answers may have been pasted at once.
            tcsetattr(self.terminal, OptionalActions::Now, &modes)?;
        }
        Ok(())
    }

    /// Runs `look` while the terminal passes input on at once, even an unfinished line.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn unbuffered<T>(&self, look: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let modes = tcgetattr(self.terminal)?;
        let mut raw = modes.clone();
        raw.local_modes.remove(LocalModes::ICANON);
        tcsetattr(self.terminal, OptionalActions::Now, &raw)?;
        let seen = look();
        tcsetattr(self.terminal, OptionalActions::Now, &modes)?;
        seen
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}
