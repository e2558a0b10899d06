//! `search`: what the registry has.

use super::Found;
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Host;

pub(crate) fn run(atk: &Atk, _query: Option<&str>, host: &dyn Host) -> Result<Vec<Found>> {
    let _ = (atk, host);
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
