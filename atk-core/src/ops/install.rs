//! `install`: the files at the pins, and the `install` commands.

use super::{InstallOptions, Installed, Report, Select};
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn run(
    atk: &Atk,
    _which: &Select,
    _options: &InstallOptions,
    host: &dyn Host,
) -> Result<Report<Installed>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
