//! The program as a host: a table of callbacks.

use std::ffi::c_void;
use std::mem::{offset_of, size_of};

use atk_core::{CancelToken, Event, Host, HostError, Prompt, Reply, Result};

use crate::event::atk_event;
use crate::prompt::atk_prompt;
use crate::text::invalid;

/// Hears of an event. Anything but 0 cancels the operation, and every other that was given the same
/// token.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub type atk_on_event =
    Option<unsafe extern "C" fn(userdata: *mut c_void, event: *const atk_event) -> i32>;

/// Answers a question, by one of the `atk_prompt_answer_` functions; without an answer the operation
/// fails with `ATK_INTERACTION_REQUIRED`, where it needs one. Anything but 0 ends the operation with
/// `ATK_HOST_FAILED`.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub type atk_on_prompt =
    Option<unsafe extern "C" fn(userdata: *mut c_void, prompt: *mut atk_prompt) -> i32>;

/// The callbacks of a program. They are called only on the thread that called the operation, one
/// at a time, and the table is read at the beginning of the call: it need not outlive it. Later
/// versions append fields; `struct_size` says which there are.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct atk_host {
    /// `sizeof(atk_host)`.
    pub struct_size: usize,
    /// Given to every callback; may be NULL.
    pub userdata: *mut c_void,
    /// Hears of events; may be NULL.
    pub on_event: atk_on_event,
    /// Answers questions; NULL without one.
    pub on_prompt: atk_on_prompt,
}

/// The smallest table: that of the first version.
const SMALLEST: usize = offset_of!(atk_host, on_prompt) + size_of::<atk_on_prompt>();

/// A host that calls back into C.
pub(crate) struct Callbacks {
    table: atk_host,
    cancel: CancelToken,
}

// SAFETY: the core calls a host only on the thread that called the operation, so neither the
// callbacks nor the userdata leave it.
unsafe impl Send for Callbacks {}
// SAFETY: as above.
unsafe impl Sync for Callbacks {}

impl Callbacks {
    /// Reads the caller's table.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](atk_core::ErrorKind::InvalidArgument) if it is smaller
    /// than the first version's.
    pub(crate) unsafe fn read(host: *const atk_host, cancel: CancelToken) -> Result<Self> {
        let mut table = atk_host {
            struct_size: size_of::<atk_host>(),
            userdata: std::ptr::null_mut(),
            on_event: None,
            on_prompt: None,
        };
        if !host.is_null() {
            // SAFETY: every table begins with its size.
            let size = unsafe { (&raw const (*host).struct_size).read() };
            if size < SMALLEST {
                return Err(invalid("`struct_size` of the host is too small"));
            }
            let known = size.min(size_of::<atk_host>());
            // SAFETY: the caller's table has at least `known` bytes, and so has ours.
            unsafe {
                std::ptr::copy_nonoverlapping(
                    host.cast::<u8>(),
                    (&raw mut table).cast::<u8>(),
                    known,
                );
            }
        }
        Ok(Callbacks { table, cancel })
    }
}

impl Host for Callbacks {
    fn event(&self, event: Event) {
        if let Some(on_event) = self.table.on_event {
            let event = atk_event::new(event);
            // SAFETY: the callback and its userdata are the caller's to keep alive for the call.
            if unsafe { on_event(self.table.userdata, &raw const event) } != 0 {
                self.cancel.cancel();
            }
        }
    }

    fn prompt(
        &self,
        prompt: Prompt,
        cancel: &CancelToken,
    ) -> std::result::Result<Reply, HostError> {
        let Some(on_prompt) = self.table.on_prompt else {
            return Ok(Reply::Unanswered);
        };
        let mut asked = atk_prompt::new(&prompt, cancel);
        // SAFETY: as above.
        match unsafe { on_prompt(self.table.userdata, &raw mut asked) } {
            0 => Ok(asked.reply),
            code => Err(HostError {
                message: format!("the callback for `{}` returned {code}", prompt.id),
            }),
        }
    }
}
