//! A handle on a home.

use std::ffi::{CString, c_char};
use std::os::unix::ffi::OsStrExt;

use atk_core::{Home, Options};

use crate::error::atk_error;
use crate::guard::{Status, guard};
use crate::home_options::atk_home_options;
use crate::pointer::{free, place};
use crate::text::{c_pointer, invalid, path};

/// A handle on a home. It may be used by several threads at once. Free with `atk_home_free()`,
/// when no call that uses it is running any more.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_home {
    pub(crate) home: Home,
    path: CString,
}

/// Opens the home at an absolute path, which need not exist yet. Nothing is read: each operation
/// checks what it needs.
///
/// NULL for `path` is where the environment says the home is, which only options of
/// `atk_home_options_from_env()` know. NULL for `options` is the same as those.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_open(
    home_path: *const c_char,
    options: *const atk_home_options,
    home: *mut *mut atk_home,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        let out = place("home", home)?;
        // SAFETY: NULL or a live object, by the contract.
        let (options, from_env) = match unsafe { options.as_ref() } {
            Some(options) => (options.options.clone(), options.home.clone()),
            None => {
                let base = std::env::current_dir().ok();
                let (home, options) = Options::from_vars(std::env::vars_os(), base)?;
                (options, Some(home))
            }
        };
        let path = if home_path.is_null() {
            from_env.ok_or_else(|| invalid("`path` is NULL, and the options know of no home"))?
        } else {
            // SAFETY: a string of C's, by the contract.
            unsafe { path("path", home_path) }?
        };
        let opened = Home::open(path, options)?;
        let path = CString::new(opened.path().as_os_str().as_bytes()).unwrap_or_default();
        out.put(atk_home { home: opened, path });
        Ok(())
    })
}

/// The home's path. Borrowed from the home; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_path(home: *const atk_home) -> *const c_char {
    // SAFETY: NULL or a live object, by the contract.
    c_pointer(unsafe { home.as_ref() }.map(|home| &home.path))
}

/// Frees a handle; the home itself stays. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_free(home: *mut atk_home) {
    // SAFETY: owned by the caller, by the contract.
    unsafe { free(home) };
}
