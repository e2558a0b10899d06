//! The newest commits of what plugins follow, and whether their files differ there: trees are asked
//! for, and no files.

use super::commits::{Roots, pins};
use super::repositories::Placed;
use super::search::{not_sent, trees_of};
use super::{Fetcher, Request, locate};
use crate::error::Result;
use crate::fetching::object::ObjectId;
use crate::fetching::remote::Remote;
use crate::host::Scope;
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
        scope: Scope<'_>,
    ) -> Vec<Result<NewestCommit>> {
        self.each_repository(requests, scope, look)
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
    // The trees of the newest commits; then those of the pins, where no receipt says them.
    let new = trees(
        remote,
        &roots,
        open.iter().map(|(_, request, pin)| (request, pin)),
    );
    let unknown = |request: &&Request| {
        request
            .have
            .as_ref()
            .is_some_and(|have| have.tree.is_none())
    };
    let without = open.iter().map(|(_, request, _)| request).filter(unknown);
    let pinned = without.filter_map(|request| Some((request, &request.have.as_ref()?.pin)));
    let mut old = trees(remote, &roots, pinned).into_iter();
    for ((place, request, pin), new) in open.iter().zip(new) {
        let old = match &request.have {
            Some(have) => have.tree.or_else(|| old.next()?.ok()),
            None => None,
        };
        let newest = new.map(|new| NewestCommit {
            pin: pin.clone(),
            is_same: old == Some(new),
        });
        done(*place, newest);
    }
}

/// The tree of each plugin at a commit. A commit that is gone is a failure of that plugin alone.
fn trees<'r>(
    remote: &mut Remote<'_>,
    roots: &Roots,
    plugins: impl Iterator<Item = (&'r Request, &'r Pin)>,
) -> Vec<Result<ObjectId>> {
    let roots: Vec<_> = plugins
        .map(|(request, pin)| roots.of(pin).map(|root| (root, &request.wanted)))
        .collect();
    let sought: Vec<_> = roots.iter().flatten().copied().collect();
    let mut found = trees_of(remote, &sought).into_iter();
    roots
        .into_iter()
        .map(|root| root.and_then(|_| found.next().unwrap_or_else(|| Err(not_sent()))))
        .collect()
}
