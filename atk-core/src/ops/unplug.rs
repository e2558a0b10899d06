//! `unplug`: takes away what `plug` wrote.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::model::manifest::{Entry, EntrySource, Manifest};
use crate::model::name::PluginDir;
use crate::model::source::SourceKind;
use crate::outcome::{LineResult, Plugged, Report, Select};
use crate::steps::context::Context;
use crate::steps::plugging::book::Book;
use crate::steps::plugging::unplugging::{self, Meant};
use crate::steps::plugging::wanted;
use crate::steps::{each_plugin, installed_agents};

pub(crate) fn run(
    context: &Context<'_>,
    which: &Select,
    agents: &[String],
    project: Option<&str>,
    overwrite: bool,
) -> Result<Report<Plugged>> {
    // 1. Which entries are meant.
    installed_agents::check(agents)?;
    let project = wanted::project(context, project)?;
    let meant = Meant {
        agents,
        project: project.as_deref(),
        overwrite,
    };

    // 2. With the home locked, settle what an interrupted operation left.
    let home = context.home()?;
    let locked = context.lock(&home)?;
    let manifest = home.manifest()?;
    let mut book = Book::open(&locked)?;

    // 3. Remove the entries and the skill of each plugin.
    let entries = plugged(context, which, &manifest, &book)?;
    let plugins: Vec<_> = entries.iter().map(|entry| (entry, ())).collect();
    each_plugin::report(context, which, plugins.into_iter(), |entry, ()| {
        let plugin = entry.directory.as_str();
        let (entries, _) = unplugging::remove(context, &mut book, plugin, meant)?;
        book.prune_skills();
        Ok(LineResult::Done {
            outcome: Plugged {
                entries,
                warnings: Vec::new(),
            },
        })
    })
}

/// The plugins that are meant. A plugin that is not installed any more may still have entries.
fn plugged(
    context: &Context<'_>,
    which: &Select,
    manifest: &Manifest,
    book: &Book<'_>,
) -> Result<Vec<Entry>> {
    let files = &unplugging::instructions(context);
    let recorded = book.ledger().plugins();
    let orphan = |plugin: &str| {
        let directory = PluginDir::new(plugin).ok()?;
        Some(Entry {
            name: plugin.to_owned(),
            directory,
            source: EntrySource {
                kind: SourceKind::Local,
                pin: None,
                url: None,
            },
        })
    };
    match which {
        Select::One(plugin) => match which.entries(manifest) {
            Ok(entries) => Ok(entries.into_iter().cloned().collect()),
            Err(error) => match recorded.get(plugin.as_str()) {
                Some(plugin) => Ok(orphan(plugin).into_iter().collect()),
                None => Err(error),
            },
        },
        Select::All => {
            let mut entries: Vec<Entry> = which.entries(manifest)?.into_iter().cloned().collect();
            entries.retain(|entry| {
                let plugin = entry.directory.as_str();
                recorded.contains(plugin) || book.has_lines(files, plugin)
            });
            let known: BTreeSet<_> = entries
                .iter()
                .map(|entry| entry.directory.to_string())
                .collect();
            let gone = recorded.iter().filter(|plugin| !known.contains(**plugin));
            entries.extend(gone.filter_map(|plugin| orphan(plugin)));
            Ok(entries)
        }
    }
}
