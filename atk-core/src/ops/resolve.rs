//! `resolve`.
use crate::{Atk, Result, Source};
pub(crate) fn run(_atk: &Atk, _source: &str) -> Result<Source> {
    todo!()
}
