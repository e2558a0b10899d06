//! The library's own time, for the benchmarks of the bindings.

use std::time::Instant;

use atk_core::{Home, Result};

/// The median time in microseconds that the library takes to list a home.
///
/// # Errors
/// Those of [`Home::list`].
pub fn time_list(home: &Home, runs: usize) -> Result<f64> {
    let timed = |_| {
        let began = Instant::now();
        home.list().map(|_| began.elapsed().as_secs_f64() * 1e6)
    };
    let times = (0..runs.max(1)).map(timed).collect::<Result<Vec<_>>>();
    let mut times = times?;
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
