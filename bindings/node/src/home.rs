//! A handle on a home.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::thread;

use atk_core::{Error, ErrorKind, Home, OPERATIONS, OptionChanges, Options, json_text};
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::UnknownReturnValue;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::host::{Channel, OnMessage};
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
        let open = || {
            let changes: OptionChanges = parsed(&settings)?;
            let base = std::env::current_dir().ok();
            let (home, mut options) = Options::from_vars(std::env::vars_os(), base.clone())?;
            changes.apply(&mut options)?;
            let path = path.map_or(home, PathBuf::from);
            let path = base.map_or(path.clone(), |base| base.join(&path));
            Home::open(path, options)
        };
        open().map(NativeHome).map_err(|error| thrown(&error))
    }

    /// The home's path.
    #[napi(getter)]
    pub fn path(&self) -> String {
        self.0.path().to_string_lossy().into_owned()
    }

    /// Starts an operation. The request is JSON. `hears` and `answers` say which messages are
    /// wanted beside the last.
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
    ) -> napi::Result<Operation> {
        let request: Map<String, Value> = parsed(&request).map_err(|error| thrown(&error))?;
        let on_message: OnMessage = on_message
            .build_threadsafe_function()
            .max_queue_size::<16>()
            .build()?;
        let shared = Shared::default();
        let home = self.0.with_cancel(&shared.cancel);
        let channel = Channel {
            on_message,
            shared: shared.clone(),
            hears,
            answers,
        };
        let work = move || channel.say(ended(&home, &operation, request, &channel));
        let thread = thread::Builder::new().name("atk-operation".into());
        thread.spawn(work)?;
        Ok(Operation { shared })
    }
}

fn ended(home: &Home, operation: &str, request: Map<String, Value>, channel: &Channel) -> Message {
    let called = AssertUnwindSafe(|| home.call(operation, request, channel));
    match catch_unwind(called).unwrap_or_else(|_| Err(defect())) {
        Ok(outcome) => Message::Finished {
            outcome: json_text(&outcome),
        },
        Err(error) => Message::Failed {
            error: json_text(&error.to_json()),
        },
    }
}

/// The error for a panic, which must not take the program with it.
fn defect() -> Error {
    Error::new(ErrorKind::Internal, "a defect of ATK, please report it")
}

fn thrown(error: &Error) -> napi::Error {
    napi::Error::from_reason(json_text(&error.to_json()))
}

fn parsed<T: for<'de> serde::Deserialize<'de>>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|cause| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("the arguments cannot be used: {cause}"),
        )
        .with_cause(cause)
    })
}
