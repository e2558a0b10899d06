//! `plugs`: what is plugged in where.

use crate::error::Result;
use crate::outcome::Plug;
use crate::steps::context::Context;
use crate::steps::plugging::states;
use crate::steps::reading;

pub(crate) fn run(context: &Context<'_>) -> Result<Vec<Plug>> {
    let home = context.home()?;
    reading::of(context, &home, |manifest, _| {
        states::all(context, &home, manifest)
    })
}
