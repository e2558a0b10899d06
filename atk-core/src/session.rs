//! The session: the state that every operation needs.

use std::path::Path;
use std::sync::Arc;

use crate::host::CancelToken;
use crate::options::Options;

/// The home's path, the options of its handle, and the token that cancels its operations.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) home: Arc<Path>,
    pub(crate) options: Arc<Options>,
    pub(crate) cancel: CancelToken,
}
