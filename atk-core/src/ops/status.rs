//! `status`: whether plugins run, and what they lack.

use super::{Report, Select, ServiceStatus};
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn run(atk: &Atk, _which: &Select, host: &dyn Host) -> Result<Report<ServiceStatus>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
