//! Where in its repository a plugin is.

use std::collections::HashSet;

use super::WantedPlugin;
use super::indexes::Indexes;
use super::search::Search;
use super::sought::{PluginLocation, PluginSearch};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::ObjectId;
use crate::fetching::remote::{Remote, TreeDepth};

/// How deep the trees have to be known before a plugin can be looked for: `.atk` is an entry of
/// the root; a registry's plugins lie in an entry of the root, mostly.
pub(super) fn depth<'w>(mut wanted: impl Iterator<Item = &'w WantedPlugin>) -> TreeDepth {
    let is_deeper = |wanted: &WantedPlugin| match wanted {
        WantedPlugin::Registry { .. } | WantedPlugin::Indexed { .. } => true,
        WantedPlugin::Git { subdir, .. } => subdir.is_some(),
    };
    match wanted.any(is_deeper) {
        true => TreeDepth::Entries,
        false => TreeDepth::Root,
    }
}

/// Finds each plugin's tree. What all of them lack is asked for at once: first those of registry
/// plugins by a guess at their path, together with the index; then those where the index says
/// something else, level by level where they lie deeper than the trees that are known.
pub(super) fn locate(
    remote: &mut Remote<'_>,
    sought: Vec<Result<PluginSearch<'_>>>,
) -> Vec<Result<PluginLocation>> {
    let indexes = Indexes::default();
    let mut searches: Vec<Result<Search>> = sought
        .into_iter()
        .map(|sought| Search::begin(remote, &indexes, sought?))
        .collect();
    let (mut asked, mut listed) = (HashSet::new(), HashSet::new());
    loop {
        let going = || searches.iter().flatten();
        let mut trees: Vec<ObjectId> = going().flat_map(Search::on_the_way).collect();
        let mut wants: Vec<ObjectId> = going().flat_map(Search::wants).collect();
        trees.retain(|id| listed.insert(*id) && !wants.contains(id));
        wants.retain(|id| asked.insert(*id));
        if wants.is_empty() && trees.is_empty() {
            break;
        }
        let brought = remote.trees(&trees).and_then(|()| remote.objects(&wants));
        match brought {
            Ok(()) => {}
            Err(error) if is_of_one(&error) && can_be_parted(&searches) => {
                bring_apart(remote, &mut searches);
            }
            Err(error) => {
                fail(&mut searches, &error);
                break;
            }
        }
        for search in &mut searches {
            if let Ok(found) = search
                && let Err(error) = found.go_on(remote, &indexes)
            {
                *search = Err(error);
            }
        }
    }
    searches.into_iter().map(|search| search?.found()).collect()
}

/// True for a failure that may be the fault of one plugin's objects (nested too deeply, too much):
/// the others are not to suffer from it.
fn is_of_one(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ContentRefused | ErrorKind::GitFailed
    )
}

/// True if several things were asked for together: a single one would only be asked for again.
fn can_be_parted(searches: &[Result<Search>]) -> bool {
    let mut going = searches.iter().flatten();
    let first = going.next();
    going.next().is_some() || first.is_some_and(|search| !search.wants_before().is_empty())
}

/// Asks for what each plugin lacks alone, so that it fails alone. Where only the files from before
/// cannot be had, nothing is known of them.
fn bring_apart(remote: &mut Remote<'_>, searches: &mut [Result<Search>]) {
    for result in searches {
        let Ok(search) = result else {
            continue;
        };
        let trees: Vec<ObjectId> = search.on_the_way().collect();
        let brought = remote
            .trees(&trees)
            .and_then(|()| remote.objects(&search.wants_now()));
        match brought {
            Ok(()) if remote.objects(&search.wants_before()).is_err() => search.forget_before(),
            Ok(()) => {}
            Err(error) => *result = Err(error),
        }
    }
}

/// One failure for all that are still looked for.
fn fail(searches: &mut [Result<Search>], error: &Error) {
    for search in searches.iter_mut().filter(|search| search.is_ok()) {
        let same = Error::new(error.kind(), error.to_string());
        *search = Err(same.with_details(error.details().clone()));
    }
}
