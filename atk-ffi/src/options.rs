//! How an operation is to be done: its options, and answers that are given beforehand.

mod setters;

use std::ffi::c_char;

use atk_core::{Answers, Error, ErrorKind, Operation, Result, check_argument};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::atk_error;
use crate::guard::{Status, guard};
use crate::panics::quietly;
use crate::pointer::{exclusive, free};
use crate::text::{invalid, path};

pub use setters::*;

/// How an operation is to be done. An option that is set, and that the operation does not take, is
/// `ATK_INVALID_ARGUMENT`. Free with `atk_options_free()`.
#[derive(Clone, Default)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_options {
    /// What was set, by the names of the description.
    values: Map<String, Value>,
}

impl atk_options {
    /// Sets an option; None takes it back.
    fn set(&mut self, name: &str, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            self.values.remove(name);
            return Ok(());
        };
        check_argument(name, &value)?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Sets a value of an option that has values by name.
    fn insert(&mut self, option: &str, name: &str, value: &str) -> Result<()> {
        let mut values = self.value::<Map<String, Value>>(option)?;
        values.insert(name.to_owned(), value.into());
        self.set(option, Some(values.into()))
    }

    /// Adds a value to an option that is a list.
    fn push(&mut self, option: &str, value: Option<&str>) -> Result<()> {
        let mut values = self.value::<Vec<Value>>(option)?;
        values.extend(value.map(Value::from));
        self.set(option, Some(values.into()))
    }

    /// The value of an option, or its default.
    pub(crate) fn value<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T> {
        let Some(value) = self.values.get(name) else {
            return Ok(T::default());
        };
        serde_json::from_value(value.clone()).map_err(|cause| {
            let text = format!("the option `{name}` has another type");
            Error::new(ErrorKind::Internal, text).with_cause(cause)
        })
    }

    /// The options that answer prompts.
    pub(crate) fn answers(&self) -> Result<Answers> {
        let mut answers = Answers::default();
        answers.by_id = self.value("answers")?;
        answers.env = self.value("env")?;
        answers.trust = self.value("trust")?;
        answers.yes = self.value("yes")?;
        Ok(answers)
    }

    /// Refuses options that an operation does not take.
    pub(crate) fn check(&self, operation: &str) -> Result<()> {
        let found = Operation::find(operation);
        let takes = |name: &str| found.is_some_and(|found| found.takes(name));
        match self.values.keys().find(|name| !takes(name)) {
            Some(name) => Err(invalid(&format!("`{operation}` does not take `{name}`"))),
            None => Ok(()),
        }
    }
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

/// Sets variables from a file in the format of `.env`. They replace those of the same names.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atk_options_add_env_file(
    options: *mut atk_options,
    file: *const c_char,
    error: *mut *mut atk_error,
) -> Status {
    guard(error, || {
        // SAFETY: live objects and strings of C's, by the contract.
        let (options, file) = unsafe { (exclusive("options", options)?, path("file", file)?) };
        let bytes = std::fs::read(&file)
            .map_err(|cause| Error::io("cannot read the variables in", &file, cause))?;
        let mut answers = Answers::default();
        let added = answers.add_env_file(&bytes);
        added.map_err(|error| error.with_path(&file))?;
        for (name, value) in &answers.env {
            options.insert("env", name, value)?;
        }
        Ok(())
    })
}
