//! Compares a home with what was pinned and committed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::context::Context;
use super::fetched_entries;
use super::fetched_entries::Sources;
use super::replacement::{self, Managed};
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{Fetcher, Request, WantedCommit};
use crate::home::{ChangeInProgress, FileKind, HomeDir, HomePath, PathState};
use crate::host::Phase;
use crate::model::manifest::{Entry, Manifest};
use crate::model::owned;
use crate::model::source::SourceKind;
use crate::outcome::{
    Finding, FindingKind, Line, LineResult, Report, Select, Verification, Verified, VerifyState,
};
use crate::text::escape;

/// The files that a plugin should have.
pub(crate) enum Expected {
    /// Those of its pin.
    Files(Managed),
    /// Those that the home's repository has.
    Committed,
    /// It is not known.
    Unknown(String),
}

/// What git says of a home.
pub(crate) struct GitFindings {
    findings: Vec<Finding>,
    keeps_modes: bool,
}

/// Finds out which files the plugins should have: from a receipt, else from the object cache, else, if
/// `online`, from the source.
pub(crate) fn expected(
    context: &Context<'_>,
    home: &HomeDir,
    entries: &[&Entry],
    online: bool,
) -> Result<Vec<Expected>> {
    let sources = Sources::of(context)?;
    let request = |entry: &Entry| {
        let pin = fetched_entries::pin_of(entry)?;
        Ok::<_, Error>(Request {
            wanted: sources.at_pin(entry)?,
            commit: WantedCommit::Pin(pin.clone()),
            have: None,
            dest: PathBuf::new(),
        })
    };
    let known: Vec<Result<Option<Expected>>> = entries
        .iter()
        .map(|entry| match (entry.source.kind, receipt(home, entry)) {
            (SourceKind::Local, _) => Ok(Some(Expected::Committed)),
            (SourceKind::Registry | SourceKind::Git, Some(files)) => {
                Ok(Some(Expected::Files(files)))
            }
            (SourceKind::Registry | SourceKind::Git, None) => request(entry).map(|_| None),
        })
        .collect();
    let unknown = entries.iter().zip(&known);
    let unknown = unknown.filter(|(_, known)| matches!(known, Ok(None)));
    let requests = unknown.map(|(entry, _)| request(entry));
    let requests = requests.collect::<Result<Vec<_>>>()?;
    let mut listed = Vec::new();
    if !requests.is_empty() {
        if online {
            context.step(None, Phase::Fetching, "looking for the files of the pins");
        }
        let engine = context.engine()?;
        let limits = context.session.options.limits;
        let fetcher = Fetcher::new(&engine, limits);
        listed = fetcher.list(requests, online, context.scope());
        context.session.cancel.check()?;
    }
    let mut listed = listed.into_iter();
    let expected = known.into_iter().map(|known| match known {
        Err(error) => Expected::Unknown(error.to_string()),
        Ok(Some(known)) => known,
        Ok(None) => match listed.next() {
            Some(Ok(Some(files))) => Expected::Files(replacement::of_files(&files)),
            Some(Err(error)) => Expected::Unknown(error.to_string()),
            Some(Ok(None)) | None => Expected::Unknown(
                "ATK did not write its files, and the download cache does not have its commit"
                    .to_owned(),
            ),
        },
    });
    Ok(expected.collect())
}

/// The files that ATK put there from the pin. What the stamp says now does not matter.
fn receipt(home: &HomeDir, entry: &Entry) -> Option<Managed> {
    let receipt = home.noted_receipt(&entry.directory)?;
    let is_of_pin = receipt.pin.is_some() && receipt.pin == entry.source.pin;
    is_of_pin.then(|| replacement::of_receipt(&receipt))?
}

