//! `logs`: what the service of a plugin has logged.

use super::Ran;
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn run(atk: &Atk, _plugin: &str, host: &dyn Host) -> Result<Ran> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
