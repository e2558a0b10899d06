//! One operation at a time.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::super::{LockWait, LockedHome};
use super::fixture::Fixture;
use crate::error::{ErrorKind, Result};
use crate::host::{CancelToken, Event, Scope};

const JOB: &str = "ATK_TEST_HOLDER";

/// Holds a lock in a process of its own, until it is killed.
#[test]
fn holder() {
    let Ok(root) = std::env::var(JOB) else { return };
    let fixture = Fixture::at(root.as_ref());
    fixture.locked(|locked| {
        println!("\nheld {}", locked.tokens());
        std::thread::sleep(Duration::from_secs(60));
    });
}

struct Holder {
    child: Child,
    token: String,
}

impl Holder {
    fn start(fixture: &Fixture) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "home::tests::lock::holder", "--nocapture"])
            .env(JOB, &fixture.dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let token = lines.find_map(|line| Some(line.unwrap().strip_prefix("held ")?.to_owned()));
        Holder {
            child,
            token: token.unwrap(),
        }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lock<T>(
    fixture: &Fixture,
    wait: LockWait,
    token: Option<&str>,
    cancel: &CancelToken,
    report: &dyn Fn(Event),
    run: impl FnOnce(&LockedHome<'_>) -> T,
) -> Result<T> {
    let home = fixture.open(None);
    let scope = Scope { cancel, report };
    Ok(run(&home.lock("second", wait, token, scope)?))
}

#[test]
fn a_second_operation_is_told_who_holds_the_lock() {
    let fixture = Fixture::new();
    let mut holder = Holder::start(&fixture);
    let cancel = CancelToken::new();
    let error = lock(&fixture, LockWait::Fail, None, &cancel, &|_| (), |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HomeLocked);
    let said = format!("process {} (`test`)", holder.child.id());
    assert!(error.to_string().contains(&said), "{error}");
    holder.kill();
    lock(&fixture, LockWait::Fail, None, &cancel, &|_| (), |_| ()).unwrap();
}

#[test]
fn a_waiting_operation_says_so_once_and_goes_on_when_the_holder_dies() {
    let fixture = Fixture::new();
    let mut holder = Holder::start(&fixture);
    let pid = holder.child.id();
    let (heard, hears) = std::sync::mpsc::channel();
    let dir = &fixture.dir;
    let waiting = std::thread::scope(|threads| {
        let waiting = threads.spawn(move || {
            let report = |event| {
                if let Event::Message { text, .. } = event {
                    heard.send(text).unwrap();
                }
            };
            let cancel = CancelToken::new();
            lock(
                &Fixture::at(dir),
                LockWait::Wait,
                None,
                &cancel,
                &report,
                |_| (),
            )
        });
        let said = hears.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(said.contains(&format!("process {pid} (`test`)")), "{said}");
        std::thread::sleep(Duration::from_millis(200));
        holder.kill();
        waiting.join().unwrap()
    });
    waiting.unwrap();
    assert!(hears.try_recv().is_err(), "said twice");
}

#[test]
fn a_cancel_ends_the_wait_within_a_tenth_of_a_second() {
    let fixture = Fixture::new();
    let _holder = Holder::start(&fixture);
    let cancel = CancelToken::new();
    let (told, tells) = std::sync::mpsc::channel();
    let canceller = {
        let cancel = cancel.clone();
        std::thread::spawn(move || {
            tells.recv().unwrap();
            cancel.cancel();
            Instant::now()
        })
    };
    let report = |_| told.send(()).unwrap();
    let error = lock(&fixture, LockWait::Wait, None, &cancel, &report, |_| ()).unwrap_err();
    let cancelled = canceller.join().unwrap();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(cancelled.elapsed() < Duration::from_millis(100));
}

#[test]
fn an_operation_nested_in_the_holders_is_refused_at_once() {
    let fixture = Fixture::new();
    let holder = Holder::start(&fixture);
    let cancel = CancelToken::new();
    let token = Some(holder.token.as_str());
    let error = lock(&fixture, LockWait::Wait, token, &cancel, &|_| (), |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HomeNested);
    let between = format!("{}:token-of-another-home", holder.token);
    let error = lock(
        &fixture,
        LockWait::Wait,
        Some(&between),
        &cancel,
        &|_| (),
        |_| (),
    )
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HomeNested);
    let other = Some("another token");
    let error = lock(&fixture, LockWait::Fail, other, &cancel, &|_| (), |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HomeLocked);
}

#[test]
fn a_stale_token_of_a_dead_holder_nests_nothing() {
    let fixture = Fixture::new();
    let mut holder = Holder::start(&fixture);
    holder.kill();
    let cancel = CancelToken::new();
    let token = Some(holder.token.as_str());
    lock(&fixture, LockWait::Fail, token, &cancel, &|_| (), |_| ()).unwrap();
}

#[test]
fn threads_of_one_process_exclude_each_other() {
    let fixture = Fixture::new();
    let inside = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            let dir = &fixture.dir;
            let inside = &inside;
            threads.spawn(move || {
                let fixture = Fixture::at(dir);
                fixture.locked(|_| {
                    use std::sync::atomic::Ordering::SeqCst;
                    assert_eq!(inside.fetch_add(1, SeqCst), 0);
                    std::thread::sleep(Duration::from_millis(20));
                    inside.fetch_sub(1, SeqCst);
                });
            });
        }
    });
}

#[test]
fn an_operation_called_from_a_callback_of_the_holder_is_refused_instead_of_waiting_for_itself() {
    let fixture = Fixture::new();
    let cancel = CancelToken::new();
    let second = |wait| lock(&fixture, wait, None, &cancel, &|_| (), |_| ());
    fixture.locked(|_| {
        for wait in [LockWait::Wait, LockWait::Fail] {
            assert_eq!(second(wait).unwrap_err().kind(), ErrorKind::HomeNested);
        }
        // To another thread the holder is a holder like any other.
        let other = std::thread::scope(|threads| {
            let dir = &fixture.dir;
            let task = move || {
                let fixture = Fixture::at(dir);
                let cancel = CancelToken::new();
                lock(&fixture, LockWait::Fail, None, &cancel, &|_| (), |_| ())
            };
            threads.spawn(task).join().unwrap()
        });
        assert_eq!(other.unwrap_err().kind(), ErrorKind::HomeLocked);
    });
    second(LockWait::Fail).unwrap();
}

#[test]
fn a_thread_that_works_for_the_caller_of_the_holder_is_refused_like_that_one() {
    let fixture = Fixture::new();
    fixture.locked(|_| {
        let caller = crate::home::Caller::of_this_thread();
        let refused = std::thread::scope(|threads| {
            let dir = &fixture.dir;
            let task = move || {
                caller.adopt();
                let fixture = Fixture::at(dir);
                let cancel = CancelToken::new();
                lock(&fixture, LockWait::Wait, None, &cancel, &|_| (), |_| ())
            };
            threads.spawn(task).join().unwrap()
        });
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::HomeNested);
    });
}
