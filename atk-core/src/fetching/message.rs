//! What git, ssh and servers say, turned into errors and made fit to be shown.

mod reason;

use super::ssh_target::SshTarget;
use crate::error::{Error, ErrorKind};
use crate::model::git_url::{GitUrl, redact};
use crate::text::escape_lines;
use reason::Reason;

/// How much of what was said an error keeps: the end.
const MAX_SHOWN: usize = 2000;

/// How a server begins that speaks version 2 of the protocol.
const VERSION_PACKET: &str = "000eversion 2";

/// Makes what was said fit to be shown: no control characters, no credentials, not too long.
pub(crate) fn shown(said: &str) -> String {
    let said = redact(said.trim());
    let cut = said.len().saturating_sub(MAX_SHOWN);
    let cut = (cut..=said.len()).find(|&at| said.is_char_boundary(at));
    let end = said.get(cut.unwrap_or(0)..).unwrap_or_default();
    escape_lines(&end.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Marks an error: the server was not reached, or not to the end, and another one could be.
#[derive(Debug, thiserror::Error)]
#[error("the server was not reached")]
struct Unreachable;

/// True if a server did not answer, or not to the end: another one may have what is wanted. A server that
/// refuses has answered.
pub(crate) fn is_unreachable(error: &Error) -> bool {
    let is_marked = error.cause().is_some_and(|cause| cause.is::<Unreachable>());
    error.kind() == ErrorKind::TimedOut || is_marked
}

/// The error of what would need a connection, where none is allowed.
pub(crate) fn offline(url: &GitUrl) -> Error {
    let name = url.to_string();
    Error::new(
        ErrorKind::Offline,
        format!("`{name}` was not asked: connections are not allowed"),
    )
    .with_url(name)
}

/// The error that what was said stands for.
pub(crate) fn error(url: &GitUrl, said: &str) -> Error {
    let reason = Reason::of(said);
    let name = url.to_string();
    let error = Error::new(reason.kind(), reason.message(&format!("`{name}`")));
    let error = error.with_url(name).with_output(shown(said));
    let error = match reason.is_unreachable() {
        true => error.with_cause(Unreachable),
        false => error,
    };
    match reason.help(SshTarget::host_of(url).as_deref()) {
        Some(help) => error.with_help(help),
        None => error,
    }
}

/// True if git itself ended because of a limit: asking in another way would not help.
pub(crate) fn is_too_much(said: &str) -> bool {
    Reason::of(said) == Reason::TooMuch
}

/// The error of a server that sends something else than git's protocol; `sent` is its start.
pub(crate) fn no_protocol(sent: &[u8]) -> Error {
    let sent = String::from_utf8_lossy(sent);
    if Reason::of(&sent) == Reason::WebPage {
        return Error::new(
            Reason::WebPage.kind(),
            "the server answered with a web page, not with git's protocol",
        )
        .with_output(shown(&sent));
    }
    // The protocol begins with a packet of its own, at times on the last line of the text before it;
    // where it is another version, packets begin with their length in hexadecimal digits.
    let before = sent.split(VERSION_PACKET).next().unwrap_or_default();
    let is_packet = |line: &&str| line.get(..4).is_some_and(is_hexadecimal);
    let noise: Vec<&str> = before.lines().take_while(|line| !is_packet(line)).collect();
    let error = Error::new(
        ErrorKind::GitFailed,
        "the server does not speak git's protocol: other text came first",
    );
    match noise.is_empty() {
        true => error,
        false => error.with_output(shown(&noise.join("\n"))).with_help(
            "if the server's login shell prints this text, change its start files to \
             print nothing for commands (test `[ -t 1 ]`)",
        ),
    }
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Names the URL in an error of the work on it, unless it says so itself.
pub(crate) fn about(url: &GitUrl, error: Error) -> Error {
    let name = url.to_string();
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::GitFailed | ErrorKind::RepositoryNotFound
            if error.details().url.is_none() =>
        {
            let message = format!("`{name}`: {error}");
            error.with_message(message).with_url(name)
        }
        _ => error,
    }
}

/// Why a server refuses a request, as far as there is another way to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It does not serve an object by its id, or does not have it.
    Want,
    /// It does not leave out objects in this way.
    Filter,
    Other,
}

/// Reads a refusal. The protocol has nothing but words for it.
pub(crate) fn refusal(said: &str) -> Refusal {
    let said = said.to_lowercase();
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| said.contains(phrase));
    if has(&["filter"]) {
        Refusal::Filter
    } else if has(&[
        "not our ref",
        "unadvertised object",
        "not valid",
        "cannot find",
        "unknown object",
        "want",
        "missing",
    ]) {
        Refusal::Want
    } else {
        Refusal::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_for_a_host_key_names_the_host() {
        let said = "Host key verification failed.";
        for (url, command) in [
            ("git@git.example.com:team/tool", "`ssh git@git.example.com`"),
            ("ssh://me@h.example:2222/x", "`ssh -p 2222 me@h.example`"),
            ("https://example.com/x", "`ssh <host>`"),
        ] {
            let error = error(&GitUrl::parse(url).unwrap(), said);
            assert_eq!(error.kind(), ErrorKind::AccessDenied);
            assert!(error.to_string().contains("host key"), "{error}");
            let help = error.details().help.clone().unwrap();
            assert!(help.contains(command), "{help}");
        }
    }

    #[test]
    fn noise_before_the_protocol_is_shown_without_the_packets_after_it() {
        let error = no_protocol(b"Welcome to \x1b[1mthe server\nMotd\n000eversion 2\n0000");
        let output = error.details().output.clone().unwrap();
        assert_eq!(output, "Welcome to \\u{1b}[1mthe server\nMotd");
        let error = no_protocol(b"no line end000eversion 2\n0000");
        assert_eq!(error.details().output.as_deref(), Some("no line end"));
        let page = no_protocol(b"<!DOCTYPE html>\n<title>Sign in</title>");
        assert_eq!(page.kind(), ErrorKind::RepositoryNotFound);
        assert!(page.to_string().contains("web page"), "{page}");
        assert_eq!(no_protocol(b"\xff\xfe").kind(), ErrorKind::GitFailed);
    }

    #[test]
    fn secrets_and_terminal_escapes_are_not_shown() {
        let url = GitUrl::parse("https://x/y").unwrap();
        let said = format!(
            "{}\nfatal: \x1b]0;x\x07 Authentication failed for 'https://me:pw@x/y'\r\n",
            "é".repeat(3000)
        );
        let error = error(&url, &said);
        let output = error.details().output.clone().unwrap();
        assert!(output.len() < MAX_SHOWN + 100);
        assert!(output.ends_with("Authentication failed for 'https://***@x/y'"));
        assert!(
            !output.contains('\x1b') && !output.contains("pw"),
            "{output}"
        );
        assert_eq!(error.details().url.as_deref(), Some("https://x/y"));
    }

    #[test]
    fn refusals_that_have_another_way_are_told_apart() {
        for (said, refusal_) in [
            ("upload-pack: not our ref 1111", Refusal::Want),
            ("want 1111 not valid", Refusal::Want),
            (
                "Server does not allow request for unadvertised object 11",
                Refusal::Want,
            ),
            ("filter 'combine' not supported", Refusal::Filter),
            ("tree filter allows max depth 0, but got 2", Refusal::Filter),
            ("internal error", Refusal::Other),
        ] {
            assert_eq!(refusal(said), refusal_, "{said}");
        }
    }
}
