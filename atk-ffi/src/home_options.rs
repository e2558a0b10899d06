//! What a home is opened with.

mod setters;

use std::ffi::c_char;
use std::path::PathBuf;

use atk_core::{OptionChanges, Options, Result};

use crate::error::atk_error;
use crate::guard::{Status, guard};
use crate::pointer::{exclusive, free, place};
use crate::text::{bytes, path, text};

pub use setters::*;

/// What the library is told of its surroundings. Free with `atk_home_options_free()`; a home that
/// was opened with it keeps a copy.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_home_options {
    pub(crate) options: Options,
    /// Where the home is, if the environment said so.
    pub(crate) home: Option<PathBuf>,
}

impl atk_home_options {
    /// Makes a change of the options.
    fn change(&mut self, make: impl FnOnce(&mut OptionChanges)) -> Result<()> {
        let mut changes = OptionChanges::default();
        make(&mut changes);
        changes.apply(&mut self.options)
    }

    /// The core's own options: for tests that plant something in them.
    #[doc(hidden)]
    pub fn core(&mut self) -> &mut Options {
        &mut self.options
    }
}

/// Makes options with everything at its default and an empty environment: nothing is looked up.
/// `cache_dir` is an absolute path, where fetched objects are kept; anything in it may be deleted
/// at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_new(
    cache_dir: *const c_char,
    options: *mut *mut atk_home_options,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        let out = place("options", options)?;
        // SAFETY: a string of C's, by the contract.
        let cache_dir = unsafe { path("cache_dir", cache_dir) }?;
        out.put(atk_home_options {
            options: Options::new(cache_dir),
            home: None,
        });
        Ok(())
    })
}

/// Makes options of the process's environment and working directory, as the command `atk` does:
/// `ATK_HOME`, `ATK_REGISTRY_URL`, `ATK_CACHE_DIR`, `XDG_CACHE_HOME`, `HOME`, and the variables that
/// child processes get.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_from_env(
    options: *mut *mut atk_home_options,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        let out = place("options", options)?;
        let base = std::env::current_dir().ok();
        let (home, options) = Options::from_vars(std::env::vars_os(), base)?;
        out.put(atk_home_options {
            options,
            home: Some(home),
        });
        Ok(())
    })
}

/// Frees options. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_free(options: *mut atk_home_options) {
    // SAFETY: owned by the caller, by the contract.
    unsafe { free(options) };
}

/// Sets a variable of the environment of child processes; a NULL `value` removes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_env(
    options: *mut atk_home_options,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: live objects and strings of C's, by the contract.
        let (options, name) = unsafe { (exclusive("options", options)?, path("name", name)?) };
        let name = name.into_os_string();
        if value.is_null() {
            options.options.env.remove(&name);
            return Ok(());
        }
        // SAFETY: as above.
        let value = unsafe { bytes("value", value) }?;
        let value = std::os::unix::ffi::OsStrExt::from_bytes(value);
        let value: &std::ffi::OsStr = value;
        options.options.env.insert(name, value.to_owned());
        Ok(())
    })
}

/// Adds a URL of a registry with a name. Of the URLs of one name, the first is the registry; the others are
/// mirrors, tried in order if the one before cannot be reached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_add_registry(
    options: *mut atk_home_options,
    name: *const c_char,
    url: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    // SAFETY: live objects and strings of C's, by the contract.
    guard(error, || unsafe {
        let options = exclusive("options", options)?;
        let name = text("name", name)?.to_owned();
        let url = text("url", url)?.to_owned();
        let registries = &mut options.options.registries;
        registries.entry(name).or_default().push(url);
        Ok(())
    })
}
