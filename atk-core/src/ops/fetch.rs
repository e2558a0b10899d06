//! `fetch`.
use super::{At, Fetched};
use crate::{Atk, Host, Result, Source};
use std::path::Path;
pub(crate) fn run(
    _atk: &Atk,
    _source: &Source,
    _at: &At,
    _dest: &Path,
    _host: &dyn Host,
) -> Result<Fetched> {
    todo!()
}
