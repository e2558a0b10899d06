//! An HTTP server that is given the bytes of its answers, right or wrong.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What was asked: the path with its query, and the body.
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
}

/// A connection that is being answered.
pub(crate) struct Connection {
    pub(crate) address: SocketAddr,
    stream: TcpStream,
    stopping: Arc<AtomicBool>,
}

/// A server that goes away when it is dropped.
pub(crate) struct RawServer {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
    acceptor: Option<JoinHandle<()>>,
}

type Answer = dyn Fn(&Asked, &mut Connection) -> io::Result<()> + Send + Sync;

impl RawServer {
    /// Answers every request in this way. The connection is closed after each answer.
    pub(crate) fn start(
        answer: impl Fn(&Asked, &mut Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> RawServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (stopping, open) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let answer: Arc<Answer> = Arc::new(answer);
        let acceptor = thread::spawn({
            let (stopping, open) = (Arc::clone(&stopping), Arc::clone(&open));
            move || {
                let open: Arc<Mutex<Vec<TcpStream>>> = open;
                while let Ok((stream, _)) = listener.accept() {
                    if stopping.load(Ordering::SeqCst) {
                        break;
                    }
                    open.lock().unwrap().push(stream.try_clone().unwrap());
                    let mut connection = Connection {
                        address,
                        stream,
                        stopping: Arc::clone(&stopping),
                    };
                    let answer = Arc::clone(&answer);
                    thread::spawn(move || {
                        if let Ok(asked) = read(&connection.stream) {
                            let _ = answer(&asked, &mut connection);
                        }
                        let _ = connection.stream.shutdown(std::net::Shutdown::Both);
                    });
                }
            }
        });
        RawServer {
            address,
            stopping,
            open,
            acceptor: Some(acceptor),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/tool", self.address)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        for stream in self.open.lock().unwrap().iter() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Connection {
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// Sends this again and again, until the client is gone.
    pub(crate) fn repeat(&mut self, bytes: impl AsRef<[u8]>, pause: Duration) -> io::Result<()> {
        while !self.stopping.load(Ordering::SeqCst) {
            self.send(bytes.as_ref())?;
            thread::sleep(pause);
        }
        Ok(())
    }

    /// Sends nothing, until the client is gone.
    pub(crate) fn stall(&mut self) -> io::Result<()> {
        self.stream
            .set_read_timeout(Some(Duration::from_millis(100)))?;
        while !self.stopping.load(Ordering::SeqCst) {
            match self.stream.read(&mut [0; 100]) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn read(stream: &TcpStream) -> io::Result<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let header = line.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Asked { path, body })
}
