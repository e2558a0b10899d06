//! Repeated measurements.

use std::time::Duration;

/// The middle of several measurements: one disturbed run does not show.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// How many times the first is the second.
pub(crate) fn ratio(first: Duration, second: Duration) -> f64 {
    first.as_secs_f64() / second.as_secs_f64()
}
