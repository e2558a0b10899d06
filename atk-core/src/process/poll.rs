//! Waiting for descriptors.

use std::io;
use std::time::Duration;

use rustix::event::{PollFd, Timespec, poll};

/// Polls; a signal ends it early, which is no error.
pub(crate) fn poll_for(fds: &mut [PollFd<'_>], timeout: Duration) -> io::Result<()> {
    // Rounded up to a millisecond, so that a deadline just ahead is not met by spinning.
    let timeout =
        Timespec::try_from(timeout.max(Duration::from_millis(1))).map_err(io::Error::other)?;
    match poll(fds, Some(&timeout)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
