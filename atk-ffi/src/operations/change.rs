//! The operations that bring plugins and change what is installed.

use std::ffi::c_char;

use atk_core::{
    AddOptions, FetchOptions, InitOptions, InstallOptions, RemoveOptions, SetupOptions,
    UpgradeOptions,
};

use super::{Surroundings, given, operate, select};
use crate::cancel::atk_cancel;
use crate::error::atk_error;
use crate::guard::Status;
use crate::home::atk_home;
use crate::host::atk_host;
use crate::options::atk_options;
use crate::result::atk_result;
use crate::text::{path, text};

/// Creates the home: layout, repository, first commit. A valid home is left as it is.
///
/// Errors: `ATK_HOME_OCCUPIED` where the directory holds other things.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_init(
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
            home.init(&InitOptions::default(), host)
        })
    }
}

/// Creates the home like `atk_home_init()`, also of a directory that has a manifest, but is not a git
/// repository: what is there stays and is committed.
///
/// Errors: `ATK_HOME_OCCUPIED` if the directory holds other things; `ATK_HOME_INVALID` if the manifest
/// cannot be used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_adopt(
    home: *const atk_home,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    let mut how = InitOptions::default();
    how.adopt = true;
    // SAFETY: the contract of all operations.
    unsafe { operate(&around, result, error, |home, host| home.init(&how, host)) }
}

/// Brings a source's plugin files into a directory of the caller's, which must not exist or be
/// empty; `dest` is an absolute path. Touches no home. Uses the pin of the options.
///
/// Errors: `ATK_SOURCE_INVALID`, `ATK_SOURCE_NOT_FOUND`, `ATK_NOT_IN_REGISTRY`, `ATK_PIN_NOT_FOUND`,
/// `ATK_DEFINITION_INVALID`, `ATK_CONTENT_REFUSED`, and those of git and the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_fetch(
    home: *const atk_home,
    source: *const c_char,
    dest: *const c_char,
    options: *const atk_options,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let mut how = FetchOptions::default();
            how.at = given(options, |options| options.at.clone());
            home.fetch(text("source", source)?, &path("dest", dest)?, &how, host)
        })
    }
}

/// Adds a plugin: fetches and checks it, asks what must be asked, puts it in place, runs its
/// `install` command and commits.
///
/// Errors: those of `atk_home_fetch()`; `ATK_PLUGIN_EXISTS`, `ATK_TRUST_REQUIRED`, `ATK_VARIABLES_UNSET`,
/// `ATK_LIFECYCLE_FAILED`. The home is then as it was before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_add(
    home: *const atk_home,
    source: *const c_char,
    options: *const atk_options,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let mut add = AddOptions::default();
            (add.answers, add.at) = given(options, |options| {
                (options.answers.clone(), options.at.clone())
            });
            home.add(text("source", source)?, &add, host)
        })
    }
}

/// Asks for the variables of a plugin and writes the answers to its `.env`. Files that are missing
/// are fetched at their pins first. NULL for `plugin` is all plugins.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_VARIABLES_UNSET`, those of `atk_home_fetch()`. Of all plugins,
/// failures stand in the result; so in every operation that takes a plugin or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_setup(
    home: *const atk_home,
    plugin: *const c_char,
    options: *const atk_options,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let mut how = SetupOptions::default();
            how.answers = given(options, |options| options.answers.clone());
            home.setup(&select(plugin)?, &how, host)
        })
    }
}

/// Brings the files of a plugin to its pin, where they are not, and runs its `install` command.
/// NULL for `plugin` is all plugins: what makes the clone of a home work on a new machine.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_VARIABLES_UNSET`, `ATK_PIN_NOT_FOUND`,
/// `ATK_LIFECYCLE_FAILED`, those of `atk_home_fetch()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_install(
    home: *const atk_home,
    plugin: *const c_char,
    options: *const atk_options,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let mut how = InstallOptions::default();
            how.answers = given(options, |options| options.answers.clone());
            home.install(&select(plugin)?, &how, host)
        })
    }
}

/// Says what `atk_home_upgrade()` would change. Nothing in the home changes. NULL for `plugin` is all
/// plugins.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_LOCAL_NOT_UPGRADABLE`, those of `atk_home_fetch()`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_plan_upgrade(
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
            home.plan_upgrade(&select(plugin)?, host)
        })
    }
}

/// Brings a plugin to the newest commit of its source, keeping what is the user's. NULL for
/// `plugin` is all plugins.
///
/// Errors: those of `atk_home_plan_upgrade()`; `ATK_TRUST_REQUIRED`, `ATK_VARIABLES_UNSET`,
/// `ATK_LIFECYCLE_FAILED`. The plugin is then as it was before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_upgrade(
    home: *const atk_home,
    plugin: *const c_char,
    options: *const atk_options,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let mut how = UpgradeOptions::default();
            how.answers = given(options, |options| options.answers.clone());
            home.upgrade(&select(plugin)?, &how, host)
        })
    }
}

/// What options say about a removal.
///
/// # Safety
/// As of `given`.
unsafe fn removing(options: *const atk_options) -> RemoveOptions {
    let mut how = RemoveOptions::default();
    // SAFETY: the contract of all operations.
    unsafe {
        (how.answers, how.force, how.ignore_failures) = given(options, |options| {
            let answers = options.answers.clone();
            (answers, options.force, options.ignore_failures)
        });
    }
    how
}

/// Removes a plugin with all that is in its directory, after its `stop` and `uninstall` commands.
/// Asks first, unless the options force it.
///
/// Errors: `ATK_PLUGIN_NOT_INSTALLED`, `ATK_DECLINED`, `ATK_INTERACTION_REQUIRED`,
/// `ATK_LIFECYCLE_FAILED`. Everything is then still there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_uninstall(
    home: *const atk_home,
    plugin: *const c_char,
    options: *const atk_options,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let how = removing(options);
            home.uninstall(text("plugin", plugin)?, &how, host)
        })
    }
}

/// The same as `atk_home_uninstall()`, under its other name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_remove(
    home: *const atk_home,
    plugin: *const c_char,
    options: *const atk_options,
    host: *const atk_host,
    cancel: *const atk_cancel,
    result: *mut *mut atk_result,
    error: *mut *mut atk_error,
) -> Status {
    let around = Surroundings { home, host, cancel };
    // SAFETY: the contract of all operations.
    unsafe {
        operate(&around, result, error, |home, host| {
            let how = removing(options);
            home.remove(text("plugin", plugin)?, &how, host)
        })
    }
}
