//! `add`.
use super::{AddOptions, Added};
use crate::{Atk, Host, Result};
pub(crate) fn run(
    _atk: &Atk,
    _source: &str,
    _options: &AddOptions,
    _host: &dyn Host,
) -> Result<Added> {
    todo!()
}
