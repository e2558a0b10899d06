//! `bootstrap`: a home on a new machine, in one call that can be repeated.

use crate::error::{Error, ErrorKind, Result};
use crate::outcome::{Bootstrapped, Select};
use crate::steps::clone_home;
use crate::steps::context::Context;
use crate::steps::installation;
use crate::steps::variables::VariablesToAsk;

pub(crate) fn run(context: &Context<'_>, url: Option<&str>) -> Result<Bootstrapped> {
    // 1. Clone the home, unless it is there.
    let cloned = match url {
        Some(url) => clone_home::clone(context, url)?,
        None => false,
    };
    context.home().map_err(|error| match error.kind() {
        ErrorKind::HomeNotInitialized if url.is_none() => without_url(error),
        _ => error,
    })?;

    // 2. Install every plugin, after asking for what it needs and has no value.
    let report = installation::install(context, &Select::All, VariablesToAsk::Missing)?;
    Ok(Bootstrapped {
        home: context.session.home.to_path_buf(),
        cloned,
        plugins: report.plugins,
        warnings: report.warnings,
    })
}

fn without_url(error: Error) -> Error {
    error.with_help("give the URL of the home's repository, and it is cloned")
}
