//! The `README.md` of a plugin.

use super::Readme;
use crate::Atk;
use crate::error::{Error, ErrorKind, Result};

pub(crate) fn run(atk: &Atk, _plugin: &str) -> Result<Readme> {
    let _ = atk;
    Err(Error::new(ErrorKind::Internal, "not built yet"))
}
