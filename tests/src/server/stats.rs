//! What a server was asked and what it sent.

/// The counts of a server. Bytes are those on the connection, head lines and framing included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Connections accepted.
    pub connections: usize,
    /// Requests read.
    pub requests: usize,
    /// Bytes received.
    pub bytes_up: u64,
    /// Bytes sent.
    pub bytes_down: u64,
    /// The requests, in the order in which they came.
    pub log: Vec<Logged>,
    /// The number of the newest request of all time, which a reset does not take back.
    pub(super) serial: u64,
}

/// A request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logged {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The protocol that the client asked for (`version=2`).
    pub protocol: Option<String>,
    /// The command of protocol v2 (`ls-refs`, `fetch`); empty without one.
    pub command: String,
    /// The lines of the body after the command and its capabilities (`want …`, `filter …`).
    pub arguments: Vec<String>,
    /// Whether credentials were sent.
    pub authorized: bool,
    /// The status of the answer; 0 until there is one.
    pub status: u16,
    /// Bytes sent as the answer.
    pub bytes_down: u64,
    pub(super) serial: u64,
}

impl Logged {
    /// The object ids that were wanted.
    #[must_use]
    pub fn wants(&self) -> Vec<&str> {
        self.argument("want")
    }

    /// The values of an argument that may come more than once.
    #[must_use]
    pub fn argument(&self, name: &str) -> Vec<&str> {
        self.arguments
            .iter()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
            .map(|value| value.split(' ').next().unwrap_or(value))
            .collect()
    }
}

impl Stats {
    /// Object ids wanted by all requests together.
    #[must_use]
    pub fn wants(&self) -> Vec<&str> {
        self.log.iter().flat_map(Logged::wants).collect()
    }

    /// The requests as a reader sees them, one a line.
    #[must_use]
    pub fn summary(&self) -> String {
        let line = |logged: &Logged| {
            format!(
                "{} {} {} {} wants={} {} B\n",
                logged.status,
                logged.method,
                logged.path,
                logged.command,
                logged.wants().len(),
                logged.bytes_down,
            )
        };
        self.log.iter().map(line).collect()
    }

    /// Forgets everything but the serial number, so that an answer under way finds no entry.
    pub(super) fn clear(&mut self) {
        *self = Stats {
            serial: self.serial,
            ..Stats::default()
        };
    }

    /// Enters a request and returns the number by which its answer is found again.
    pub(super) fn enter(&mut self, mut logged: Logged) -> u64 {
        self.serial += 1;
        logged.serial = self.serial;
        self.requests += 1;
        self.log.push(logged);
        self.serial
    }

    /// The entry of a request, unless a reset has taken it.
    pub(super) fn entry(&mut self, serial: u64) -> Option<&mut Logged> {
        self.log.iter_mut().rev().find(|one| one.serial == serial)
    }
}
