//! What a request is answered with.

use std::io::{self, BufRead, BufWriter, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::Shared;
use super::backend::{self, Backend};
use super::base64;
use super::behaviour::{Behaviour, Instead, Trouble};
use super::packet::{Asked, Packet};
use super::request::Request;
use super::stats::Logged;
use super::wire::Wire;

/// Answers one request; an error ends the connection.
pub(super) fn answer(
    shared: &Arc<Shared>,
    request: &Request,
    stream: &TcpStream,
) -> io::Result<()> {
    let behaviour = shared.behaviour();
    let gzip = request.header("content-encoding") == Some("gzip");
    let asked = Asked::read(&request.body, gzip);
    let serial = shared.stats().enter(logged(request, &asked));
    wait(shared, behaviour.latency);
    let wire = Wire::answering(shared, stream, serial, behaviour.bytes_per_second);
    let mut answer = Answer {
        shared,
        stream,
        serial,
        behaviour,
        output: BufWriter::with_capacity(64 << 10, wire),
    };
    answer.run(request, &asked)?;
    answer.output.flush()
}

/// Waits, but not for longer than the server is there.
fn wait(shared: &Shared, latency: Duration) {
    let until = Instant::now() + latency;
    loop {
        let rest = until.saturating_duration_since(Instant::now());
        if rest.is_zero() || shared.is_stopping() {
            return;
        }
        thread::sleep(rest.min(Duration::from_millis(50)));
    }
}

fn logged(request: &Request, asked: &Asked) -> Logged {
    let query = if request.query.is_empty() { "" } else { "?" };
    Logged {
        method: request.method.clone(),
        path: format!("{}{query}{}", request.path, request.query),
        protocol: request.header("git-protocol").map(str::to_owned),
        command: asked.command.clone(),
        arguments: asked.arguments.clone(),
        authorized: request.header("authorization").is_some(),
        ..Logged::default()
    }
}

pub(super) struct Answer<'a> {
    shared: &'a Arc<Shared>,
    stream: &'a TcpStream,
    serial: u64,
    behaviour: Behaviour,
    output: BufWriter<Wire<'a>>,
}

