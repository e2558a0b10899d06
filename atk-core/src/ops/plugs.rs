//! `plugs`: what is plugged in where.

use crate::error::Result;
use crate::outcome::Plug;
use crate::steps::context::Context;
use crate::steps::plugging::{self, states};
use crate::steps::reading;

pub(crate) fn run(context: &Context<'_>) -> Result<Vec<Plug>> {
    // 1. If a process was killed while it plugged, remove what it left.
    let home = context.home()?;
    plugging::settle_if_pending(context, &home)?;

    // 2. Compare what is recorded with what is there.
    reading::of(context, &home, |manifest, _| {
        states::all(context, &home, manifest)
    })
}
