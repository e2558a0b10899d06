//! The operations, one function each. All of them take the same surroundings: options, host,
//! cancel token, and the two places for result and error.

mod functions;
mod places;

use std::ffi::c_char;

use atk_core::{CancelToken, Home, Host, Result, Select};
use serde::Serialize;

use crate::cancel::atk_cancel;
use crate::error::atk_error;
use crate::guard::{Status, guard};
use crate::home::atk_home;
use crate::host::{Callbacks, atk_host};
use crate::options::atk_options;
use crate::pointer::{give, reference};
use crate::result::{Places, atk_result};
use crate::text::optional;

pub use functions::*;

/// What every operation is called with.
struct Surroundings {
    home: *const atk_home,
    host: *const atk_host,
    cancel: *const atk_cancel,
}

/// Runs an operation and hands its outcome over.
unsafe fn operate<T: Serialize>(
    around: &Surroundings,
    places: &Places,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
    body: impl FnOnce(&Home, &dyn Host) -> Result<T>,
) -> Status {
    guard(error, || {
        // SAFETY: live objects or NULL, by the contract.
        let (home, cancel) = unsafe { (reference("home", around.home)?, around.cancel.as_ref()) };
        let cancel = cancel.map_or_else(CancelToken::new, |cancel| cancel.0.clone());
        // SAFETY: a table whose size it names itself, by the contract.
        let host = unsafe { Callbacks::read(around.host, cancel.clone()) }?;
        let outcome = body(&home.home.with_cancel(&cancel), &host)?;
        let outcome = atk_result::new(&outcome, places)?;
        // SAFETY: NULL or writable, by the contract.
        unsafe { give(result, outcome) };
        Ok(())
    })
}

/// The caller's options, or the default ones.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`](atk_core::ErrorKind::InvalidArgument) for an option that the
/// operation does not take.
unsafe fn given(options: *const atk_options, operation: &str) -> Result<atk_options> {
    // SAFETY: NULL or a live object, by the contract.
    let options = unsafe { options.as_ref() }.cloned().unwrap_or_default();
    options.check(operation)?;
    Ok(options)
}

/// One plugin, or all of them for NULL.
unsafe fn select(plugin: *const c_char) -> Result<Select> {
    // SAFETY: NULL or a string of C's, by the contract.
    let plugin = unsafe { optional("plugin", plugin) }?;
    Ok(plugin.map_or(Select::All, |plugin| Select::One(plugin.to_owned())))
}
