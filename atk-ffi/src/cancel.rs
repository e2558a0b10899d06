//! Cancelling.

use atk_core::CancelToken;

use crate::panics::quietly;
use crate::pointer::free;

/// Cancels operations from another thread or from a signal handler. Free with
/// `atk_cancel_free()`; operations that use it may still be running then.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_cancel(pub(crate) CancelToken);

/// Makes a token that is not cancelled. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn atk_cancel_new() -> *mut atk_cancel {
    quietly(std::ptr::null_mut(), || {
        Box::into_raw(Box::new(atk_cancel(CancelToken::new())))
    })
}

/// Cancels: every operation that was given the token ends with `ATK_CANCELLED`, and the home is
/// as it was. May be called from any thread, at any time, and from a signal handler. NULL is
/// allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_cancel_cancel(token: *const atk_cancel) {
    // SAFETY: NULL or a live object, by the contract. It stores to an atomic and does nothing else.
    if let Some(token) = unsafe { token.as_ref() } {
        token.0.cancel();
    }
}

/// True once it was cancelled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_cancel_is_cancelled(token: *const atk_cancel) -> bool {
    // SAFETY: as above.
    unsafe { token.as_ref() }.is_some_and(|token| token.0.is_cancelled())
}

/// Frees a token. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_cancel_free(token: *mut atk_cancel) {
    // SAFETY: owned by the caller, by the contract.
    unsafe { free(token) };
}
