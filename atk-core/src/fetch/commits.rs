//! The commits at which plugins are wanted, and their root trees.

use std::collections::BTreeMap;

use super::shared_error::SharedError;
use super::{Request, WantedCommit};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::ObjectId;
use crate::fetching::remote::{Remote, TreeDepth};
use crate::model::git_url::GitUrl;
use crate::model::pin::Pin;
use crate::model::revision::RefName;

/// The commit of each request. `HEAD`, branches and tags are asked for once, all together.
pub(super) fn pins(remote: &mut Remote<'_>, requests: &[(usize, Request)]) -> Vec<Result<Pin>> {
    let is_asked_for = |(_, request): &&(usize, Request)| match request.commit {
        WantedCommit::Pin(_) => false,
        WantedCommit::Newest | WantedCommit::Ref(_) | WantedCommit::Follow(_, _) => true,
    };
    if requests.iter().any(|request| is_asked_for(&request)) {
        if requests.iter().any(|(_, request)| request.have.is_some()) {
            remote.ask_own_server_for_refs();
        }
        let names = requests
            .iter()
            .filter_map(|(_, request)| match &request.commit {
                WantedCommit::Ref(name) | WantedCommit::Follow(name, _) => Some(name),
                WantedCommit::Newest | WantedCommit::Pin(_) => None,
            });
        if let Err(error) = remote.look_up(names) {
            let error = SharedError::from(error);
            let pin = |request: &Request| match &request.commit {
                WantedCommit::Pin(pin) => Ok(pin.clone()),
                _ => Err(error.get()),
            };
            return requests.iter().map(|(_, request)| pin(request)).collect();
        }
    }
    requests
        .iter()
        .map(|(_, request)| match &request.commit {
            WantedCommit::Pin(pin) => Ok(pin.clone()),
            WantedCommit::Newest => remote.head(),
            WantedCommit::Ref(name) => remote.find_ref(name).map(|found| found.pin),
            WantedCommit::Follow(name, pin) => {
                let found = remote.find_ref(name)?;
                match pin {
                    Some(pin) if found.is_tag && found.pin != *pin => {
                        Err(tag_moved(remote.url(), name, pin, &found.pin))
                    }
                    _ => Ok(found.pin),
                }
            }
        })
        .collect()
}

fn tag_moved(url: &GitUrl, name: &RefName, old: &Pin, new: &Pin) -> Error {
    Error::new(
        ErrorKind::RefMoved,
        format!("the tag `{name}` of `{url}` points to {new} now, and the plugin is at {old}"),
    )
    .with_url(url.to_string())
    .with_help("a tag should not move; if the new commit is wanted, upgrade to it by its id")
}

/// The root trees of commits.
pub(super) struct Roots(BTreeMap<Pin, Result<ObjectId, SharedError>>);

impl Roots {
    /// All commits are asked for at once; where that fails for want of one of them, each is asked
    /// for alone, so that it fails alone.
    pub(super) fn fetch(remote: &mut Remote<'_>, mut pins: Vec<Pin>, depth: TreeDepth) -> Self {
        pins.sort();
        pins.dedup();
        let lost = || {
            Error::new(
                ErrorKind::Internal,
                "the server sent a commit without its tree",
            )
            .into()
        };
        let trees: Vec<Result<ObjectId, SharedError>> = match remote.commits(&pins, depth) {
            Ok(trees) => trees.into_iter().map(Ok).collect(),
            Err(error) if error.kind() == ErrorKind::PinNotFound && pins.len() > 1 => {
                let one = |pin: &Pin| {
                    let trees = remote.commits(std::slice::from_ref(pin), depth)?;
                    trees.first().copied().ok_or_else(lost)
                };
                pins.iter().map(one).collect()
            }
            Err(error) => {
                let error = SharedError::from(error);
                pins.iter().map(|_| Err(error.clone())).collect()
            }
        };
        Roots(pins.into_iter().zip(trees).collect())
    }

    pub(super) fn of(&self, pin: &Pin) -> Result<ObjectId> {
        match self.0.get(pin) {
            Some(Ok(tree)) => Ok(*tree),
            Some(Err(error)) => Err(error.get()),
            None => Err(Error::new(
                ErrorKind::Internal,
                "a commit was not requested",
            )),
        }
    }
}
