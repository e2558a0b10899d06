//! `cache`.
use super::CacheReport;
use crate::{Atk, Result};
pub(crate) fn report(_atk: &Atk) -> Result<CacheReport> {
    todo!()
}
pub(crate) fn clear(_atk: &Atk) -> Result<CacheReport> {
    todo!()
}