/// Asks git which files of local plugins, and of the home itself, are not committed, and which secrets
/// are tracked. A home that does not commit by itself may be behind.
pub(crate) fn ask_git(
    context: &Context<'_>,
    home: &HomeDir,
    manifest: &Manifest,
    which: &Select,
    entries: &[&Entry],
) -> Result<GitFindings> {
    let repository = home.open_repository()?;
    let is_local = |entry: &&&Entry| entry.source.kind == SourceKind::Local;
    let mut paths: Vec<HomePath> = Vec::new();
    if manifest.config.auto_commit {
        let local = entries.iter().filter(is_local);
        paths.extend(local.map(|entry| HomePath::plugin(&entry.directory)));
        if *which == Select::All {
            let files = [HomePath::manifest(), HomePath::versions()];
            paths.extend(files.into_iter().chain([HomePath::gitignore()]));
        }
    }
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.as_path().to_owned()).collect();
    let unsaved = repository.unsaved(&paths, &context.session.cancel)?;
    let is_secret = |path: &&PathBuf| owned::is_secret(path.as_os_str().as_encoded_bytes());
    let tracked: BTreeSet<PathBuf> = repository.tracked()?.into_iter().collect();
    let secrets = tracked.iter().filter(is_secret);
    let findings = unsaved
        .changed
        .iter()
        .map(|path| finding(path, FindingKind::Uncommitted));
    let findings = findings.chain(
        unsaved
            .gone
            .iter()
            .map(|path| finding(path, FindingKind::Missing)),
    );
    let findings = findings.chain(secrets.map(|path| finding(path, FindingKind::SecretTracked)));
    Ok(GitFindings {
        findings: findings.collect(),
        keeps_modes: repository.keeps_modes()?,
    })
}

fn finding(path: &Path, kind: FindingKind) -> Finding {
    Finding {
        path: path.to_string_lossy().into_owned(),
        kind,
    }
}

/// Compares each plugin with what it should be, and reads each of its files once.
pub(crate) fn compare<'e>(
    context: &Context<'_>,
    home: &HomeDir,
    which: &Select,
    plugins: impl IntoIterator<Item = (&'e Entry, Expected)>,
    git: GitFindings,
    (change, extra): (Option<&ChangeInProgress>, bool),
) -> Result<Verification> {
    let GitFindings {
        findings: mut rest,
        keeps_modes,
    } = git;
    let report = Report::of_each(which, plugins, |entry, expected| {
        context.session.cancel.check()?;
        let below = HomePath::plugin(&entry.directory);
        let is_own = |finding: &Finding| Path::new(&finding.path).starts_with(below.as_path());
        let (own, others) = std::mem::take(&mut rest).into_iter().partition(is_own);
        rest = others;
        let busy = change.filter(|change| change.is_about(entry.directory.as_str()));
        let outcome = match busy.filter(|change| change.is_running()) {
            Some(change) => Verified {
                state: VerifyState::Unknown,
                pin: entry.source.pin.clone(),
                findings: Vec::new(),
                extra: Vec::new(),
                reason: Some(format!("`{}` is changing it", change.operation())),
            },
            None => one(home, entry, &expected, own, (keeps_modes, extra))?,
        };
        Ok(LineResult::Done { outcome })
    })?;
    if change.is_some_and(|change| !change.is_running()) {
        let journal = HomePath::scratch().join("transaction")?;
        rest.push(finding(journal.as_path(), FindingKind::Interrupted));
    }
    if matches!(which, Select::One(_)) {
        rest.clear();
    }
    let is_ok = |line: &Line<Verified>| match &line.result {
        LineResult::Done { outcome } => outcome.state == VerifyState::Ok,
        LineResult::Skipped { .. } | LineResult::Failed { .. } => false,
    };
    Ok(Verification {
        intact: rest.is_empty() && report.plugins.iter().all(is_ok),
        plugins: report.plugins,
        findings: rest,
        warnings: Vec::new(),
    })
}

/// Fails if something was found, or is not known.
///
/// # Errors
/// [`ErrorKind::VerificationFailed`], which names the plugins and what is wrong with the home.
pub(crate) fn require_intact(found: Verification) -> Result<Verification> {
    if found.intact {
        return Ok(found);
    }
    let plugins = found.plugins.iter().filter_map(|line| {
        let text = match &line.result {
            LineResult::Done { outcome } => match outcome.state {
                VerifyState::Ok => return None,
                VerifyState::Different => listed(&outcome.findings),
                VerifyState::Unknown => outcome.reason.clone().unwrap_or_default(),
            },
            LineResult::Failed { error } => error.to_string(),
            LineResult::Skipped { .. } => return None,
        };
        Some(format!("`{}`: {text}", line.directory))
    });
    let of_home = (!found.findings.is_empty()).then(|| listed(&found.findings));
    let all: Vec<_> = plugins.chain(of_home).collect();
    let message = format!("the home is not as pinned: {}", all.join("; "));
    Err(Error::new(ErrorKind::VerificationFailed, message)
        .with_help("`atk verify` shows everything that was found, and `atk repair` corrects it"))
}

