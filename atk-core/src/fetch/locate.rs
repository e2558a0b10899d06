//! Where in its repository a plugin is.

use super::registry;
use super::{Wanted, tree};
use crate::error::{Error, ErrorKind, Result};
use crate::git::object::{EntryKind, ObjectId};
use crate::git::remote::{Remote, TreeDepth};
use crate::model::pin::Pin;

/// How deep the trees have to be known before a plugin can be looked for: `.atk` is an entry of
/// the root; a registry's plugins lie in an entry of the root, mostly.
pub(super) fn depth<'w>(mut wanted: impl Iterator<Item = &'w Wanted>) -> TreeDepth {
    match wanted.any(|wanted| matches!(wanted, Wanted::Registry { .. })) {
        true => TreeDepth::Entries,
        false => TreeDepth::Root,
    }
}

/// The tree of each plugin, with everything below it in the cache. All objects are asked for at
/// once, those of registry plugins by a guess at their path, which the index then confirms.
pub(super) fn locate(
    remote: &mut Remote<'_>,
    wanted: Vec<(&Wanted, Result<(Pin, ObjectId)>)>,
) -> Vec<Result<(Pin, ObjectId)>> {
    let mut wants = Vec::new();
    let begun: Vec<_> = wanted
        .into_iter()
        .map(|(wanted, root)| {
            let (pin, root) = root?;
            match wanted {
                Wanted::Git { .. } => {
                    let tree = atk_directory(remote, root)?;
                    wants.push(tree);
                    Ok((pin, Place::Known(tree)))
                }
                Wanted::Registry { name } => {
                    let lookup = registry::Lookup::begin(remote, root, name)?;
                    wants.extend(lookup.wants());
                    Ok((pin, Place::Registry(lookup)))
                }
            }
        })
        .collect();
    wants.sort_unstable();
    wants.dedup();
    let fetched = if wants.is_empty() {
        Ok(())
    } else {
        remote.objects(&wants)
    };
    let mut fetched = fetched.map_err(Some);
    begun
        .into_iter()
        .map(|begun: Result<(Pin, Place)>| {
            let (pin, place) = begun?;
            if let Err(error) = &mut fetched {
                return Err(again(error));
            }
            match place {
                Place::Known(tree) => Ok((pin, tree)),
                Place::Registry(lookup) => Ok((pin, lookup.finish(remote)?)),
            }
        })
        .collect()
}

enum Place {
    Known(ObjectId),
    Registry(registry::Lookup),
}

/// The error itself the first time, then another with all it says.
fn again(error: &mut Option<Error>) -> Error {
    let Some(first) = error.take() else {
        return Error::new(ErrorKind::GitFailed, "the objects could not be fetched");
    };
    *error =
        Some(Error::new(first.kind(), first.to_string()).with_details(first.details().clone()));
    first
}

/// The tree of `.atk` in a repository.
fn atk_directory(remote: &Remote<'_>, root: ObjectId) -> Result<ObjectId> {
    let url = remote.url();
    let entries = tree::entries(remote, root)?;
    match entries.iter().find(|entry| entry.name == b".atk") {
        Some(entry) if entry.kind == EntryKind::Tree => Ok(entry.id),
        Some(_) => Err(Error::new(
            ErrorKind::ContentRefused,
            format!("`.atk` of {url} is not a directory"),
        )
        .with_path(".atk")
        .with_url(url.to_string())),
        None => Err(Error::new(
            ErrorKind::SourceNotFound,
            format!("the repository {url} has no `.atk` directory: it is no plugin"),
        )
        .with_url(url.to_string())),
    }
}
