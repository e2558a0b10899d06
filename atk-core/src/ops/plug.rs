//! `plug` and `plan_plug`: the MCP servers and skills of plugins, for agents.

use crate::error::Result;
use crate::home::HomeDir;
use crate::model::manifest::Entry;
use crate::outcome::{LineResult, Plugged, Report, Select, Skip};
use crate::steps::context::Context;
use crate::steps::plugging;
use crate::steps::plugging::book::Book;
use crate::steps::plugging::pluggable::Pluggable;
use crate::steps::plugging::wanted::{self, Wanted};
use crate::steps::{each_plugin, installed_agents};

#[expect(clippy::too_many_arguments, reason = "one for each option")]
pub(crate) fn plan(
    context: &Context<'_>,
    which: &Select,
    agents: &[String],
    project: Option<&str>,
    values: bool,
    refs: bool,
    adopt: bool,
    overwrite: bool,
    copy_skills: bool,
) -> Result<Report<Plugged>> {
    // 1. Which agents, and how the entries are made.
    let project = wanted::project(context, project)?;
    let form = wanted::form(values, refs)?;
    let wanted = Wanted::new(
        agents,
        project.as_deref(),
        form,
        (adopt, overwrite, copy_skills),
    );
    let env = context.env();
    let surroundings = installed_agents::surroundings(context, &env);
    let agents = plugging::agents(context, wanted, surroundings)?;

    // 2. Decide about each entry.
    let home = context.home()?;
    let manifest = home.manifest()?;
    let book = Book::read(&home)?;
    let plugins = which
        .entries(&manifest)?
        .into_iter()
        .map(|entry| (entry, ()));
    Report::of_each(which, plugins, |entry, ()| {
        each(context, &home, which, entry, |plugin| {
            let planned = plugging::plan(&book, plugin, &agents, wanted, surroundings)?;
            Ok(plugging::outcome(plugin, planned))
        })
    })
}

#[expect(clippy::too_many_arguments, reason = "one for each option")]
pub(crate) fn run(
    context: &Context<'_>,
    which: &Select,
    agents: &[String],
    project: Option<&str>,
    values: bool,
    refs: bool,
    adopt: bool,
    overwrite: bool,
    copy_skills: bool,
) -> Result<Report<Plugged>> {
    // 1. Which agents, and how the entries are made.
    let project = wanted::project(context, project)?;
    let form = wanted::form(values, refs)?;
    let wanted = Wanted::new(
        agents,
        project.as_deref(),
        form,
        (adopt, overwrite, copy_skills),
    );
    let env = context.env();
    let surroundings = installed_agents::surroundings(context, &env);
    let agents = plugging::agents(context, wanted, surroundings)?;

    // 2. With the home locked, settle what an interrupted operation left.
    let home = context.home()?;
    let locked = context.lock(&home)?;
    let manifest = home.manifest()?;
    let mut book = Book::open(&locked)?;
    book.prune_skills();

    // 3. For each plugin: decide about all of its entries, then write them.
    let plugins = which
        .entries(&manifest)?
        .into_iter()
        .map(|entry| (entry, ()));
    let plugins: Vec<_> = plugins.collect();
    each_plugin::report(context, which, plugins.into_iter(), |entry, ()| {
        each(context, &home, which, entry, |plugin| {
            let planned = plugging::plan(&book, plugin, &agents, wanted, surroundings)?;
            let entries = plugging::carry_out(context, &mut book, plugin, planned)?;
            Ok(Plugged {
                entries,
                warnings: Vec::new(),
            })
        })
    })
}

/// Handles a plugin. Among many, one that has nothing for agents is skipped.
fn each(
    context: &Context<'_>,
    home: &HomeDir,
    which: &Select,
    entry: &Entry,
    handle: impl FnOnce(&Pluggable) -> Result<Plugged>,
) -> Result<LineResult<Plugged>> {
    match (Pluggable::read(context, home, entry)?, which) {
        (Some(plugin), _) => handle(&plugin).map(|outcome| LineResult::Done { outcome }),
        (None, Select::All) => Ok(LineResult::Skipped {
            reason: Skip::NoServer,
        }),
        (None, Select::One(_)) => Err(Pluggable::nothing(entry)),
    }
}
