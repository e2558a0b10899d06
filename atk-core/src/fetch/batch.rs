//! The files of plugins, brought to staging.

use super::check::{CheckedFiles, FileOrigin};
use super::commits::{Roots, pins};
use super::repositories::Placed;
use super::shared_error::SharedError;
use super::sought::{Before, PluginLocation, PluginSearch};
use super::{
    CachedPlugin, FetchedEntry, Fetcher, Have, Label, Request, StagedFile, StagedTree, locate,
    tree, write,
};
use crate::error::Result;
use crate::fetching::object::ObjectId;
use crate::fetching::remote::Remote;
use crate::host::{CancelToken, Scope};
use crate::model::pin::Pin;

impl Fetcher<'_> {
    /// Brings the files of every request to its directory. Each repository is asked for its
    /// newest commit once, for all commits once, and for all objects once. Results come in the
    /// order of the requests; one that fails stops no other, and leaves no directory.
    pub(crate) fn stage(
        &self,
        requests: Vec<Request>,
        scope: Scope<'_>,
    ) -> Vec<Result<FetchedEntry>> {
        let cancel = scope.cancel;
        self.each_repository(requests, scope, |remote, requests, done| {
            self.serve(remote, requests, cancel, done);
        })
    }

    /// Brings all objects of every plugin that is requested into the object cache, and checks its files;
    /// otherwise as [`Fetcher::stage`].
    pub(crate) fn cache(
        &self,
        requests: Vec<Request>,
        scope: Scope<'_>,
    ) -> Vec<Result<CachedPlugin>> {
        self.each_repository(requests, scope, |remote, requests, done| {
            let pins = pins(remote, &requests);
            let requests = requests.into_iter().zip(pins);
            let requests = requests.map(|((place, request), pin)| (place, request, pin));
            let requests: Vec<_> = requests.collect();
            let located = self.locate_all(remote, &requests);
            for ((place, ..), located) in requests.into_iter().zip(located) {
                let cached = located.and_then(|PluginLocation { pin, tree, .. }| {
                    let files = self.checked(remote, tree)?.files.len();
                    Ok(CachedPlugin { pin, files })
                });
                done(place, cached);
            }
        })
    }

    fn serve(
        &self,
        remote: &mut Remote<'_>,
        requests: Vec<Placed>,
        cancel: &CancelToken,
        done: &dyn Fn(usize, Result<FetchedEntry>),
    ) {
        let pins = pins(remote, &requests);
        let mut open = Vec::new();
        for ((place, request), pin) in requests.into_iter().zip(pins) {
            match (&request.have, pin) {
                // At that very commit already: there is nothing to look for.
                (Some(have), Ok(pin)) if have.pin == pin => {
                    done(place, Ok(FetchedEntry::Same { pin }));
                }
                (_, pin) => open.push((place, request, pin)),
            }
        }
        let located = self.locate_all(remote, &open);
        for ((place, request, _), located) in open.into_iter().zip(located) {
            let result = located.and_then(|located| {
                cancel.check()?;
                self.bring(remote, request, located, cancel)
            });
            done(place, result);
        }
    }

    /// Writes the files of a plugin that was found, unless they are there already.
    fn bring(
        &self,
        remote: &Remote<'_>,
        request: Request,
        located: PluginLocation,
        cancel: &CancelToken,
    ) -> Result<FetchedEntry> {
        let PluginLocation {
            pin,
            tree,
            directory,
            subdir,
            before,
            unlisted,
        } = located;
        if before == Some(tree) {
            return Ok(FetchedEntry::Same { pin });
        }
        let checked = self.checked(remote, tree)?;
        let pointers = write::write(&checked, remote, &request.dest, &self.limits, cancel)?;
        let warnings = checked.warnings().into_iter();
        let warnings = warnings.chain(pointers.warnings()).collect();
        Ok(FetchedEntry::Staged(StagedTree {
            dir: request.dest,
            pin: Some(pin),
            tree: Some(tree),
            file_count: checked.files.len(),
            files: checked.files,
            before: unlisted.and_then(|tree| self.files_of(remote, tree)),
            warnings,
            findings: checked.findings,
            label: Label::Directory(directory),
            subdir: subdir.map(Box::new),
        }))
    }

    /// The files of a tree, as they were written when it was installed; `None` if they could not
    /// have been.
    pub(super) fn files_of(&self, remote: &Remote<'_>, tree: ObjectId) -> Option<Vec<StagedFile>> {
        self.checked(remote, tree).ok().map(|checked| checked.files)
    }

    pub(super) fn checked(&self, remote: &Remote<'_>, tree: ObjectId) -> Result<CheckedFiles> {
        let files = tree::read(remote, tree, &self.limits)?;
        match self.collects {
            true => Ok(files.inspect(&self.limits, FileOrigin::Repository)),
            false => files.check(&self.limits, FileOrigin::Repository),
        }
    }

    /// Each plugin's tree, with all its objects in the cache.
    pub(super) fn locate_all(
        &self,
        remote: &mut Remote<'_>,
        requests: &[(usize, Request, Result<Pin>)],
    ) -> Vec<Result<PluginLocation>> {
        let unknown = |have: &Have| {
            let pin = have.tree.is_none().then(|| have.pin.clone());
            pin.into_iter().chain(have.unlisted.clone())
        };
        let commits = requests.iter().filter_map(|(_, _, pin)| pin.as_ref().ok());
        let before = requests
            .iter()
            .filter_map(|(_, request, _)| request.have.as_ref());
        let pins = commits.cloned().chain(before.flat_map(unknown)).collect();
        let depth = locate::depth(requests.iter().map(|(_, request, _)| &request.wanted));
        let roots = Roots::fetch(remote, pins, depth);
        let sought = requests.iter().map(|(_, request, pin)| {
            let pin = pin.as_ref().map_err(SharedError::of)?.clone();
            Ok(PluginSearch {
                wanted: &request.wanted,
                root: roots.of(&pin)?,
                pin,
                // A commit that is gone says nothing of its files.
                unlisted: request
                    .have
                    .as_ref()
                    .and_then(|have| roots.of(have.unlisted.as_ref()?).ok()),
                before: match &request.have {
                    None => Before::Nothing,
                    Some(Have {
                        tree: Some(tree), ..
                    }) => Before::Tree(*tree),
                    Some(have) => roots.of(&have.pin).map_or(Before::Nothing, Before::Root),
                },
            })
        });
        let sought = sought.collect();
        locate::locate(remote, sought)
    }
}
