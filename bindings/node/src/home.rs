//! A handle on a home.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use atk_core::{Caller, Error, ErrorKind, Home, OPERATIONS};
use atk_support::{Call, Post, Wanted, open, parsed};
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::UnknownReturnValue;
use napi_derive::napi;

use crate::document::text;
use crate::host::Post as Poster;
use crate::message::Message;
use crate::operation::{Operation, Shared};

/// A kind of error.
#[napi(object)]
pub struct Kind {
    /// Its identifier.
    pub code: String,
    /// Its number.
    pub number: i32,
    /// The exit code of a command that ends with it.
    pub exit_code: u8,
}

/// Every kind of error.
#[napi]
pub fn kinds() -> Vec<Kind> {
    let kinds = ErrorKind::ALL.iter();
    kinds
        .map(|kind| Kind {
            code: kind.id().to_owned(),
            number: kind.number(),
            exit_code: kind.exit_code(),
        })
        .collect()
}

/// The names of the operations.
#[napi]
pub fn operations() -> Vec<String> {
    OPERATIONS
        .iter()
        .map(|operation| operation.name.to_owned())
        .collect()
}

/// A handle on a home.
#[napi]
pub struct NativeHome(Home);

#[napi]
impl NativeHome {
    /// Opens a home. Without a path it is where the environment says. `settings` is JSON. Throws
    /// an error whose message is the error's document.
    #[napi(constructor)]
    pub fn new(path: Option<String>, settings: String) -> napi::Result<Self> {
        let opened = parsed(&settings).and_then(|changes| open(path.map(PathBuf::from), changes));
        opened.map(NativeHome).map_err(|error| thrown(&error))
    }

    /// The home's path.
    #[napi(getter)]
    pub fn path(&self) -> String {
        self.0.path().to_string_lossy().into_owned()
    }

    /// The median time in microseconds that the library itself takes to list the home: for the
    /// benchmark.
    #[napi]
    pub fn time_list(&self, runs: u32) -> napi::Result<f64> {
        let runs = usize::try_from(runs).unwrap_or(usize::MAX);
        atk_support::time_list(&self.0, runs).map_err(|error| thrown(&error))
    }

    /// Starts an operation. The request is JSON. `hears` and `answers` say which messages are
    /// wanted beside the last. `outer` is the operation whose callback starts this one.
    #[napi]
    pub fn start(
        &self,
        operation: String,
        request: String,
        hears: bool,
        answers: bool,
        #[napi(ts_arg_type = "(message: Message) => void")] on_message: Function<
            Message,
            UnknownReturnValue,
        >,
        outer: Option<&Operation>,
    ) -> napi::Result<Operation> {
        let request = parsed(&request).map_err(|error| thrown(&error))?;
        let caller = outer.map_or_else(Caller::default, |outer| outer.caller.child());
        let call = Call::new(&self.0, operation, request, caller);
        let shared = Shared::default();
        let started = Operation {
            shared: shared.clone(),
            cancel: call.cancel.clone(),
            caller: call.caller.clone(),
        };
        let post = Arc::new(Poster {
            on_message: on_message
                .build_threadsafe_function()
                .max_queue_size::<16>()
                .build()?,
            shared,
            last: AtomicU32::new(0),
        });
        let wanted = Wanted {
            events: hears,
            prompts: answers,
        };
        let requests = Arc::clone(&post);
        let host = Post::new(
            move |request| requests.request(request),
            wanted,
            &call.cancel,
        );
        call.spawn(host, move |outcome, _| post.ended(&outcome))
            .map_err(|error| thrown(&error))?;
        Ok(started)
    }
}

fn thrown(error: &Error) -> napi::Error {
    napi::Error::from_reason(text(&error.to_json()))
}
