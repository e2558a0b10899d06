//! `init`.
use super::Initialized;
use crate::{Atk, Host, Result};
pub(crate) fn run(_atk: &Atk, _host: &dyn Host) -> Result<Initialized> {
    todo!()
}