/// The first findings, and how many more there are.
fn listed(findings: &[Finding]) -> String {
    let shown = findings.iter().take(3);
    let mut shown: Vec<_> = shown
        .map(|finding| format!("`{}`", escape(&finding.path)))
        .collect();
    if let more @ 1.. = findings.len().saturating_sub(shown.len()) {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

fn one(
    home: &HomeDir,
    entry: &Entry,
    expected: &Expected,
    mut findings: Vec<Finding>,
    (keeps_modes, extra): (bool, bool),
) -> Result<Verified> {
    let plugin = HomePath::plugin(&entry.directory);
    let is_there = home.look(&plugin)? == PathState::Directory;
    let stamp = match expected {
        Expected::Committed => None,
        Expected::Files(_) | Expected::Unknown(_) => entry.source.pin.as_ref(),
    };
    let (mut strangers, mut reason) = (Vec::new(), None);
    if !is_there {
        findings.push(finding(plugin.as_path(), FindingKind::Missing));
    } else {
        if stamp.is_some() && home.stamp(&entry.directory).as_ref() != stamp {
            let path = HomePath::stamp(&entry.directory);
            findings.push(finding(path.as_path(), FindingKind::Stamp));
        }
        match expected {
            Expected::Files(files) => {
                differences(home, &plugin, files, keeps_modes, &mut findings)?;
                if extra {
                    strangers = unknown_files(home, &plugin, files)?;
                }
            }
            Expected::Committed => {}
            Expected::Unknown(why) => reason = Some(why.clone()),
        }
    }
    findings.sort();
    let state = match (findings.is_empty(), &reason) {
        (true, None) => VerifyState::Ok,
        (true, Some(_)) => VerifyState::Unknown,
        (false, _) => VerifyState::Different,
    };
    Ok(Verified {
        state,
        pin: entry.source.pin.clone(),
        findings,
        extra: strangers,
        reason: reason.filter(|_| state == VerifyState::Unknown),
    })
}

fn differences(
    home: &HomeDir,
    plugin: &HomePath,
    files: &Managed,
    keeps_modes: bool,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    for (path, (kind, id)) in files {
        let path = plugin.join(path)?;
        let is_link = |kind: FileKind| kind == FileKind::Link;
        let found = match home.look(&path)? {
            PathState::Nothing => FindingKind::Missing,
            PathState::Content(is, has) if has == *id && is_link(is) == is_link(*kind) => {
                if is == *kind || !keeps_modes {
                    continue;
                }
                FindingKind::Mode
            }
            PathState::Content(..) | PathState::Directory | PathState::Other => {
                FindingKind::Changed
            }
        };
        findings.push(finding(path.as_path(), found));
    }
    Ok(())
}

/// What lies in directories that the plugin ships, and is neither its own nor the user's.
fn unknown_files(home: &HomeDir, plugin: &HomePath, files: &Managed) -> Result<Vec<String>> {
    let mut shipped: BTreeMap<HomePath, bool> = BTreeMap::from([(plugin.clone(), true)]);
    for path in files.keys() {
        let path = plugin.join(path)?;
        let above = path.and_above().skip(1);
        let above: Vec<_> = above.take_while(|above| above != plugin).collect();
        shipped.extend(above.into_iter().map(|above| (above, true)));
        shipped.insert(path, false);
    }
    let mut unknown = Vec::new();
    for (directory, _) in shipped.iter().filter(|(_, is_directory)| **is_directory) {
        for name in home.names(directory)?.unwrap_or_default() {
            let is_users = directory == plugin
                && (owned::is_users(&name) || owned::is_noted(Path::new(&name)));
            let path = directory.join(&name)?;
            if !is_users && !shipped.contains_key(&path) {
                unknown.push(path.to_string());
            }
        }
    }
    Ok(unknown)
}
