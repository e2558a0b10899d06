//! The C library, with a function that plants a panic in the core.

#![allow(clippy::panic, reason = "that is what it is for")]

use std::panic::panic_any;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use atk::atk_home_options;

/// What is thrown: something that panics again when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic_any("the bomb went off");
        }
    }
}

/// Makes homes that are opened with the options panic before the step of this number (the first is
/// 1) that changes them: with a message, or with a bomb.
///
/// # Safety
/// `options` is a live object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn planted_panic(options: *mut atk_home_options, number: usize, bomb: bool) {
    let steps = AtomicUsize::new(0);
    // SAFETY: by the contract.
    let options = unsafe { &mut *options };
    options.core().checkpoint = Some(Arc::new(move |step: &str| {
        if steps.fetch_add(1, Ordering::SeqCst) + 1 == number {
            if bomb {
                panic_any(Bomb);
            }
            panic_any(format!("planted before `{step}`"));
        }
    }));
}