impl Answer<'_> {
    fn run(&mut self, request: &Request, asked: &Asked) -> io::Result<()> {
        if let Some(status) = self.refusal(request) {
            return self.refuse(status);
        }
        if let Some(page) = self.behaviour.page.clone() {
            let kind = ("Content-Type".to_owned(), "text/html".to_owned());
            self.head(200, &[kind])?;
            self.chunk(page.as_bytes())?;
            return self.end();
        }
        let is_object = request.path.contains("/objects/") && !request.path.contains("/info/");
        if self.behaviour.dumb && is_object && self.behaviour.instead == Some(Instead::Endless) {
            self.head(200, &[])?;
            return self.endless_object();
        }
        if let Some(message) = self.refused_command(request, asked) {
            let error = Packet::Data(format!("ERR {message}\n").into_bytes());
            let kind = "application/x-git-upload-pack-result".to_owned();
            self.head(200, &[("Content-Type".to_owned(), kind)])?;
            self.chunk(&error.encode())?;
            return self.end();
        }
        if asked.command == "ls-refs" && self.behaviour.instead == Some(Instead::Refs) {
            let kind = "application/x-git-upload-pack-result".to_owned();
            self.head(200, &[("Content-Type".to_owned(), kind)])?;
            return self.endless_refs();
        }
        let mut backend = Backend::start(&self.shared.root, request, &self.behaviour)?;
        self.head(backend.status, &std::mem::take(&mut backend.headers))?;
        if backend.status == 200 && request.path.ends_with("/git-upload-pack") {
            self.pack(&mut backend.body, asked)?;
        } else if self.behaviour.shallow {
            self.copy(&mut backend.body, None)?;
        } else {
            self.capabilities_without_depth(&mut backend.body)?;
        }
        self.end()
    }

    /// The status with which a request is turned away before git hears of it.
    fn refusal(&self, request: &Request) -> Option<u16> {
        if let Some((user, password)) = &self.behaviour.credentials {
            let token = base64::encode(format!("{user}:{password}").as_bytes());
            if request.header("authorization") != Some(&format!("Basic {token}")) {
                return Some(401);
            }
        }
        let strange = !matches!(request.method.as_str(), "GET" | "POST")
            || request.path.split('/').any(|part| part == "..")
            || self.behaviour.dumb && request.method == "POST";
        self.behaviour.status.or(strange.then_some(403))
    }

    fn refuse(&mut self, status: u16) -> io::Result<()> {
        let text = self.behaviour.message.clone().unwrap_or_default();
        let mut headers = vec![
            ("Content-Type".to_owned(), "text/plain".to_owned()),
            ("Content-Length".to_owned(), text.len().to_string()),
        ];
        if status == 401 {
            let challenge = "Basic realm=\"atk tests\"".to_owned();
            headers.push(("WWW-Authenticate".to_owned(), challenge));
        }
        self.status_line(status, &headers)?;
        self.output.write_all(text.as_bytes())
    }

    /// The error with which a command of protocol v2 is turned away.
    fn refused_command(&self, request: &Request, asked: &Asked) -> Option<String> {
        if asked.command != "fetch" {
            return None;
        }
        let deepens = || asked.arguments.iter().any(|one| one.starts_with("deepen"));
        if !self.behaviour.shallow && deepens() {
            return Some("upload-pack: unexpected line: 'deepen'".to_owned());
        }
        if self.behaviour.tips_only {
            let repository = request.path.trim_end_matches("/git-upload-pack");
            let tips = self.tips(repository.trim_start_matches('/'));
            if let Some(want) = asked.wants().find(|want| !tips.contains(*want)) {
                return Some(format!("upload-pack: not our ref {want}"));
            }
        }
        self.behaviour.error.clone()
    }

    /// The ids that the refs of a repository, and `HEAD`, point to.
    fn tips(&self, repository: &str) -> String {
        let output = backend::git()
            .arg("--git-dir")
            .arg(self.shared.root.join(repository))
            .args([
                "-c",
                "safe.directory=*",
                "show-ref",
                "--head",
                "--dereference",
            ])
            .output();
        output.map_or_else(
            |_| String::new(),
            |output| String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    }

    /// Passes on the answer to a command, with what is to be said or to go wrong beside its pack.
    fn pack(&mut self, body: &mut impl BufRead, asked: &Asked) -> io::Result<()> {
        let in_pack = asked.command == "fetch" || asked.command.is_empty();
        let instead = self.behaviour.instead.clone().filter(|_| in_pack);
        if asked.command == "fetch" || instead.is_some() {
            while let Some(packet) = Packet::read(body)? {
                self.chunk(&packet.encode())?;
                if packet == Packet::Data(b"packfile\n".to_vec()) {
                    self.say()?;
                    break;
                }
                // The last line before a pack of the old protocol.
                if asked.command.is_empty() && packet == Packet::Data(b"NAK\n".to_vec()) {
                    break;
                }
            }
        }
        if let Some(instead) = instead {
            return self.instead(&instead, body);
        }
        self.copy(body, self.behaviour.trouble.filter(|_| in_pack))
    }

    /// Sends the message on the band that clients show to the user.
    fn say(&mut self) -> io::Result<()> {
        let Some(message) = &self.behaviour.message else {
            return Ok(());
        };
        let packet = Packet::Data([b"\x02", message.as_bytes(), b"\n"].concat());
        self.chunk(&packet.encode())
    }

    fn copy(&mut self, body: &mut impl Read, trouble: Option<Trouble>) -> io::Result<()> {
        let mut buffer = vec![0; 64 << 10];
        let mut sent = 0;
        if trouble == Some(Trouble::Fail) {
            let fatal = Packet::Data(b"\x03the server ran out of memory\n".to_vec());
            return self.chunk(&[fatal.encode(), b"0000".to_vec()].concat());
        }
        loop {
            let count = body.read(&mut buffer)?;
            if count == 0 {
                return Ok(());
            }
            let (bytes, start) = (&mut buffer[..count], sent);
            sent += count as u64;
            let reached = |after: u64| usize::try_from(after.checked_sub(start)?).ok();
            match trouble {
                Some(Trouble::Stall(after) | Trouble::Drop(after)) if after < sent => {
                    let (before, _) = bytes.split_at(reached(after).unwrap_or(0));
                    self.chunk(before)?;
                    if matches!(trouble, Some(Trouble::Stall(_))) {
                        self.stall();
                    }
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
                Some(Trouble::Corrupt(after)) => {
                    if let Some(byte) = reached(after).and_then(|place| bytes.get_mut(place)) {
                        *byte ^= 0x10;
                    }
                    self.chunk(bytes)?;
                }
                _ => self.chunk(bytes)?,
            }
        }
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.shared.is_stopping()
    }

    /// Sends nothing until the client goes away or the server stops.
    fn stall(&self) {
        let _ = self
            .stream
            .set_read_timeout(Some(Duration::from_millis(50)));
        let mut byte = [0];
        while !self.shared.is_stopping() {
            match self.stream.peek(&mut byte) {
                Ok(0) => break,
                Ok(_) => thread::sleep(Duration::from_millis(50)),
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock) => {}
                Err(_) => break,
            }
        }
    }

    /// Passes on the capabilities of protocol v2 as a server without shallow fetches has them.
    fn capabilities_without_depth(&mut self, body: &mut impl BufRead) -> io::Result<()> {
        while let Some(mut packet) = Packet::read(body)? {
            if let Packet::Data(data) = &mut packet
                && let Some(features) = data.strip_prefix(b"fetch=")
            {
                let features = String::from_utf8_lossy(features).replace("shallow ", "");
                *data = format!("fetch={features}").into_bytes();
            }
            self.chunk(&packet.encode())?;
        }
        Ok(())
    }

    /// Begins an answer whose length is not known.
    fn head(&mut self, status: u16, headers: &[(String, String)]) -> io::Result<()> {
        let chunked = ("Transfer-Encoding".to_owned(), "chunked".to_owned());
        let headers: Vec<_> = headers.iter().cloned().chain([chunked]).collect();
        self.status_line(status, &headers)
    }

    fn status_line(&mut self, status: u16, headers: &[(String, String)]) -> io::Result<()> {
        if let Some(logged) = self.shared.stats().entry(self.serial) {
            logged.status = status;
        }
        // Clients go by the number; the words after it are for people.
        write!(self.output, "HTTP/1.1 {status} \r\n")?;
        for (name, value) in headers {
            write!(self.output, "{name}: {value}\r\n")?;
        }
        self.output.write_all(b"\r\n")
    }

    pub(super) fn chunk(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return self.output.flush();
        }
        write!(self.output, "{:x}\r\n", bytes.len())?;
        self.output.write_all(bytes)?;
        self.output.write_all(b"\r\n")?;
        self.output.flush()
    }

    fn end(&mut self) -> io::Result<()> {
        self.output.write_all(b"0\r\n\r\n")
    }
}
