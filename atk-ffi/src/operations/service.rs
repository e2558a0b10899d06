//! The operations on what plugins run.

use std::ffi::c_char;

use atk_core::{LogsOptions, RestartOptions, RunOptions, StartOptions, StatusOptions, StopOptions};

use super::{Surroundings, operate, select};
use crate::cancel::atk_cancel;
use crate::error::atk_error;
use crate::guard::Status;
use crate::home::atk_home;
use crate::host::atk_host;
use crate::result::atk_result;
use crate::text::{array, text};

/// Runs the `start` command of a plugin. NULL for `plugin` is all plugins, in the order of the
/// manifest.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_NOT_DECLARED`, `ATK_VARIABLES_UNSET`, `ATK_PORT_IN_USE`,
/// `ATK_LIFECYCLE_FAILED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_start(
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
            home.start(&select(plugin)?, &StartOptions::default(), host)
        })
    }
}

/// Runs the `stop` command of a plugin. NULL for `plugin` is all plugins, in reverse.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_NOT_DECLARED`, `ATK_LIFECYCLE_FAILED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_stop(
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
            home.stop(&select(plugin)?, &StopOptions::default(), host)
        })
    }
}

/// Stops a plugin, then starts it. NULL for `plugin` is all plugins.
///
/// Errors: those of `atk_home_stop()` and `atk_home_start()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_restart(
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
            home.restart(&select(plugin)?, &RestartOptions::default(), host)
        })
    }
}

/// Says whether a plugin runs, and what it lacks. NULL for `plugin` is all plugins.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`. What is wrong with a plugin stands in the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_status(
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
            home.status(&select(plugin)?, &StatusOptions::default(), host)
        })
    }
}

/// Runs the `logs` command of a plugin; what it writes arrives as events.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_NOT_DECLARED`, `ATK_LIFECYCLE_FAILED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_logs(
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
            home.logs(text("plugin", plugin)?, &LogsOptions::default(), host)
        })
    }
}

/// Runs a script of a plugin, the user's own in `custom/` first. `argv` has `argc` arguments and may
/// be NULL where that is 0. However the script ends is the outcome: see `atk_result_exit_code()`.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`; `ATK_NOT_DECLARED` where there is no such script.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_run(
    home: *const atk_home,
    plugin: *const c_char,
    script: *const c_char,
    argv: *const *const c_char,
    argc: usize,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let args = array("argv", argv, argc)?;
            home.run(
                text("plugin", plugin)?,
                text("script", script)?,
                &args,
                &RunOptions::default(),
                host,
            )
        })
    }
}

/// Runs git in the home with `argc` arguments; its output arrives as events.
///
/// Errors: `ATK_GIT_MISSING`, `ATK_HOME_NOT_INITIALIZED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_git(
    home: *const atk_home,
    argv: *const *const c_char,
    argc: usize,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            home.git(&array("argv", argv, argc)?, host)
        })
    }
}
