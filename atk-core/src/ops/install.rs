//! `install`: the files at their pins, and the `install` commands.

use crate::error::Result;
use crate::outcome::{Installed, Report, Select};
use crate::steps::context::Context;
use crate::steps::installation;
use crate::steps::variables::VariablesToAsk;

pub(crate) fn run(context: &Context<'_>, which: &Select) -> Result<Report<Installed>> {
    installation::install(context, which, VariablesToAsk::None)
}
