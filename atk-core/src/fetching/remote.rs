//! A repository at a URL: what is wanted of it is fetched into the cache, and read from there.

mod commits;
mod last_head;
mod mirrors;
mod objects;
mod plain;
mod refs;
#[cfg(test)]
mod tests;
mod trees;

pub(super) use last_head::{LAST_HEAD, is_newer_head};

use std::collections::HashSet;
use std::sync::Arc;

use super::child::WaitLimits;
use super::engine::Engine;
use super::entry::Entry;
use super::known_refs::Refs;
use super::object::{ObjectId, TreeEntry};
use super::progress::Progress;
use super::protocol::request::{Fetch, Filter};
use super::servers::Servers;
use super::session::{FetchResult, V2Connection};
use super::store::Store;
use super::{cache, message, transport};
use crate::error::{Error, ErrorKind, Result};
use crate::host::{CancelToken, Scope};
use crate::model::git_url::{GitUrl, Protocol};
use crate::model::pin::Pin;

/// How many trees of a commit are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TreeDepth {
    /// The root tree.
    Root,
    /// The root tree and the trees that are its entries.
    Entries,
    /// All of them.
    All,
}

/// A repository at a URL, and its entry of the cache.
pub(crate) struct Remote<'e> {
    engine: &'e Engine,
    url: GitUrl,
    servers: Servers,
    patience: WaitLimits<'e>,
    entry: Entry,
    store: Store,
    progress: Progress<'e>,
    session: Option<V2Connection<'e>>,
    /// The server speaks nothing that we speak: git itself has to fetch.
    plain: bool,
    refs: Refs,
    /// What was made sure to be in the cache, so that it can be again.
    ensured: Vec<(Vec<ObjectId>, TreeDepth)>,
    ensured_objects: Vec<ObjectId>,
    ensured_trees: Vec<ObjectId>,
    /// Files that the server left out because of their size.
    left_out: HashSet<ObjectId>,
    /// Kinds of filters that the server refuses.
    refused: HashSet<String>,
    /// The history of `HEAD` in which pins were found that the server does not serve by id.
    deepened: Option<Option<u32>>,
    restarts: u32,
    fetched: bool,
}

/// How often damaged objects are thrown away before it is given up.
const MAX_RESTARTS: u32 = 2;
/// The side file that remembers refused filters.
const REFUSED: &str = "atk-refused";

impl Engine {
    /// Opens the cache entry of a URL. It connects at the first request, and keeps that one
    /// connection for its life.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the cache cannot be used.
    pub(crate) fn remote<'e>(&'e self, url: &GitUrl, scope: Scope<'e>) -> Result<Remote<'e>> {
        Remote::open(self, url, scope)
    }
}

impl<'e> Remote<'e> {
    fn open(engine: &'e Engine, url: &GitUrl, scope: Scope<'e>) -> Result<Self> {
        let config = engine.config();
        let bounds = &config.bounds;
        let (entry, store) = Entry::open(&config.cache_dir, &url.canonical(), bounds)?;
        let refused = entry.side_file(REFUSED).unwrap_or_default();
        let refused = String::from_utf8_lossy(&refused);
        Ok(Remote {
            engine,
            servers: Servers::new(url, engine.mirrors(url)),
            url: url.clone(),
            patience: WaitLimits {
                cancel: scope.cancel,
                timeout: bounds.timeout,
                rate: bounds.rate,
                interactive: config.interactive,
            },
            entry,
            store,
            progress: Progress::new(url.to_string(), scope),
            session: None,
            plain: false,
            refs: Refs::default(),
            ensured: Vec::new(),
            ensured_objects: Vec::new(),
            ensured_trees: Vec::new(),
            left_out: HashSet::new(),
            refused: refused.lines().map(str::to_owned).collect(),
            deepened: None,
            restarts: 0,
            fetched: false,
        })
    }

    /// The repository's URL.
    pub(crate) fn url(&self) -> &GitUrl {
        &self.url
    }

