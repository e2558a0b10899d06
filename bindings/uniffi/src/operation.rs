//! An operation: a thread of its own, and a future that waits for it.
//!
//! The thread may call into the language, so that nothing of the language's may wait for it while
//! it holds a lock of its runtime: a future does not.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

/// How many operations' threads there are.
static ALIVE: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// Where a thread leaves what it made.
struct Slot<T> {
    made: Option<T>,
    waker: Option<Waker>,
}

type Shared<T> = Arc<Mutex<Slot<T>>>;

/// Waits for an operation. Dropped before the end, it cancels the operation.
pub(crate) struct Operation<T> {
    slot: Shared<T>,
    cancel: atk_core::CancelToken,
}

impl<T: Send + 'static> Operation<T> {
    /// Runs `work` on a thread of its own; where it panics, the future yields `defect`.
    /// All that `work` holds is released before the future wakes.
    pub(crate) fn start(
        cancel: atk_core::CancelToken,
        work: impl FnOnce() -> T + Send + 'static,
        defect: impl FnOnce() -> T + Send + 'static,
    ) -> std::io::Result<Self> {
        let alive = Alive::new();
        let slot = spawn("atk-operation", Some(alive), move || {
            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| defect())
        })?;
        Ok(Operation { slot, cancel })
    }
}

impl<T> Future for Operation<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut slot = locked(&self.slot);
        match slot.made.take() {
            Some(made) => Poll::Ready(made),
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Operation<T> {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Waits until no operation runs, also none whose future was dropped: a cancelled one may still
/// be putting the home back.
#[uniffi::export]
pub async fn wait_idle() {
    let waited = spawn("atk-idle", None, || {
        let mut alive = locked(&ALIVE);
        while *alive > 0 {
            alive = ENDED.wait(alive).unwrap_or_else(PoisonError::into_inner);
        }
    });
    if let Ok(slot) = waited {
        let cancel = atk_core::CancelToken::new();
        Operation { slot, cancel }.await;
    }
}

/// Runs `work` on a thread, which then wakes who waits.
fn spawn<T: Send + 'static>(
    name: &str,
    alive: Option<Alive>,
    work: impl FnOnce() -> T + Send + 'static,
) -> std::io::Result<Shared<T>> {
    let slot = Arc::new(Mutex::new(Slot {
        made: None,
        waker: None,
    }));
    let filled = Arc::clone(&slot);
    thread::Builder::new().name(name.into()).spawn(move || {
        let made = work();
        let waker = {
            let mut slot = locked(&filled);
            slot.made = Some(made);
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        // The last act: the waker is the language's.
        drop(alive);
    })?;
    Ok(slot)
}

/// A thread that is counted.
struct Alive;

impl Alive {
    fn new() -> Self {
        *locked(&ALIVE) += 1;
        Alive
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        *locked(&ALIVE) -= 1;
        ENDED.notify_all();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
