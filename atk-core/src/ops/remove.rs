//! `uninstall` and `remove`: a plugin goes, whole or not at all.

use super::{RemoveOptions, Removed};
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn run(
    atk: &Atk,
    _operation: &'static str,
    _plugin: &str,
    _options: &RemoveOptions,
    host: &dyn Host,
) -> Result<Removed> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