    /// The token of the operation that the requests are part of.
    pub(crate) fn cancel(&self) -> &'e CancelToken {
        self.patience.cancel
    }

    /// Makes sure that the commits and their trees to a depth are in the cache, with one request
    /// for all that are missing; gives the root tree of each.
    ///
    /// # Errors
    /// [`ErrorKind::PinNotFound`] if the repository has no such commit (any more); those of
    /// reaching a server.
    pub(crate) fn commits(&mut self, pins: &[Pin], trees: TreeDepth) -> Result<Vec<ObjectId>> {
        let ids = pins.iter().map(|pin| self.id_of(pin));
        let ids = ids.collect::<Result<Vec<_>>>()?;
        self.on_a_server(|remote| remote.ensure_commits(&ids, trees))
            .map_err(|e| self.not_offline(message::about(&self.url, e), "a commit"))?;
        ids.iter()
            .map(|&id| self.store.commit(id)?.ok_or_else(|| self.lost()))
            .collect()
    }

    /// The root tree of a commit, if it is in the cache.
    pub(crate) fn root_in_cache(&self, pin: &Pin) -> Option<ObjectId> {
        self.store.commit(self.id_of(pin).ok()?).ok()?
    }

    /// Makes sure that blobs and whole trees (everything below, files included) are in the cache:
    /// exactly what is missing is asked for, in one request. Files that are larger than the limit
    /// may be missing afterwards.
    ///
    /// # Errors
    /// Those of reaching a server.
    pub(crate) fn objects(&mut self, wants: &[ObjectId]) -> Result<()> {
        self.on_a_server(|remote| remote.ensure_objects(wants))
            .map_err(|e| self.not_offline(message::about(&self.url, e), "a file"))
    }

    /// Makes sure that trees are in the cache, but nothing of what they list, in one request.
    ///
    /// # Errors
    /// Those of reaching a server.
    pub(crate) fn trees(&mut self, wants: &[ObjectId]) -> Result<()> {
        self.on_a_server(|remote| remote.ensure_trees(wants))
            .map_err(|e| self.not_offline(message::about(&self.url, e), "a directory"))
    }

    /// The entries of a tree; `None` if it is not in the cache.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] if the tree breaks git's rules.
    pub(crate) fn tree(&self, id: ObjectId) -> Result<Option<Arc<Vec<TreeEntry>>>> {
        let tree = self.store.tree(id);
        tree.map_err(|e| message::about(&self.url, e))
    }

    /// Shows the bytes of a blob, checked against its id; `None` if it is not in the cache, or
    /// larger than the limit.
    pub(crate) fn with_blob<R>(&self, id: ObjectId, show: impl FnOnce(&[u8]) -> R) -> Option<R> {
        self.store.with_blob(id, show)
    }

    /// The bytes of a blob, for small ones and those that are kept.
    pub(crate) fn blob(&self, id: ObjectId) -> Option<Vec<u8>> {
        self.with_blob(id, <[u8]>::to_vec)
    }

    /// True for a file that the server left out: it was asked for with a limit on the size of files.
    pub(crate) fn was_left_out(&self, id: ObjectId) -> bool {
        self.left_out.contains(&id)
    }

    /// The size of a file that is in the cache and larger than the limit, so that it is not read.
    pub(crate) fn too_large(&self, id: ObjectId) -> Option<u64> {
        self.store.too_large(id)
    }

    /// True if the object is in the cache.
    pub(crate) fn has(&self, id: ObjectId) -> bool {
        self.store.has(id)
    }

    /// A file kept beside the repository's objects, made from one of them.
    pub(crate) fn side_file(&self, name: &str) -> Option<Vec<u8>> {
        self.entry.side_file(name)
    }

    /// Keeps such a file, replacing it as a whole. `name` is `index-<blob id>.json` or the like.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    pub(crate) fn put_side_file(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.entry.put_side_file(name, bytes)
    }

    /// The conversation with the server; `None` if git itself has to fetch.
    fn session(&mut self) -> Result<Option<&mut V2Connection<'e>>> {
        if self.session.as_ref().is_some_and(V2Connection::is_over) {
            self.session = None;
        }
        if self.session.is_none() && !self.plain {
            let connected = self.connect();
            self.session = connected.map_err(|e| message::about(self.servers.current(), e))?;
            self.plain = self.session.is_none();
        }
        Ok(self.session.as_mut())
    }

    fn connect(&self) -> Result<Option<V2Connection<'e>>> {
        let commands = self.engine.commands()?;
        let settings = self.engine.settings(self.patience)?;
        let url = self.servers.current();
        let connection = transport::connect(
            url,
            commands,
            settings,
            self.patience,
            &self.store.bounds().memory,
        )?;
        match connection {
            Some(connection) => V2Connection::open(url, connection),
            None => Ok(None),
        }
    }

    /// Asks for objects. A connection that broke while it was idle is made again.
    fn ask(&mut self, request: &Fetch) -> Result<FetchResult> {
        let fresh = self.session.is_none();
        let answer = self.ask_once(request);
        if answer.is_err() {
            // The child goes now, and not when the caller is done with the error.
            self.session = None;
        }
        match answer {
            Err(error) if !fresh && error.kind() == ErrorKind::NetworkFailed => {
                self.ask_once(request)
            }
            answer => answer,
        }
    }

    fn ask_once(&mut self, request: &Fetch) -> Result<FetchResult> {
        if self.session()?.is_none() {
            return Err(self.lost());
        }
        let Some(session) = &mut self.session else {
            return Err(self.lost());
        };
        self.fetched = true;
        let answer = session.fetch(request, &self.store, &mut self.progress);
        if let (Ok(FetchResult::Refused(message::Refusal::Filter, _)), Some(filter)) =
            (&answer, request.filter)
        {
            self.refuse(filter);
        }
        answer
    }

    /// Remembers that the server does not serve a kind of filter.
    fn refuse(&mut self, filter: Filter) {
        self.refused.insert(filter.kind().to_owned());
        let mut kinds: Vec<_> = self.refused.iter().map(String::as_str).collect();
        kinds.sort_unstable();
        // Forgotten, it costs a request the next time.
        let _ = self
            .entry
            .put_side_file(REFUSED, kinds.join("\n").as_bytes());
    }

    /// Throws damaged objects away, and fetches again what was in the cache.
    fn restart(&mut self) -> Result<()> {
        self.restarts += 1;
        if self.restarts > MAX_RESTARTS {
            // Objects that nothing is wrong with did not come: that is the server's doing.
            if !self.store.is_damaged() {
                return Err(self.lost());
            }
            return Err(Error::new(
                ErrorKind::Io,
                "the object cache is still damaged after repeated downloads",
            )
            .with_path(self.entry.place()));
        }
        self.store = self.entry.restart()?;
        self.left_out.clear();
        for (ids, trees) in std::mem::take(&mut self.ensured) {
            self.ensure_commits(&ids, trees)?;
        }
        let trees = std::mem::take(&mut self.ensured_trees);
        self.ensure_trees(&trees)?;
        let objects = std::mem::take(&mut self.ensured_objects);
        self.ensure_objects(&objects)
    }

    fn id_of(&self, pin: &Pin) -> Result<ObjectId> {
        ObjectId::parse(pin.as_str()).ok_or_else(|| {
            let name = self.name();
            Error::new(
                ErrorKind::PinNotFound,
                format!("the commit `{pin}` of `{name}` has a SHA-256 id, which cannot be read"),
            )
            .with_url(name)
        })
    }

    fn empty(&self) -> Error {
        let name = self.name();
        let error = Error::new(
            ErrorKind::RepositoryEmpty,
            format!("the repository `{name}` has no commit at its `HEAD`"),
        )
        .with_url(name);
        // Git takes a web page of one line for an old server's empty list of branches.
        match self.plain && matches!(self.server().protocol(), Protocol::Http | Protocol::Https) {
            true => error.with_help("if a browser shows a web page there, check the URL, or set up a git credential helper"),
            false => error,
        }
    }

    /// The error of an object that was in the cache a moment ago, or should have been sent.
    fn lost(&self) -> Error {
        Error::new(
            ErrorKind::GitFailed,
            format!(
                "the server of `{}` did not send the requested objects",
                self.name()
            ),
        )
        .with_url(self.name())
    }

    /// Says what is missing, if it is missing because no server may be asked for it.
    fn not_offline(&self, error: Error, what: &str) -> Error {
        match error.kind() {
            ErrorKind::Offline => error
                .with_message(format!(
                    "{what} of `{}` is not in the download cache, and connections are not allowed",
                    self.url
                ))
                .with_help("allow connections, or import a cache that has it"),
            _ => error,
        }
    }

    /// The URL that is asked: the repository's, or that of a mirror.
    fn server(&self) -> &GitUrl {
        self.servers.current()
    }

    fn name(&self) -> String {
        self.server().to_string()
    }
}

impl Drop for Remote<'_> {
    fn drop(&mut self) {
        if self.fetched {
            // A server can be reached, so what is missing then is fetched again.
            self.entry.drop_old_packs();
            let config = self.engine.config();
            let much = self.progress.bytes() > config.cache_limit / 8;
            // An eviction that fails is tried again later.
            let _ = cache::sweep(&config.cache_dir, config.cache_limit, much);
        }
    }
}
