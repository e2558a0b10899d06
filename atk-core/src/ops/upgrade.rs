//! `upgrade`: the newest commit of a source takes the place of the pinned one.

use super::{Report, Select, UpgradeOptions, UpgradePlan, Upgraded};
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn plan(atk: &Atk, _which: &Select, host: &dyn Host) -> Result<Report<UpgradePlan>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}

pub(crate) fn run(
    atk: &Atk,
    _which: &Select,
    _options: &UpgradeOptions,
    host: &dyn Host,
) -> Result<Report<Upgraded>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
