//! Ways to a server: git's own helper for http(s), the user's ssh, git itself for a local path.

pub(crate) mod connection;
pub(crate) mod ssh;

use std::sync::Arc;

use super::bounds::Memory;
use super::child::{Child, WaitLimits};
use super::message;
use super::settings::Settings;
use super::ssh_target::{SshTarget, percent_decode};
use crate::error::{Error, ErrorKind, Result};
use crate::model::git_url::GitUrl;
use crate::process::command::Commands;
use connection::Connection;

/// Connects to the server of a URL, and asks it to speak version 2 of the protocol. None if
/// git's helper knows beforehand that it cannot.
///
/// # Errors
/// [`ErrorKind::SourceInvalid`] if the URL, or what the user's `insteadOf` makes of it, is
/// served by no protocol that is allowed. [`ErrorKind::Offline`] if only a server has it, and none may be
/// connected to. Those of a child.
pub(crate) fn connect<'e>(
    url: &GitUrl,
    commands: &Commands,
    settings: &Settings,
    patience: WaitLimits<'e>,
    memory: &Arc<Memory>,
) -> Result<Option<Connection<'e>>> {
    let route = allowed_route(url, commands, settings)?;
    let allowed = settings.allowed(commands.env());
    let command = match &route {
        Route::Http | Route::Https => {
            let mut command = commands.git();
            command.args(["-c", "protocol.version=2"]);
            command.arg(format!("remote-{}", route.protocol()));
            // As it was given: git rewrites it itself, so that what may hold credentials stays out
            // of the arguments, which every user of the machine can read.
            command.arg(url.as_str());
            command.env("GIT_ALLOW_PROTOCOL", allowed.join(":"));
            command
        }
        Route::Ssh(target) => ssh::command(target, commands, settings, patience)?,
        Route::File(path) => {
            let mut command = commands.git();
            // Here we are the server too: files are sent whole, because a search for deltas takes
            // longer than a transfer may be silent.
            command.args(["-c", "core.bigFileThreshold=8m", "-c", "pack.window=0"]);
            command.args(["upload-pack", "--end-of-options", path]);
            command
        }
    };
    let mut command = command;
    command.env("GIT_PROTOCOL", "version=2");
    let stateless = matches!(route, Route::Http | Route::Https);
    let child = match stateless {
        // git collects what the server can do before it passes anything on.
        true => {
            let mut child = Child::start_watched(command, patience)?;
            child.watch_memory(memory);
            child
        }
        false => Child::start(command, patience)?,
    };
    let mut connection = Connection::new(child, stateless);
    if stateless {
        connection.send(b"stateless-connect git-upload-pack\n")?;
        match connection.line()?.as_deref() {
            Some("") => {}
            Some(_) => return Ok(None),
            None => return Err(connection.broken(url)),
        }
    }
    Ok(Some(connection))
}

/// Checks that a URL may be connected to.
///
/// # Errors
/// [`ErrorKind::SourceInvalid`] and [`ErrorKind::Offline`], as for [`connect`].
pub(crate) fn check_allowed(url: &GitUrl, commands: &Commands, settings: &Settings) -> Result<()> {
    allowed_route(url, commands, settings).map(drop)
}

fn allowed_route(url: &GitUrl, commands: &Commands, settings: &Settings) -> Result<Route> {
    let rewritten = settings.rewrite(url.as_str());
    let route = Route::of(rewritten.as_deref().unwrap_or(url.as_str()));
    let allowed = settings.allowed(commands.env());
    match route {
        Some(route) if allowed.contains(&route.protocol()) => Ok(route),
        Some(_) if settings.offline => Err(message::offline(url)),
        Some(_) | None => Err(refused(url, rewritten.is_some())),
    }
}

/// How a server is reached.
enum Route {
    Http,
    Https,
    Ssh(SshTarget),
    File(String),
}

impl Route {
    fn of(url: &str) -> Option<Route> {
        if let Some(target) = SshTarget::parse(url) {
            return Some(Route::Ssh(target));
        }
        let (scheme, rest) = match url.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => return url.starts_with('/').then(|| Route::File(url.to_owned())),
        };
        match scheme.as_str() {
            "http" => Some(Route::Http),
            "https" => Some(Route::Https),
            "file" => {
                let path = rest.find('/').and_then(|at| rest.get(at..))?;
                Some(Route::File(percent_decode(path)))
            }
            _ => None,
        }
    }

    fn protocol(&self) -> &'static str {
        match self {
            Route::Http => "http",
            Route::Https => "https",
            Route::Ssh(_) => "ssh",
            Route::File(_) => "file",
        }
    }
}

fn refused(url: &GitUrl, rewritten: bool) -> Error {
    let name = url.to_string();
    let why = match rewritten {
        true => "git's configuration rewrites it to a protocol that is not allowed",
        false => "git's configuration does not allow its protocol",
    };
    Error::new(
        ErrorKind::SourceInvalid,
        format!("`{name}` cannot be used: {why}"),
    )
    .with_url(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_protocols_have_a_route() {
        let protocol = |url| Route::of(url).map(|route| route.protocol());
        assert_eq!(protocol("HTTP://x/y"), Some("http"));
        assert_eq!(protocol("https://me:pw@x/y"), Some("https"));
        assert_eq!(protocol("git@x:y"), Some("ssh"));
        assert_eq!(protocol("/srv/x"), Some("file"));
        for url in ["ext::sh", "ftp://x/y", "foo://x", "x", "-x", "-oProxy@x:y"] {
            assert_eq!(protocol(url), None, "{url}");
        }
        let Some(Route::File(path)) = Route::of("file:///a%20b/100%/c%2") else {
            panic!()
        };
        assert_eq!(path, "/a b/100%/c%2");
    }
}
