//! Many requests at once: each repository is asked by one thread over one connection, and the
//! host hears of it on the caller's thread.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::check::FileOrigin;
use super::sought::{Before, PluginLocation, PluginSearch};
use super::{
    FetchedEntry, Fetcher, Have, Label, Request, StagedFile, StagedTree, WantedCommit, locate,
    tree, write,
};
use crate::error::{Details, Error, ErrorKind, Result};
use crate::fetching::object::ObjectId;
use crate::fetching::remote::{Remote, TreeDepth};
use crate::host::{CancelToken, Event, Host, Scope};
use crate::model::git_url::GitUrl;
use crate::model::pin::Pin;
use crate::model::revision::RefName;

/// How many repositories are asked at once.
const AT_ONCE: usize = 8;
/// How long the calling thread sleeps at most while the others work.
const NAP: Duration = Duration::from_millis(50);

/// The requests of one repository, each with its place among all.
struct RepositoryRequests {
    url: GitUrl,
    requests: Vec<(usize, Request)>,
}

enum FetchMessage {
    Event(Event),
    Done(usize, Result<FetchedEntry>),
}

impl Fetcher<'_> {
    /// Brings the files of every request to its directory. Each repository is asked for its
    /// newest commit once, for all commits once, and for all objects once. Results come in the
    /// order of the requests; one that fails stops no other, and leaves no directory.
    pub(crate) fn stage(
        &self,
        requests: Vec<Request>,
        host: &dyn Host,
        cancel: &CancelToken,
    ) -> Vec<Result<FetchedEntry>> {
        let mut results: Vec<Option<Result<FetchedEntry>>> = Vec::new();
        results.resize_with(requests.len(), || None);
        let groups = Mutex::new(self.group(requests));
        let workers = groups.lock().map_or(0, |groups| groups.len().min(AT_ONCE));
        let (sender, news) = mpsc::channel();
        let work = |sender: Sender<FetchMessage>| {
            let next = || {
                let mut groups = groups.lock().unwrap_or_else(PoisonError::into_inner);
                groups.pop_front()
            };
            while let Some(group) = next() {
                self.serve(group, cancel, &sender);
            }
        };
        let work = &work;
        thread::scope(|threads| {
            let mut started = 0;
            for _ in 0..workers {
                let sender = sender.clone();
                // The system may have no threads left: fewer do the same work.
                match thread::Builder::new().spawn_scoped(threads, move || work(sender)) {
                    Ok(_) => started += 1,
                    Err(_) => break,
                }
            }
            if started == 0 {
                // What it reports waits in the channel until all is done.
                work(sender);
            } else {
                drop(sender);
            }
            loop {
                match news.recv_timeout(NAP) {
                    Ok(FetchMessage::Event(event)) => host.event(event),
                    Ok(FetchMessage::Done(place, result)) => results[place] = Some(result),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
        });
        let lost = || Error::new(ErrorKind::Internal, "a fetch ended without a result");
        results
            .into_iter()
            .map(|result| result.unwrap_or_else(|| Err(lost())))
            .collect()
    }

    fn group(&self, requests: Vec<Request>) -> VecDeque<RepositoryRequests> {
        let mut groups: VecDeque<RepositoryRequests> = VecDeque::new();
        for (place, request) in requests.into_iter().enumerate() {
            let url = self.url(&request.wanted).clone();
            match groups
                .iter_mut()
                .find(|group| group.url.as_str() == url.as_str())
            {
                Some(group) => group.requests.push((place, request)),
                None => groups.push_back(RepositoryRequests {
                    url,
                    requests: vec![(place, request)],
                }),
            }
        }
        groups
    }

    fn serve(
        &self,
        group: RepositoryRequests,
        cancel: &CancelToken,
        sender: &Sender<FetchMessage>,
    ) {
        // The receiver lives as long as this thread; a send cannot fail.
        let report = |event| {
            let _ = sender.send(FetchMessage::Event(event));
        };
        let done = |place, result| {
            let _ = sender.send(FetchMessage::Done(place, result));
        };
        let scope = Scope {
            cancel,
            report: &report,
        };
        let mut remote = match self.engine.remote(&group.url, scope) {
            Ok(remote) => remote,
            Err(error) => {
                let error = SharedError::from(error);
                group
                    .requests
                    .iter()
                    .for_each(|(place, _)| done(*place, Err(error.get())));
                return;
            }
        };
        let pins = pins(&mut remote, &group.requests);
        let mut open = Vec::new();
        for ((place, request), pin) in group.requests.into_iter().zip(pins) {
            match (&request.have, pin) {
                // At that very commit already: there is nothing to look for.
                (Some(have), Ok(pin)) if have.pin == pin => {
                    done(place, Ok(FetchedEntry::Same { pin }));
                }
                (_, pin) => open.push((place, request, pin)),
            }
        }
        let located = self.locate_all(&mut remote, &open);
        for ((place, request, _), located) in open.into_iter().zip(located) {
            let result = located.and_then(|located| {
                cancel.check()?;
                self.bring(&remote, request, located, cancel)
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
            before,
            unlisted,
        } = located;
        if before == Some(tree) {
            return Ok(FetchedEntry::Same { pin });
        }
        let files = tree::read(remote, tree, &self.limits)?;
        let mut checked = files.check(&self.limits, FileOrigin::Repository)?;
        let pointers = write::write(&checked, remote, &request.dest, &self.limits, cancel)?;
        checked.warnings.extend(pointers.warnings());
        Ok(FetchedEntry::Staged(StagedTree {
            dir: request.dest,
            pin: Some(pin),
            tree: Some(tree),
            file_count: checked.files.len(),
            files: checked.files,
            before: unlisted.and_then(|tree| self.files_of(remote, tree)),
            warnings: checked.warnings,
            label: Label::Directory(directory),
        }))
    }

    /// The files of a tree, as they were written when it was installed; `None` if they could not
    /// have been.
    fn files_of(&self, remote: &Remote<'_>, tree: ObjectId) -> Option<Vec<StagedFile>> {
        let files = tree::read(remote, tree, &self.limits).ok()?;
        let checked = files.check(&self.limits, FileOrigin::Repository).ok()?;
        Some(checked.files)
    }

    /// Each plugin's tree, with all its objects in the cache.
    fn locate_all(
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

/// The commit of each request. `HEAD`, branches and tags are asked for once, all together.
fn pins(remote: &mut Remote<'_>, requests: &[(usize, Request)]) -> Vec<Result<Pin>> {
    let is_asked_for = |(_, request): &&(usize, Request)| match request.commit {
        WantedCommit::Pin(_) => false,
        WantedCommit::Newest | WantedCommit::Ref(_) | WantedCommit::Follow(_, _) => true,
    };
    if requests.iter().any(|request| is_asked_for(&request)) {
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
                    Some(pin) if found.is_tag() && found.pin != *pin => {
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
struct Roots(BTreeMap<Pin, Result<ObjectId, SharedError>>);

impl Roots {
    /// All commits are asked for at once; where that fails for want of one of them, each is asked
    /// for alone, so that it fails alone.
    fn fetch(remote: &mut Remote<'_>, mut pins: Vec<Pin>, depth: TreeDepth) -> Self {
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

    fn of(&self, pin: &Pin) -> Result<ObjectId> {
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

/// One failure that several requests share.
#[derive(Clone)]
struct SharedError(Arc<(ErrorKind, String, Details)>);

impl From<Error> for SharedError {
    fn from(error: Error) -> Self {
        SharedError(Arc::new((
            error.kind(),
            error.to_string(),
            error.details().clone(),
        )))
    }
}

impl SharedError {
    /// Another error that says the same.
    fn of(error: &Error) -> Error {
        Error::new(error.kind(), error.to_string()).with_details(error.details().clone())
    }

    fn get(&self) -> Error {
        let (kind, message, details) = &*self.0;
        Error::new(*kind, message.clone()).with_details(details.clone())
    }
}
