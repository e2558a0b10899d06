//! How long a test waits for something before it says that it hangs.

use std::collections::BTreeMap;
use std::sync::{Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// No command of a test and nothing that a test waits for takes longer; what does hangs.
pub(crate) const LIMIT: Duration = Duration::from_secs(120);

/// No test takes longer from the making of its sandbox, on the slowest machine.
const WHOLE_TEST: Duration = Duration::from_secs(900);

/// Waits until something is so.
///
/// # Panics
/// Where that takes more than two minutes; the message names what was waited for.
#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Ends the whole run if the test that holds it hangs in the library, where no other limit holds:
/// a run that fails and names the test is better than one that never ends.
#[derive(Debug)]
pub(crate) struct Watched {
    number: u64,
}

#[derive(Default)]
struct Tests {
    last: u64,
    running: BTreeMap<u64, (String, Instant)>,
}

static TESTS: Mutex<Option<Tests>> = Mutex::new(None);
static WATCHDOG: Once = Once::new();

fn with_tests<T>(change: impl FnOnce(&mut Tests) -> T) -> T {
    let mut tests = TESTS.lock().unwrap_or_else(PoisonError::into_inner);
    change(tests.get_or_insert_default())
}

impl Watched {
    /// Begins to watch the test that runs on this thread.
    pub(crate) fn begin() -> Watched {
        WATCHDOG.call_once(|| {
            thread::spawn(watch);
        });
        let name = thread::current().name().unwrap_or("a test").to_owned();
        let number = with_tests(|tests| {
            tests.last += 1;
            tests.running.insert(tests.last, (name, Instant::now()));
            tests.last
        });
        Watched { number }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        with_tests(|tests| tests.running.remove(&self.number));
    }
}

fn watch() {
    loop {
        thread::sleep(Duration::from_secs(5));
        let hanging = with_tests(|tests| {
            let mut running = tests.running.values();
            let hanging = running.find(|(_, begun)| begun.elapsed() > WHOLE_TEST);
            hanging.map(|(name, _)| name.clone())
        });
        if let Some(name) = hanging {
            // Not through `eprintln!`, which the test harness may capture.
            let said = format!("\nerror: test {name} hangs: {WHOLE_TEST:?} since it began\n");
            let _ = std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes());
            std::process::abort();
        }
    }
}
