//! What a home is opened with.

use std::ffi::c_char;
use std::path::PathBuf;
use std::time::Duration;

use atk_core::{GitProgram, LockWait, Options};

use crate::error::atk_error;
use crate::guard::{Status, exclusive, free, guard, place};
use crate::text::{bytes, path, text};

/// What the library is told of its surroundings. Free with `atk_home_options_free()`; a home that
/// was opened with it keeps a copy.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_home_options {
    pub(crate) options: Options,
    /// Where the home is, if the environment said so.
    pub(crate) home: Option<PathBuf>,
}

impl atk_home_options {
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

/// Names the registry: a URL, or the absolute path of a repository.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_registry(
    options: *mut atk_home_options,
    url: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: live objects and strings of C's, by the contract; so in the functions below.
        let (options, url) = unsafe { (exclusive("options", options)?, text("url", url)?) };
        options.options.registry = url.to_owned();
        Ok(())
    })
}

/// Says where fetched objects are kept: an absolute path.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_cache_dir(
    options: *mut atk_home_options,
    dir: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (options, dir) = unsafe { (exclusive("options", options)?, path("dir", dir)?) };
        options.options.cache_dir = dir;
        Ok(())
    })
}

/// Says what relative paths of sources are relative to: an absolute path.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_base_dir(
    options: *mut atk_home_options,
    dir: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (options, dir) = unsafe { (exclusive("options", options)?, path("dir", dir)?) };
        options.options.base_dir = Some(dir);
        Ok(())
    })
}

/// Says what a leading `~` of a source stands for: an absolute path.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_user_home(
    options: *mut atk_home_options,
    dir: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (options, dir) = unsafe { (exclusive("options", options)?, path("dir", dir)?) };
        options.options.user_home = Some(dir);
        Ok(())
    })
}

/// Names the git program, by an absolute path. Without it git is looked for on the `PATH` of the
/// environment that was set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_git(
    options: *mut atk_home_options,
    program: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (options, program) =
            unsafe { (exclusive("options", options)?, path("program", program)?) };
        options.options.git = GitProgram::At(program);
        Ok(())
    })
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
        // SAFETY: as above.
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

/// Says whether to wait while another process holds the home's lock (the default), or to fail with
/// `ATK_HOME_LOCKED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_wait(
    options: *mut atk_home_options,
    wait: bool,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let options = unsafe { exclusive("options", options)? };
        options.options.lock = if wait { LockWait::Wait } else { LockWait::Fail };
        Ok(())
    })
}

/// Says how many milliseconds a transfer may go without a byte before it ends; 30,000 by default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_network_timeout(
    options: *mut atk_home_options,
    milliseconds: u64,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let options = unsafe { exclusive("options", options)? };
        options.options.network_timeout = Duration::from_millis(milliseconds);
        Ok(())
    })
}

/// Sets how many milliseconds the `status` command of a plugin may take before it is ended; 10,000
/// by default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_status_timeout(
    options: *mut atk_home_options,
    milliseconds: u64,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let options = unsafe { exclusive("options", options)? };
        options.options.status_timeout = Duration::from_millis(milliseconds);
        Ok(())
    })
}

/// Says how large a plugin may be: how many files, bytes of one file, bytes in all. 10,000, 64 MiB
/// and 256 MiB by default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_limits(
    options: *mut atk_home_options,
    files: usize,
    file_bytes: u64,
    plugin_bytes: u64,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let options = unsafe { exclusive("options", options)? };
        let limits = &mut options.options.limits;
        (limits.files, limits.file_bytes, limits.plugin_bytes) = (files, file_bytes, plugin_bytes);
        Ok(())
    })
}

/// Says what a transfer from a git server may cost: how many bytes, as they come and as they are
/// unpacked, and its lowest average rate in bytes a second. 512 MiB and 1,000 by default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_transfer_limits(
    options: *mut atk_home_options,
    bytes: u64,
    bytes_per_second: u64,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let options = unsafe { exclusive("options", options)? };
        options.options.limits.transfer_bytes = bytes;
        options.options.network_rate = bytes_per_second;
        Ok(())
    })
}

/// Says how many bytes the object cache may grow to; 1 GiB by default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_home_options_set_cache_limit(
    options: *mut atk_home_options,
    bytes: u64,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        unsafe { exclusive("options", options)? }
            .options
            .cache_limit = bytes;
        Ok(())
    })
}
