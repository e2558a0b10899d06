//! What signals do: the first cancels, so that the operation is undone; a second Ctrl-C kills.

use std::io;

use atk_core::CancelToken;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// Makes SIGINT, SIGTERM and SIGHUP cancel the token; a SIGINT after that ends the process.
/// What the parent has this process ignore (`nohup atk …`, `atk … &` in a script) stays ignored.
///
/// # Errors
/// What the system says where it refuses a handler.
pub(crate) fn cancel_on_signals(cancel: &CancelToken) -> io::Result<()> {
    let ignored = ignored();
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if ignored & (1 << (signal - 1)) != 0 {
            continue;
        }
        if signal == SIGINT {
            // Handlers run in the order in which they were registered: this one must still see
            // the flag unset at the first signal.
            flag::register_conditional_default(signal, cancel.flag())?;
        }
        flag::register(signal, cancel.flag())?;
    }
    Ok(())
}

/// The signals that are ignored, signal `n` as bit `n - 1`. Only Linux says; to ask `sigaction`
/// takes unsafe code.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}
