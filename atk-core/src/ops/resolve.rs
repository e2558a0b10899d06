//! `resolve`: what a typed source means.

use crate::error::Result;
use crate::model::source::Source;
use crate::steps::context::Context;
use crate::steps::source;

pub(crate) fn run(context: &Context<'_>, typed: &str) -> Result<Source> {
    source::classify(context, typed)
}
