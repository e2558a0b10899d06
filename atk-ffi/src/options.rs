//! How an operation is to be done: answers given beforehand, and what else can be said.

use std::ffi::c_char;

use atk_core::{Answers, At, Error, Pin};

use crate::error::atk_error;
use crate::guard::{Status, exclusive, free, guard, quietly};
use crate::text::{optional, path, text};

/// How an operation is to be done. Every operation takes it, and uses what concerns it. Free with
/// `atk_options_free()`.
#[derive(Default)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_options {
    pub(crate) answers: Answers,
    pub(crate) at: At,
    pub(crate) force: bool,
    pub(crate) ignore_failures: bool,
}

/// Makes options with everything at its default. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn atk_options_new() -> *mut atk_options {
    quietly(std::ptr::null_mut(), || {
        Box::into_raw(Box::new(atk_options::default()))
    })
}

/// Frees options. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_free(options: *mut atk_options) {
    // SAFETY: owned by the caller, by the contract.
    unsafe { free(options) };
}

/// Answers the question of an id (`env:github:TOKEN`, `trust:github`) beforehand; `yes` and `no`
/// for those that want it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_set_answer(
    options: *mut atk_options,
    id: *const c_char,
    answer: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: live objects and strings of C's, by the contract; so in the functions below.
        let (options, id, answer) = unsafe {
            (
                exclusive("options", options)?,
                text("id", id)?,
                text("answer", answer)?,
            )
        };
        let answers = &mut options.answers.by_id;
        answers.insert(id.to_owned(), answer.to_owned());
        Ok(())
    })
}

/// Gives the value of a variable that plugins ask for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_set_env(
    options: *mut atk_options,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (options, name, value) = unsafe {
            (
                exclusive("options", options)?,
                text("name", name)?,
                text("value", value)?,
            )
        };
        options
            .answers
            .env
            .insert(name.to_owned(), value.to_owned());
        Ok(())
    })
}

/// Gives the values of a file in the format of `.env`. They replace those of the same names.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_add_env_file(
    options: *mut atk_options,
    file: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (options, file) = unsafe { (exclusive("options", options)?, path("file", file)?) };
        let bytes = std::fs::read(&file)
            .map_err(|cause| Error::io("cannot read the variables in", &file, cause))?;
        let added = options.answers.add_env_file(&bytes);
        added.map_err(|error| error.with_path(&file))
    })
}

/// Trusts sources whose canonical URL begins so (`github.com/my-org/`); `*` for all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_add_trust(
    options: *mut atk_options,
    prefix: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (options, prefix) =
            unsafe { (exclusive("options", options)?, text("prefix", prefix)?) };
        options.answers.trust.push(prefix.to_owned());
        Ok(())
    })
}

/// Says yes to every question that is answered by yes or no.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_set_yes(
    options: *mut atk_options,
    yes: bool,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        unsafe { exclusive("options", options)? }.answers.yes = yes;
        Ok(())
    })
}

/// Of a removal: goes on if the plugin's own `uninstall` command fails, or if what is not committed
/// of the plugin cannot be saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_set_ignore_failures(
    options: *mut atk_options,
    ignore_failures: bool,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        unsafe { exclusive("options", options)? }.ignore_failures = ignore_failures;
        Ok(())
    })
}

/// Of a removal: asks nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_set_force(
    options: *mut atk_options,
    force: bool,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        unsafe { exclusive("options", options)? }.force = force;
        Ok(())
    })
}

/// Of a fetch or an add: takes this commit, by its full id, instead of the newest. NULL for the
/// newest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_set_pin(
    options: *mut atk_options,
    pin: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: as above.
        let (options, pin) = unsafe { (exclusive("options", options)?, optional("pin", pin)?) };
        options.at = match pin {
            Some(pin) => At::Pin(Pin::new(pin)?),
            None => At::Latest,
        };
        Ok(())
    })
}
