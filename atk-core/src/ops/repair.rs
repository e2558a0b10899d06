//! `repair`: the home is what was pinned again.

use crate::error::Result;
use crate::outcome::{Repaired, Select};
use crate::steps::context::Context;
use crate::steps::{home_trust, repair, verification};

pub(crate) fn run(context: &Context<'_>, which: &Select) -> Result<Repaired> {
    let ask = context.ask();

    // 1. Find out what is not as it should be.
    let home = context.home()?;
    let manifest = home.manifest()?;
    let entries = which.entries(&manifest)?;
    let change = home.change_in_progress(context.nested())?;
    let verify = |online| {
        let expected = verification::expected(context, &home, &entries, online)?;
        let git = verification::ask_git(context, &home, &manifest, which, &entries)?;
        let plugins = entries.iter().copied().zip(expected);
        verification::compare(
            context,
            &home,
            which,
            plugins,
            git,
            (change.as_ref(), false),
        )
    };
    let found = verify(true)?;
    if found.intact {
        return Ok(Repaired::nothing());
    }

    // 2. Bring the files that are needed, and ask. Nothing has changed yet.
    let staging = home.staging()?;
    let staged = repair::bring(context, &home, staging.path(), &entries, &found)?;
    repair::confirm(&ask, which, &found)?;

    // 3. With the home locked: the files of each plugin, and then one commit.
    let locked = context.lock(&home)?;
    home_trust::before_placing(&home)?;
    let mut outcome = repair::put_in_place(context, &locked, which, staged)?;
    let finished = repair::commit(context, &locked, &manifest, which, &found)?;
    (outcome.commit, outcome.push) = (finished.commit, finished.push);
    drop(locked);

    // 4. Look whether anything is left.
    let left = verify(false)?;
    outcome.intact = left.intact;
    outcome.findings = found.findings;
    Ok(outcome)
}
