//! An entry that is to be written.

use serde_json::Value;

use crate::agents::entry::Form;
use crate::agents::target::Target;
use crate::outcome::EntryChange;

/// An entry that is to be written.
pub(crate) struct Write {
    pub(crate) target: Target,
    pub(crate) form: Form,
    pub(crate) change: EntryChange,
    pub(crate) value: Value,
    /// The digest of the entry that was there; none if there was none.
    pub(crate) found: Option<String>,
    /// The entry that is replaced, if ATK did not write it as it is.
    pub(crate) replaces_foreign: Option<Value>,
}
