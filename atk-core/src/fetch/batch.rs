//! Many requests at once: each repository is asked by one thread over one connection, and the
//! host hears of it on the caller's thread.

use std::collections::VecDeque;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::check::Whose;
use super::{Fetcher, Request, StagedTree, locate, tree, write};
use crate::error::{Details, Error, ErrorKind, Result};
use crate::git::object::ObjectId;
use crate::git::remote::{Remote, TreeDepth};
use crate::host::{CancelToken, Event, Host, Scope};
use crate::model::git_url::GitUrl;
use crate::model::pin::Pin;

/// How many repositories are asked at once.
const AT_ONCE: usize = 8;
/// How long the calling thread sleeps at most while the others work.
const NAP: Duration = Duration::from_millis(50);

/// The requests of one repository, each with its place among all.
struct Group {
    url: GitUrl,
    requests: Vec<(usize, Request)>,
}

enum News {
    Event(Event),
    Done(usize, Result<StagedTree>),
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
    ) -> Vec<Result<StagedTree>> {
        let mut results: Vec<Option<Result<StagedTree>>> = Vec::new();
        results.resize_with(requests.len(), || None);
        let groups = Mutex::new(self.group(requests));
        let workers = groups.lock().map_or(0, |groups| groups.len().min(AT_ONCE));
        let (sender, news) = mpsc::channel();
        thread::scope(|threads| {
            for _ in 0..workers {
                let (sender, groups) = (sender.clone(), &groups);
                threads.spawn(move || {
                    let next = || {
                        groups
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .pop_front()
                    };
                    while let Some(group) = next() {
                        self.serve(group, cancel, &sender);
                    }
                });
            }
            drop(sender);
            loop {
                match news.recv_timeout(NAP) {
                    Ok(News::Event(event)) => host.event(event),
                    Ok(News::Done(place, result)) => results[place] = Some(result),
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

    fn group(&self, requests: Vec<Request>) -> VecDeque<Group> {
        let mut groups: VecDeque<Group> = VecDeque::new();
        for (place, request) in requests.into_iter().enumerate() {
            let url = self.url(&request.wanted).clone();
            match groups
                .iter_mut()
                .find(|group| group.url.as_str() == url.as_str())
            {
                Some(group) => group.requests.push((place, request)),
                None => groups.push_back(Group {
                    url,
                    requests: vec![(place, request)],
                }),
            }
        }
        groups
    }

    fn serve(&self, group: Group, cancel: &CancelToken, sender: &Sender<News>) {
        // The receiver lives as long as this thread; a send cannot fail.
        let report = |event| {
            let _ = sender.send(News::Event(event));
        };
        let done = |place, result| {
            let _ = sender.send(News::Done(place, result));
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
        let located = self.locate_all(&mut remote, &group.requests);
        for ((place, request), located) in group.requests.into_iter().zip(located) {
            let result = located.and_then(|(pin, tree)| {
                cancel.check()?;
                let files = tree::read(&remote, tree, &self.limits)?;
                let checked = files.check(&self.limits, Whose::Repository)?;
                write::write(&checked, &remote, &request.dest, &self.limits, cancel)?;
                Ok(StagedTree {
                    dir: request.dest,
                    pin: Some(pin),
                    tree: Some(tree),
                    file_count: checked.files.len(),
                    files: checked.files,
                    warnings: checked.warnings,
                })
            });
            done(place, result);
        }
    }

    /// The pin and the plugin's tree of each request, with all its objects in the cache.
    fn locate_all(
        &self,
        remote: &mut Remote<'_>,
        requests: &[(usize, Request)],
    ) -> Vec<Result<(Pin, ObjectId)>> {
        let head = requests.iter().any(|(_, request)| request.pin.is_none());
        let head = head.then(|| remote.head().map_err(SharedError::from));
        let pins: Vec<Result<Pin>> = requests
            .iter()
            .map(|(_, request)| match (&request.pin, &head) {
                (Some(pin), _) => Ok(pin.clone()),
                (None, Some(Ok(pin))) => Ok(pin.clone()),
                (None, Some(Err(error))) => Err(error.get()),
                (None, None) => Err(Error::new(ErrorKind::Internal, "no commit was asked for")),
            })
            .collect();
        let depth = locate::depth(requests.iter().map(|(_, request)| &request.wanted));
        let roots = roots(remote, pins, depth);
        let wanted = requests
            .iter()
            .map(|(_, request)| &request.wanted)
            .zip(roots);
        locate::locate(remote, wanted.collect())
    }
}

/// The root tree of each pin. All commits are asked for at once; where that fails for want of one
/// of them, each is asked for alone, so that it fails alone.
fn roots(
    remote: &mut Remote<'_>,
    pins: Vec<Result<Pin>>,
    depth: TreeDepth,
) -> Vec<Result<(Pin, ObjectId)>> {
    let mut distinct: Vec<Pin> = pins
        .iter()
        .filter_map(|pin| pin.as_ref().ok())
        .cloned()
        .collect();
    distinct.sort();
    distinct.dedup();
    let trees: Vec<Result<ObjectId, SharedError>> = match remote.commits(&distinct, depth) {
        Ok(trees) => trees.into_iter().map(Ok).collect(),
        Err(error) if error.kind() == ErrorKind::PinNotFound && distinct.len() > 1 => {
            let one = |pin: &Pin| match remote.commits(std::slice::from_ref(pin), depth) {
                Ok(trees) => trees.into_iter().next().ok_or_else(|| {
                    Error::new(ErrorKind::Internal, "a commit came without its tree").into()
                }),
                Err(error) => Err(SharedError::from(error)),
            };
            distinct.iter().map(one).collect()
        }
        Err(error) => {
            let error = SharedError::from(error);
            distinct.iter().map(|_| Err(error.clone())).collect()
        }
    };
    pins.into_iter()
        .map(|pin| {
            let pin = pin?;
            let tree = distinct
                .binary_search(&pin)
                .ok()
                .and_then(|place| trees.get(place));
            match tree {
                Some(Ok(tree)) => Ok((pin, *tree)),
                Some(Err(error)) => Err(error.get()),
                None => Err(Error::new(
                    ErrorKind::Internal,
                    "a commit was not asked for",
                )),
            }
        })
        .collect()
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
    fn get(&self) -> Error {
        let (kind, message, details) = &*self.0;
        Error::new(*kind, message.clone()).with_details(details.clone())
    }
}
