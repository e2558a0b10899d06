//! The outcome of an operation that was called by its name.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};

/// The outcome of an operation that was called by its name. It serializes as the outcome of the
/// operation's method does, to JSON or any other format, without a [`Value`] in between.
pub struct Document(Box<dyn erased_serde::Serialize + Send>);

impl Document {
    pub(super) fn of(outcome: impl Serialize + Send + 'static) -> Self {
        Document(Box::new(outcome))
    }

    /// Returns it as JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] if JSON has no form for it, which no outcome of the library has.
    pub fn value(&self) -> Result<Value> {
        serde_json::to_value(self).map_err(|cause| {
            Error::new(ErrorKind::Internal, "the outcome cannot be written as JSON")
                .with_cause(cause)
        })
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| std::fmt::Error)?;
        f.debug_tuple("Document").field(&text).finish()
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
