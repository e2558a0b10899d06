//! `list`.
use super::Installed;
use crate::{Atk, Result};
pub(crate) fn run(_atk: &Atk) -> Result<Vec<Installed>> {
    todo!()
}
