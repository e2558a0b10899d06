//! The operations that only look.

use std::ffi::c_char;

use super::{Surroundings, operate};
use crate::cancel::atk_cancel;
use crate::error::atk_error;
use crate::guard::Status;
use crate::home::atk_home;
use crate::host::atk_host;
use crate::result::atk_result;
use crate::text::{optional, text};

/// Says what a source means: a path, a git URL, or a registry name. Nothing is fetched.
///
/// Errors: `ATK_SOURCE_INVALID`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_resolve(
    home: *const atk_home,
    source: *const c_char,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let _ = host;
            home.resolve(text("source", source)?)
        })
    }
}

/// The plugins of the manifest, in its order. Nothing is run.
///
/// Errors: `ATK_HOME_NOT_INITIALIZED`, `ATK_HOME_INVALID`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_list(
    home: *const atk_home,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let _ = host;
            home.list()
        })
    }
}

/// The plugins of the registry whose name or description has a text in it, in any case; NULL for
/// all.
///
/// Errors: `ATK_REGISTRY_INVALID`, those of git and the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_search(
    home: *const atk_home,
    query: *const c_char,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            home.search(optional("query", query)?, host)
        })
    }
}

/// The configuration of a plugin's MCP server, with the values of its variables.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`; `ATK_NOT_DECLARED` where it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_mcp(
    home: *const atk_home,
    plugin: *const c_char,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let _ = host;
            home.mcp(text("plugin", plugin)?)
        })
    }
}

/// The `README.md` of a plugin.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`. A plugin without one has `null` for its text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_readme(
    home: *const atk_home,
    plugin: *const c_char,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let _ = host;
            home.readme(text("plugin", plugin)?)
        })
    }
}

/// What the object cache holds.
///
/// Errors: `ATK_IO`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_cache(
    home: *const atk_home,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let _ = host;
            home.cache()
        })
    }
}

/// Empties the object cache; says what it held.
///
/// Errors: `ATK_IO`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_clear_cache(
    home: *const atk_home,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let _ = host;
            home.clear_cache()
        })
    }
}
