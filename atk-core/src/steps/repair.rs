//! Puts back what was pinned, and commits what is not committed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::answers::Ask;
use super::commit::{self, Finished};
use super::context::Context;
use super::fetched_entries::{self, Commit, Want};
use super::gitignore::gitignore;
use super::home_files;
use super::placement::{self, Placement};
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{FetchedEntry, StagedTree};
use crate::home::{Access, HomeDir, HomePath, LockedHome, Transaction};
use crate::host::{Phase, Prompt, PromptKind, Reply};
use crate::model::gitignore::Gitignore;
use crate::model::manifest::{Entry, Manifest};
use crate::model::source::SourceKind;
use crate::outcome::select::standing;
use crate::outcome::{
    Finding, FindingKind, LineResult, Repaired, RepairedPlugin, Report, Select, Verification,
    VerifyState,
};
use crate::text::escape;

/// The id of the question.
const ID: &str = "confirm:repair";

/// A plugin whose files are not as they should be, and the right ones.
pub(crate) type Damaged<'e> = (&'e Entry, Result<StagedTree>);

/// Brings the right files of each plugin that lacks some: from its source, or, for a local plugin,
/// from the last commit of the home.
pub(crate) fn bring<'e>(
    context: &Context<'_>,
    home: &HomeDir,
    staging: &Path,
    entries: &[&'e Entry],
    found: &Verification,
) -> Result<Vec<Damaged<'e>>> {
    let damaged: Vec<(&Entry, Vec<PathBuf>)> = entries
        .iter()
        .filter_map(|entry| {
            let files = wrong_files(entry, found)?;
            Some((*entry, files))
        })
        .collect();
    let is_local = |entry: &Entry| entry.source.kind == SourceKind::Local;
    let remote = damaged.iter().filter(|(entry, _)| !is_local(entry));
    let wants: Vec<Want<'_>> = remote
        .map(|(entry, _)| Want {
            entry,
            commit: Commit::Pinned,
            have: None,
        })
        .collect();
    if !wants.is_empty() {
        context.step(None, Phase::Fetching, "fetching");
    }
    let mut brought = fetched_entries::bring(context, staging, &wants)?.into_iter();
    let each = damaged
        .into_iter()
        .enumerate()
        .map(|(number, (entry, files))| {
            let tree = if is_local(entry) {
                let dest = staging.join(format!("local-{number}"));
                let head = home.open_repository()?.head()?;
                let head = head.ok_or_else(fetched_entries::lost)?;
                let wanted = |path: &Path| files.iter().any(|file| path.starts_with(file));
                home_files::stage(home, &head, &entry.directory, wanted, &dest)
            } else {
                match brought
                    .next()
                    .unwrap_or_else(|| Err(fetched_entries::lost()))
                {
                    Ok(FetchedEntry::Staged(tree)) => Ok(tree),
                    Ok(FetchedEntry::Same { .. }) => Err(fetched_entries::lost()),
                    Err(error) => Err(error),
                }
            };
            Ok((entry, tree))
        });
    each.collect()
}

/// The files of a plugin that have to be put back, relative to its directory; an empty path is all of
/// them. `None` if there are none.
fn wrong_files(entry: &Entry, found: &Verification) -> Option<Vec<PathBuf>> {
    let mut lines = found.plugins.iter();
    let line = lines.find(|line| line.directory == entry.directory)?;
    let LineResult::Done { outcome } = &line.result else {
        return None;
    };
    let plugin = HomePath::plugin(&entry.directory);
    let wrong = outcome
        .findings
        .iter()
        .filter(|finding| match finding.kind {
            FindingKind::Changed
            | FindingKind::Missing
            | FindingKind::Mode
            | FindingKind::Stamp => true,
            FindingKind::Uncommitted | FindingKind::SecretTracked | FindingKind::Interrupted => {
                false
            }
        });
    let files = wrong.filter_map(|finding| {
        let inner = Path::new(&finding.path).strip_prefix(plugin.as_path());
        inner.ok().map(Path::to_owned)
    });
    let files: Vec<PathBuf> = files.collect();
    (!files.is_empty() || outcome.state == VerifyState::Unknown).then_some(files)
}

/// Asks whether all of it may be changed.
///
/// # Errors
/// [`ErrorKind::Declined`] on a no, [`ErrorKind::InteractionRequired`] without an answer.
pub(crate) fn confirm(ask: &Ask<'_>, which: &Select, found: &Verification) -> Result<()> {
    let plugin = which.subject().unwrap_or_default();
    let mut prompt = Prompt::new(ID, plugin, PromptKind::Confirm, "repair this?");
    prompt.required = true;
    let lines = findings(found).map(|finding| {
        let what = match finding.kind {
            FindingKind::Changed => "replaces, and keeps a backup of",
            FindingKind::Missing => "restores",
            FindingKind::Mode => "corrects the mode of",
            FindingKind::Stamp => "restores the pinned files, with",
            FindingKind::Uncommitted => "commits",
            FindingKind::SecretTracked => "stops tracking, and keeps on disk,",
            FindingKind::Interrupted => "leaves as it is: the journal in",
        };
        format!("{what} {}", escape(&finding.path))
    });
    prompt.details = lines.collect();
    match ask.reply(prompt)? {
        Reply::Yes => Ok(()),
        Reply::No | Reply::UseDefault | Reply::Text(_) => {
            Err(Error::new(ErrorKind::Declined, "nothing was repaired").with_prompt(ID))
        }
        Reply::Unanswered => Err(Error::new(
            ErrorKind::InteractionRequired,
            "the repair needs confirmation",
        )
        .with_prompt(ID)),
    }
}

