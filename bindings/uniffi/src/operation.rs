//! An operation: a thread of its own, and a future that waits for it.
//!
//! The thread may call into the language, so that nothing of the language's may wait for it while
//! it holds a lock of its runtime: a future does not.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

use atk_core::{Document, Error};
use atk_support::{Call, Direct, defect};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::cancel::CancelToken;
use crate::error::AtkError;
use crate::host::{Foreign, Host};
use crate::nesting;

/// How many operations' threads there are.
static ALIVE: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// Where a thread leaves what it made.
struct Slot<T> {
    made: Option<T>,
    waker: Option<Waker>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot {
            made: None,
            waker: None,
        }
    }
}

type Shared<T> = Arc<Mutex<Slot<T>>>;

/// Waits for an operation. Dropped before the end, it cancels the operation.
pub(crate) struct Operation<T> {
    slot: Shared<T>,
    cancel: atk_core::CancelToken,
}

/// Runs an operation, and makes its record.
pub(crate) async fn run<T: DeserializeOwned>(
    home: &atk_core::Home,
    operation: &'static str,
    arguments: Value,
    host: Option<Arc<dyn Host>>,
    cancel: Option<Arc<CancelToken>>,
) -> Result<T, AtkError> {
    let arguments = match arguments {
        Value::Object(arguments) => arguments,
        _ => Map::new(),
    };
    let call = Call::new(home, operation, arguments, nesting::caller());
    let token = call.cancel.clone();
    if let Some(cancel) = &cancel {
        cancel.attach(&token);
    }
    let attached = token.clone();
    let slot = Shared::default();
    let (filled, alive) = (Arc::clone(&slot), Alive::new());
    let callbacks = Direct::new(Foreign(host), &token);
    call.spawn(callbacks, move |outcome, callbacks| {
        // The host is released at its end, before a waiting thread wakes.
        let failed = callbacks.failure();
        if let Some(cancel) = cancel {
            cancel.detach(&attached);
        }
        // What a callback threw counts more than the cancel that it led to.
        fill(
            &filled,
            failed.map_or(outcome, |failed| Err(Error::from(failed))),
        );
        // The last act: the waker is the language's.
        drop(alive);
    })?;
    let started = Operation {
        slot,
        cancel: token,
    };
    let outcome: Document = started.await?;
    serde_json::from_value(outcome.value()?)
        .map_err(|error| defect(&format!("the outcome cannot be read: {error}")).into())
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
    let slot = Shared::default();
    let filled = Arc::clone(&slot);
    let waits = move || {
        let mut alive = locked(&ALIVE);
        while *alive > 0 {
            alive = ENDED.wait(alive).unwrap_or_else(PoisonError::into_inner);
        }
        drop(alive);
        fill(&filled, ());
    };
    let thread = thread::Builder::new().name("atk-idle".into());
    if thread.spawn(waits).is_ok() {
        let cancel = atk_core::CancelToken::new();
        Operation { slot, cancel }.await;
    }
}

/// Leaves what was made, and wakes who waits for it.
fn fill<T>(slot: &Shared<T>, made: T) {
    let waker = {
        let mut slot = locked(slot);
        slot.made = Some(made);
        slot.waker.take()
    };
    if let Some(waker) = waker {
        waker.wake();
    }
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
