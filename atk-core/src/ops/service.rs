//! `start`, `stop` and `restart`: the services of plugins.

use super::{Ran, Report, Select};
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn start(atk: &Atk, _which: &Select, host: &dyn Host) -> Result<Report<Ran>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}

pub(crate) fn stop(atk: &Atk, _which: &Select, host: &dyn Host) -> Result<Report<Ran>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}

pub(crate) fn restart(atk: &Atk, _which: &Select, host: &dyn Host) -> Result<Report<Ran>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
