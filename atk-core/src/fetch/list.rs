//! The files of plugins at their commits, as a list: nothing is written but to the object cache.

use super::commits::pins;
use super::search::tree_in_cache;
use super::{Fetcher, Request, StagedFile, WantedCommit};
use crate::error::Result;
use crate::fetching::remote::Remote;
use crate::host::Scope;

impl Fetcher<'_> {
    /// Lists the files of each request, in order. What the object cache does not have is asked for
    /// if `online`, each repository once; otherwise it is `None`, and no server is connected to.
    pub(crate) fn list(
        &self,
        requests: Vec<Request>,
        online: bool,
        scope: Scope<'_>,
    ) -> Vec<Result<Option<Vec<StagedFile>>>> {
        self.each_repository(requests, scope, |remote, requests, done| {
            let mut missing = Vec::new();
            for (place, request) in requests {
                match self.in_cache(remote, &request) {
                    None if online => missing.push((place, request)),
                    files => done(place, Ok(files)),
                }
            }
            let pins = pins(remote, &missing);
            let missing = missing.into_iter().zip(pins);
            let missing: Vec<_> = missing
                .map(|((place, request), pin)| (place, request, pin))
                .collect();
            let located = self.locate_all(remote, &missing);
            for ((place, _, _), located) in missing.iter().zip(located) {
                let files = located.and_then(|located| self.checked(remote, located.tree));
                done(*place, files.map(|checked| Some(checked.files)));
            }
        })
    }

    fn in_cache(&self, remote: &Remote<'_>, request: &Request) -> Option<Vec<StagedFile>> {
        let WantedCommit::Pin(pin) = &request.commit else {
            return None;
        };
        let root = remote.root_in_cache(pin)?;
        self.files_of(remote, tree_in_cache(remote, root, &request.wanted)?)
    }
}
