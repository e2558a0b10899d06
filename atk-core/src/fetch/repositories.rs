//! Many requests at once: each repository is asked by one thread over one connection, and the
//! caller hears of it on its own thread.

use std::collections::VecDeque;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::shared_error::SharedError;
use super::{Fetcher, Request};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::remote::Remote;
use crate::host::{CancelToken, Event, Scope};
use crate::model::git_url::GitUrl;

/// How many repositories are asked at once.
const AT_ONCE: usize = 8;
/// How long the calling thread sleeps at most while the others work.
const NAP: Duration = Duration::from_millis(50);

/// A request, with its place among all.
pub(super) type Placed = (usize, Request);

/// The requests of one repository.
struct RepositoryRequests {
    url: GitUrl,
    requests: Vec<Placed>,
}

enum FetchMessage<T> {
    Event(Event),
    Done(usize, Result<T>),
}

impl Fetcher<'_> {
    /// Lets `serve` answer all requests of each repository at once. It is given the connection and
    /// says of each place what came of it. Results are in the order of the requests.
    pub(super) fn each_repository<T: Send>(
        &self,
        requests: Vec<Request>,
        caller: Scope<'_>,
        serve: impl Fn(&mut Remote<'_>, Vec<Placed>, &dyn Fn(usize, Result<T>)) + Sync,
    ) -> Vec<Result<T>> {
        let mut results: Vec<Option<Result<T>>> = Vec::new();
        results.resize_with(requests.len(), || None);
        let groups = Mutex::new(group(requests));
        let workers = groups.lock().map_or(0, |groups| groups.len().min(AT_ONCE));
        let (sender, news) = mpsc::channel();
        let cancel = caller.cancel;
        let work = |sender: Sender<FetchMessage<T>>| {
            let next = || {
                let mut groups = groups.lock().unwrap_or_else(PoisonError::into_inner);
                groups.pop_front()
            };
            while let Some(group) = next() {
                self.connect(group, cancel, &sender, &serve);
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
                    Ok(FetchMessage::Event(event)) => (caller.report)(event),
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

    fn connect<T>(
        &self,
        group: RepositoryRequests,
        cancel: &CancelToken,
        sender: &Sender<FetchMessage<T>>,
        serve: &impl Fn(&mut Remote<'_>, Vec<Placed>, &dyn Fn(usize, Result<T>)),
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
        match self.engine.remote(&group.url, scope) {
            Ok(mut remote) => serve(&mut remote, group.requests, &done),
            Err(error) => {
                let error = SharedError::from(error);
                let places = group.requests.iter();
                places.for_each(|(place, _)| done(*place, Err(error.get())));
            }
        }
    }
}

fn group(requests: Vec<Request>) -> VecDeque<RepositoryRequests> {
    let mut groups: VecDeque<RepositoryRequests> = VecDeque::new();
    for (place, request) in requests.into_iter().enumerate() {
        let url = request.wanted.url().clone();
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
