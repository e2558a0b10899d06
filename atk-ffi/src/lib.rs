//! ATK as a C library: the core's public API behind opaque handles, with `include/atk.h` for a
//! header.
//!
//! A function here converts, calls the core, and converts back; it adds no behaviour. The contract
//! of all of them (ownership, strings, threads, callbacks, errors) stands once, at the top of the
//! header (`conventions.h`), and in `guard` and `text`, which enforce it.

mod cancel;
mod error;
mod event;
mod guard;
mod home;
mod home_options;
mod host;
mod operations;
mod options;
mod panics;
mod pointer;
mod prompt;
mod result;
mod text;
mod value;
mod version;

pub use cancel::*;
pub use error::*;
pub use event::*;
pub use home::*;
pub use home_options::*;
pub use host::*;
pub use operations::*;
pub use options::*;
pub use prompt::*;
pub use result::*;
pub use value::*;
pub use version::*;
