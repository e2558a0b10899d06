//! `run`: a script of a plugin.

use std::ffi::OsString;

use super::ScriptEnded;
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn run(
    atk: &Atk,
    _plugin: &str,
    _script: &str,
    _args: &[OsString],
    host: &dyn Host,
) -> Result<ScriptEnded> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
