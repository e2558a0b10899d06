//! The newest commits of what plugins follow, and whether their files differ there: trees are asked
//! for, and no files.

use super::commits::{Roots, pins};
use super::repositories::Placed;
use super::search::tree_of;
use super::{Fetcher, Request, locate};
use crate::error::Result;
use crate::fetching::remote::Remote;
use crate::host::{CancelToken, Host};
use crate::model::pin::Pin;

/// The newest commit of what a plugin follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewestCommit {
    pub(crate) pin: Pin,
    /// True if the plugin's files there are those that it has.
    pub(crate) is_same: bool,
}

impl Fetcher<'_> {
    /// Looks for the newest commit of each request. Each repository is asked for its refs once, and
    /// for all commits once. Nothing is written but to the object cache; `dest` is not used.
    pub(crate) fn newest(
        &self,
        requests: Vec<Request>,
        host: &dyn Host,
        cancel: &CancelToken,
    ) -> Vec<Result<NewestCommit>> {
        self.each_repository(requests, (host, cancel), look)
    }
}

fn look(
    remote: &mut Remote<'_>,
    requests: Vec<Placed>,
    done: &dyn Fn(usize, Result<NewestCommit>),
) {
    let pins = pins(remote, &requests);
    let mut open = Vec::new();
    for ((place, request), pin) in requests.into_iter().zip(pins) {
        match (&request.have, pin) {
            (Some(have), Ok(pin)) if have.pin == pin => {
                done(place, Ok(NewestCommit { pin, is_same: true }));
            }
            (_, Ok(pin)) => open.push((place, request, pin)),
            (_, Err(error)) => done(place, Err(error)),
        }
    }
    let commits = open.iter().flat_map(|(_, request, pin)| {
        let have = request.have.as_ref();
        let before = have.filter(|have| have.tree.is_none());
        [Some(pin.clone()), before.map(|have| have.pin.clone())]
    });
    let depth = locate::depth(open.iter().map(|(_, request, _)| &request.wanted));
    let roots = Roots::fetch(remote, commits.flatten().collect(), depth);
    for (place, request, pin) in open {
        done(place, compare(remote, &request, pin, &roots));
    }
}

fn compare(
    remote: &mut Remote<'_>,
    request: &Request,
    pin: Pin,
    roots: &Roots,
) -> Result<NewestCommit> {
    let root = roots.of(&pin)?;
    let new = tree_of(remote, root, &request.wanted)?;
    let old = match &request.have {
        None => None,
        Some(have) => match have.tree {
            Some(tree) => Some(tree),
            // A commit that is gone says nothing of its files.
            None => match roots.of(&have.pin) {
                Ok(root) => tree_of(remote, root, &request.wanted).ok(),
                Err(_) => None,
            },
        },
    };
    Ok(NewestCommit {
        pin,
        is_same: old == Some(new),
    })
}
