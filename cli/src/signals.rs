//! Signals: the first cancels, so that the operation is rolled back; a second Ctrl-C kills.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use atk_core::CancelToken;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// The signals that cancel.
pub(crate) struct Signals {
    /// The last signal; 0 if there was none.
    last: Arc<AtomicUsize>,
}

impl Signals {
    /// Makes SIGINT, SIGTERM and SIGHUP cancel the token; a SIGINT after that ends the process.
    /// Signals that the parent made this process ignore (`nohup atk …`, `atk … &` in a script) stay
    /// ignored.
    ///
    /// # Errors
    /// The error of the system if it refuses a handler.
    pub(crate) fn cancel(cancel: &CancelToken) -> io::Result<Signals> {
        let last = Arc::new(AtomicUsize::new(0));
        let ignored = ignored();
        for (signal, number) in [(SIGINT, 2), (SIGTERM, 15), (SIGHUP, 1)] {
            if ignored & (1 << (signal - 1)) != 0 {
                continue;
            }
            // Handlers run in the order in which they are registered.
            if signal == SIGINT {
                // This one must still see the flag unset at the first signal.
                flag::register_conditional_default(signal, cancel.flag())?;
            } else {
                // A terminal sends Ctrl-C to the commands too; these two are sent only to us.
                flag::register(signal, cancel.urgent_flag())?;
            }
            flag::register_usize(signal, Arc::clone(&last), number)?;
            flag::register(signal, cancel.flag())?;
        }
        Ok(Signals { last })
    }

    /// Returns the exit status of a program that the last signal ended, as shells report it; None
    /// without a signal.
    pub(crate) fn exit_status(&self) -> Option<u8> {
        let signal = u8::try_from(self.last.load(Ordering::Acquire)).ok()?;
        (signal > 0).then_some(128 + signal)
    }
}

/// Returns the ignored signals, signal `n` as bit `n - 1`. Only Linux has this file; `sigaction` would
/// need unsafe code.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}