fn findings(found: &Verification) -> impl Iterator<Item = &Finding> {
    let of_plugins = found.plugins.iter().flat_map(|line| match &line.result {
        LineResult::Done { outcome } => outcome.findings.as_slice(),
        LineResult::Skipped { .. } | LineResult::Failed { .. } => &[],
    });
    of_plugins.chain(&found.findings)
}

/// Puts the files of each plugin in place, each in a transaction of its own.
pub(crate) fn put_in_place(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    which: &Select,
    damaged: Vec<Damaged<'_>>,
) -> Result<Repaired> {
    let home = locked.home();
    let now = home.manifest()?;
    let report = Report::of_each(which, damaged, |entry, tree| {
        let tree = tree?;
        standing(&now, entry)?;
        let directory = &entry.directory;
        context.step(Some(directory.as_str()), Phase::Placing, "placing files");
        let placement = Placement::plan(home, directory, &tree)?;
        let mut transaction = Transaction::begin(locked, "repair", Some(directory))?;
        let backup = match placement.carry_out(&mut transaction, directory, &tree) {
            Ok(backup) => backup,
            Err(error) => return Err(commit::take_back(transaction, &[], error)),
        };
        commit::without_commit(transaction)?;
        let mut warnings = tree.warnings.clone();
        warnings.extend(placement::kept_warning(backup.as_deref()));
        for warning in &warnings {
            context.warn(Some(directory.as_str()), warning);
        }
        let outcome = RepairedPlugin {
            files: placement.files(),
            backup,
            warnings,
        };
        Ok(LineResult::Done { outcome })
    })?;
    Ok(Repaired {
        plugins: report.plugins,
        ..Repaired::nothing()
    })
}

/// Commits what is not committed, and takes secrets out of git.
pub(crate) fn commit(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    manifest: &Manifest,
    which: &Select,
    found: &Verification,
) -> Result<Finished> {
    let home = locked.home();
    let nothing = Finished {
        commit: None,
        push: None,
    };
    if !manifest.config.auto_commit {
        return Ok(nothing);
    }
    let is_due = |finding: &&Finding| match finding.kind {
        FindingKind::Uncommitted => true,
        FindingKind::SecretTracked => Path::new(&finding.path).starts_with("plugins"),
        _ => false,
    };
    let due = findings(found).filter(is_due);
    let due = due.map(|finding| HomePath::new(&finding.path));
    let mut paths = due.collect::<Result<BTreeSet<_>>>()?;
    let (lines, is_new) = gitignore(home, Gitignore::put_right)?;
    let lost = |path: &HomePath| {
        let mut missing = found.findings.iter();
        missing.any(|finding| {
            finding.kind == FindingKind::Missing && Path::new(&finding.path) == path.as_path()
        })
    };
    let files = [HomePath::gitignore(), HomePath::versions()];
    let lost: Vec<HomePath> = files.into_iter().filter(lost).collect();
    if paths.is_empty() && !is_new && lost.is_empty() {
        return Ok(nothing);
    }
    let mut transaction = Transaction::begin(locked, "repair", None)?;
    let mut change = || -> Result<()> {
        for path in &lost {
            let head = locked
                .repository()
                .head()?
                .ok_or_else(fetched_entries::lost)?;
            let bytes = locked.repository().file_at(&head, path.as_path())?;
            if let Some(bytes) = bytes {
                transaction.write(path, &bytes, Access::Shared)?;
            }
        }
        if is_new && !lost.contains(&HomePath::gitignore()) {
            transaction.write(&HomePath::gitignore(), &lines, Access::Shared)?;
            paths.insert(HomePath::gitignore());
        }
        Ok(())
    };
    if let Err(error) = change() {
        return Err(commit::take_back(transaction, &[], error));
    }
    context.step(None, Phase::Committing, "committing");
    let message = match which {
        Select::One(plugin) => format!("Repair plugin '{}'", escape(plugin)),
        Select::All => "Repair the home".to_owned(),
    };
    let paths: Vec<HomePath> = paths.into_iter().collect();
    commit::commit_all(
        context,
        locked,
        transaction,
        &manifest.config,
        &message,
        &paths,
    )
    .map_err(|failed| commit::take_back(failed.transaction, &[], failed.error))
}
