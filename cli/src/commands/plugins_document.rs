//! The JSON document of commands that show a list of plugins. An object, so that it can grow.

use serde::Serialize;

/// `{"plugins": [...]}`.
#[derive(Serialize)]
pub(super) struct Plugins<T> {
    pub(super) plugins: Vec<T>,
}
