//! One failure that several requests share.

use std::sync::Arc;

use crate::error::{Details, Error, ErrorKind};

/// One failure that several requests share.
#[derive(Clone)]
pub(super) struct SharedError(Arc<(ErrorKind, String, Details)>);

impl From<Error> for SharedError {
    fn from(error: Error) -> Self {
        SharedError(Arc::new((
            error.kind(),
            error.to_string(),
            error.details().clone(),
        )))
    }
}

impl SharedError {
    /// Another error that says the same.
    pub(super) fn of(error: &Error) -> Error {
        Error::new(error.kind(), error.to_string()).with_details(error.details().clone())
    }

    pub(super) fn get(&self) -> Error {
        let (kind, message, details) = &*self.0;
        Error::new(*kind, message.clone()).with_details(details.clone())
    }
}
