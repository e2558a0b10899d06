//! The native half of the Python package `atk`: private, small, and in terms of plain values.
//!
//! Requests pass as JSON. Outcomes become the models of the Python half, by the decoders that it
//! describes. An operation runs on a thread of its own, which never touches Python: the calling
//! thread waits for its messages with the interpreter released, and calls the callbacks itself.

mod cancel;
mod command;
mod decoder;
mod direct;
mod errors;
mod home;
mod nesting;
mod pump;

use pyo3::prelude::*;

/// The native half of the package `atk`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::cancel::CancelToken;
    #[pymodule_export]
    use super::command::command;
    #[pymodule_export]
    use super::decoder::Decoder;
    #[pymodule_export]
    use super::home::{Home, time_list};
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
