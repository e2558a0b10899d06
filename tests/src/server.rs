//! A real smart-HTTP git server on the loopback: git's own `http-backend` behind a small HTTP/1.1
//! server that counts what is asked of it, and that can be told to misbehave.

mod answer;
mod backend;
mod base64;
mod behaviour;
mod instead;
mod packet;
mod request;
mod stats;
mod wire;

use std::collections::HashMap;
use std::io::BufReader;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

pub use behaviour::{Behaviour, Instead, Trouble};
pub use stats::{Logged, Stats};

use request::Request;
use wire::Wire;

/// Serves every bare repository below a directory, until it is dropped.
///
/// `http://127.0.0.1:<port>/<path of the repository>`; paths are taken as they are, without
/// percent-decoding. Filters are allowed unless [`Behaviour::filter`] says otherwise. No
/// configuration of the machine's or the user's git takes part.
#[derive(Debug)]
pub struct GitServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    acceptor: Option<JoinHandle<()>>,
}

/// What the threads of a server have in common.
#[derive(Debug)]
struct Shared {
    root: PathBuf,
    behaviour: Mutex<Behaviour>,
    stats: Mutex<Stats>,
    /// The open connections, so that stopping can close them.
    open: Mutex<HashMap<SocketAddr, TcpStream>>,
    stopping: AtomicBool,
}

impl GitServer {
    /// Serves the repositories below `root` on a free port of the loopback.
    ///
    /// # Panics
    /// Where no port can be bound.
    #[must_use]
    pub fn start(root: impl AsRef<Path>) -> GitServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("bind the loopback");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared {
            root: root.as_ref().to_owned(),
            behaviour: Mutex::default(),
            stats: Mutex::default(),
            open: Mutex::default(),
            stopping: AtomicBool::new(false),
        });
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&shared, &listener)
        });
        GitServer {
            shared,
            address,
            acceptor: Some(acceptor),
        }
    }

    /// The URL of a repository, given by its path below the root.
    #[must_use]
    pub fn url(&self, repository: &str) -> String {
        format!("http://{}/{repository}", self.address)
    }

    /// The directory whose repositories are served.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.shared.root
    }

    /// What was asked since the start, or the last [`reset`](GitServer::reset).
    #[must_use]
    pub fn stats(&self) -> Stats {
        lock(&self.shared.stats).clone()
    }

    /// Counts from nothing again. An open connection that is used again is not counted anew.
    pub fn reset(&self) {
        self.shared.stats().clear();
    }

    /// Behaves this way from the next request on.
    pub fn set(&self, behaviour: Behaviour) {
        *lock(&self.shared.behaviour) = behaviour;
    }

    /// Changes the behaviour from the next request on.
    pub fn change(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut lock(&self.shared.behaviour));
    }
}

impl Drop for GitServer {
    /// Closes every connection and waits for all threads and children.
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        for connection in lock(&self.shared.open).values() {
            let _ = connection.shutdown(Shutdown::Both);
        }
        // The acceptor sees the flag when it has accepted something.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Shared {
    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn stats(&self) -> MutexGuard<'_, Stats> {
        lock(&self.stats)
    }

    fn behaviour(&self) -> Behaviour {
        lock(&self.behaviour).clone()
    }
}

/// Gives every connection a thread of its own, and waits for them all when the server stops.
fn accept(shared: &Arc<Shared>, listener: &TcpListener) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    while let Ok((stream, peer)) = listener.accept() {
        if shared.is_stopping() {
            break;
        }
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread::spawn({
            let shared = Arc::clone(shared);
            move || connection(&shared, stream, peer)
        }));
    }
    for thread in threads {
        let _ = thread.join();
    }
}

/// Answers the requests of one connection until either side closes it.
fn connection(shared: &Arc<Shared>, stream: TcpStream, peer: SocketAddr) {
    let _ = stream.set_nodelay(true);
    if let Ok(stream) = stream.try_clone() {
        lock(&shared.open).insert(peer, stream);
    }
    // Registered first, then looked: a server that stops in between closes it or is seen here.
    if !shared.is_stopping() {
        shared.stats().connections += 1;
        let mut reader = BufReader::new(Wire::new(shared, &stream));
        while let Ok(Some(request)) = Request::read(&mut reader, &stream) {
            if answer::answer(shared, &request, &stream).is_err() {
                break;
            }
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
    lock(&shared.open).remove(&peer);
}

/// Locks what a panicking thread may have held: the values are whole at every moment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
