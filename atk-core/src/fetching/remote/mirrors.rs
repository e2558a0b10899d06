//! Copies of a repository on other servers, which take over while its own cannot be reached.
//!
//! Objects are what their ids say, whoever sends them, so a mirror cannot change what a pin means. What
//! `HEAD` and branches point to is another matter: see [`Remote::ask_own_server_for_refs`].

use super::Remote;
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::known_refs::Refs;
use crate::fetching::message::is_unreachable;

impl<'e> Remote<'e> {
    /// From now on, refs are asked for at the repository's own server only: a plugin that is installed must not
    /// move to a commit that only a mirror says is the newest.
    pub(crate) fn ask_own_server_for_refs(&mut self) {
        self.servers.own_refs_only = true;
    }

    /// Does what needs a server. If it cannot be reached, the next one is asked; of a mirror, any failure leads
    /// to the next.
    pub(super) fn on_a_server<T>(
        &mut self,
        mut ask: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<T> {
        loop {
            match ask(self) {
                Ok(done) => {
                    self.tell_mirror();
                    return Ok(done);
                }
                Err(error) => self.go_to_next_server(error)?,
            }
        }
    }

    /// Like [`on_a_server`](Self::on_a_server), for what refs point to: not of a mirror if only the repository's own
    /// server may be asked.
    pub(super) fn on_a_server_with_refs<T>(
        &mut self,
        mut ask: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<T> {
        match self.servers.own_refs_only {
            false => self.on_a_server(ask),
            true if self.servers.is_mirror() => Err(self.all_failed()),
            true => ask(self).map_err(|error| match self.has_mirror() && is_unreachable(&error) {
                true => error.with_help(
                    "mirrors are not asked which commit is the newest; a commit can be named by its id",
                ),
                false => error,
            }),
        }
    }

    fn has_mirror(&self) -> bool {
        self.servers.urls.len() > 1
    }

    fn go_to_next_server(&mut self, error: Error) -> Result<()> {
        let leads_on = match (self.servers.is_mirror(), error.kind()) {
            (_, ErrorKind::Cancelled | ErrorKind::Io | ErrorKind::Offline) => false,
            (false, _) => self.has_mirror() && is_unreachable(&error),
            (true, _) => true,
        };
        if !leads_on {
            return Err(error);
        }
        if self.servers.failed.len() == self.servers.at {
            self.servers.failed.push(error);
        }
        if self.servers.at + 1 == self.servers.urls.len() {
            self.servers.told = true;
            return Err(self.all_failed());
        }
        self.servers.at += 1;
        self.servers.told = false;
        // What one server said is not true of another.
        self.session = None;
        self.plain = false;
        self.refs = Refs::default();
        self.deepened = None;
        Ok(())
    }

    /// The error of the repository's own server, and why no mirror could stand in for it.
    fn all_failed(&self) -> Error {
        let mut failed = self.servers.failed.iter();
        let Some(own) = failed.next() else {
            return self.lost();
        };
        let error = Error::new(own.kind(), own.to_string()).with_details(own.details().clone());
        let mirrors = self.servers.urls.iter().skip(1).zip(failed);
        let mirrors: Vec<String> = mirrors
            .map(|(url, why)| format!("the mirror {url} cannot stand in: {why}"))
            .collect();
        match mirrors.is_empty() {
            true => error,
            false => error.with_help(mirrors.join("; ")),
        }
    }

    fn tell_mirror(&mut self) {
        let servers = &mut self.servers;
        if servers.is_mirror() && !servers.told {
            servers.told = true;
            let why = servers.failed.first();
            let why = why.map_or(String::new(), ToString::to_string);
            let text = format!(
                "{} was not reached, so its mirror {} was used: {why}",
                self.url,
                servers.current()
            );
            self.progress.warn(text);
        }
    }
}
