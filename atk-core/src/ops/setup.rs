//! `setup`: the values of variables.

use super::{Report, Select, SetUp, SetupOptions};
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn run(
    atk: &Atk,
    _which: &Select,
    _options: &SetupOptions,
    host: &dyn Host,
) -> Result<Report<SetUp>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
