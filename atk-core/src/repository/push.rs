//! Sending commits to where the user's own `git push` sends them.

use std::ffi::{OsStr, OsString};

use super::program::{GitOutput, Run};
use super::push_record::PushRecord;
use super::{Backend, Repository};
use crate::error::Result;
use crate::host::Scope;
use crate::model::git_url::redact;
use crate::text::escape;

/// What git says if it cannot tell who is asking, or whether the repository exists. The line
/// before it has the reason.
const UNREADABLE: &str = "Could not read from remote repository";

/// Where a plain `git push` goes. Parts that git does not know are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PushTarget {
    pub(crate) remote: Option<String>,
    /// Without credentials.
    pub(crate) url: Option<String>,
    pub(crate) branch: Option<String>,
}

/// Why git did not push, and what gets past it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PushFailure {
    /// In git's own words, on one line.
    pub(crate) reason: String,
    pub(crate) help: Option<String>,
}

impl Repository {
    /// Finds out where a plain `git push` goes.
    ///
    /// # Errors
    /// [`ErrorKind::GitMissing`](crate::ErrorKind::GitMissing).
    pub(crate) fn push_target(&self) -> Result<PushTarget> {
        let git = self.for_pushing();
        let answer = |args: &[&str]| -> Result<Option<String>> {
            let said = git.run(Run::new(args))?;
            let line = said.line()?.to_string_lossy().into_owned();
            Ok((said.success && !line.is_empty()).then_some(line))
        };
        let branch = git.current_branch()?;
        let remote = match &branch {
            None => None,
            Some(branch) => {
                let of_branch = format!("refs/heads/{branch}");
                let format = "--format=%(push:remotename)";
                match answer(&["for-each-ref", format, &of_branch])? {
                    Some(remote) => Some(remote),
                    None => git.default_remote()?,
                }
            }
        };
        let url = match &remote {
            None => None,
            // A branch may name a URL where others name a remote.
            Some(remote) => {
                let url = answer(&["remote", "get-url", "--push", "--", remote])?;
                Some(shown(url.as_deref().unwrap_or(remote)))
            }
        };
        Ok(PushTarget {
            remote: remote.as_deref().map(shown),
            url,
            branch: branch.as_deref().map(shown),
        })
    }

    /// Runs a plain `git push`, with the user's configuration, credentials and hooks. It asks
    /// nothing on a terminal. A cancel ends it.
    ///
    /// Corrects the target by what git did. That git refuses is an outcome, not an error.
    ///
    /// # Errors
    /// [`ErrorKind::GitMissing`](crate::ErrorKind::GitMissing),
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
    pub(crate) fn push(
        &self,
        target: &mut PushTarget,
        scope: Scope<'_>,
    ) -> Result<Option<PushFailure>> {
        let git = self.for_pushing();
        // One line per ref, for programs: its form does not change between versions.
        let mut run = Run::new(&["push", "--porcelain"]).cancel(scope.cancel);
        // What git prints is read, so it must not be translated.
        run.env.push(("LC_ALL".into(), "C".into()));
        run.env.push(("LANGUAGE".into(), "C".into()));
        run.env.push(("GCM_INTERACTIVE".into(), "never".into()));
        let ssh = git.batch_ssh()?;
        run.env
            .extend(ssh.map(|ssh| ("GIT_SSH_COMMAND".into(), ssh)));
        let running = PushRecord::write(self)?;
        let said = git.run(run)?;
        // Only while the record is there, a lock that comes back after a power cut is known.
        let _ = git.sync_written();
        drop(running);
        let report = PushReport::read(&said);
        if let Some(url) = report.url {
            target.url = Some(url);
        }
        if let Some(branch) = report.branch {
            target.branch = Some(branch);
        }
        Ok((!said.success).then(|| {
            let reason = report.refusal.unwrap_or_else(|| reason(&said));
            let help = help(&reason, target);
            PushFailure { reason, help }
        }))
    }

    /// The same repository, worked on by the git program: only that can push.
    fn for_pushing(&self) -> Repository {
        Repository {
            engine: Backend::Program("commits must be pushed".into()),
            ..self.clone()
        }
    }

    /// The remote that git takes if the branch names none.
    fn default_remote(&self) -> Result<Option<String>> {
        let said = self.run(Run::new(&["remote"]))?;
        let names = String::from_utf8_lossy(&said.stdout);
        let names: Vec<&str> = names.lines().collect();
        Ok(match names.as_slice() {
            [only] => Some((*only).to_owned()),
            names => names.contains(&"origin").then(|| "origin".to_owned()),
        })
    }

    /// The user's ssh, told to ask nothing. None if it is not OpenSSH.
    ///
    /// ssh asks on the terminal itself, whatever its standard input is. Git runs in a process
    /// group of its own, so the system would stop ssh there, and the reason would not be seen.
    fn batch_ssh(&self) -> Result<Option<String>> {
        let env = |name: &str| {
            let value = self.access.env().get(OsStr::new(name))?;
            (!value.is_empty()).then(|| OsString::clone(value))
        };
        let command = match env("GIT_SSH_COMMAND") {
            Some(command) => command.into_string().ok(),
            None if env("GIT_SSH").is_some() => None,
            None => {
                let said = self.run(Run::new(&["config", "--get", "core.sshCommand"]))?;
                let line = said.line()?.to_string_lossy().into_owned();
                Some(if line.is_empty() {
                    "ssh".to_owned()
                } else {
                    line
                })
            }
        };
        Ok(command
            .filter(|command| {
                let program = command.split_whitespace().next().unwrap_or_default();
                program.rsplit('/').next() == Some("ssh")
            })
            .map(|command| format!("{command} -o BatchMode=yes")))
    }
}

/// What `git push --porcelain` wrote to standard output.
#[derive(Debug, Default, PartialEq, Eq)]
struct PushReport {
    url: Option<String>,
    /// The branch at the remote.
    branch: Option<String>,
    /// Why a ref was not updated.
    refusal: Option<String>,
}

impl PushReport {
    fn read(said: &GitOutput) -> Self {
        let text = String::from_utf8_lossy(&said.stdout);
        let mut report = PushReport::default();
        for line in text.lines() {
            if let Some(url) = line.strip_prefix("To ") {
                report.url = Some(shown(url));
                continue;
            }
            // `<flag>\t<from>:<to>\t<summary> (<reason>)`
            let mut parts = line.splitn(3, '\t');
            let (Some(flag), Some(refs), Some(summary)) =
                (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let (from, to) = refs.split_once(':').unwrap_or((refs, refs));
            let [from, to] = [from, to].map(|name| name.trim_start_matches("refs/heads/"));
            if flag == "!" && report.refusal.is_none() {
                report.refusal = Some(refusal(from, to, summary, &said.tail));
            }
            report.branch.get_or_insert_with(|| shown(to));
        }
        report
    }
}

/// Why a ref was refused, as git shows it to people, with what the server said about it.
fn refusal(from: &str, to: &str, summary: &str, tail: &str) -> String {
    let line = match summary.split_once("] ") {
        Some((what, why)) => format!("{what}] {from} -> {to} {why}"),
        None => format!("{summary} {from} -> {to}"),
    };
    let mut line = shown(&line);
    if line.starts_with("[remote rejected]") {
        let remote = tail.lines().filter_map(|line| line.strip_prefix("remote:"));
        let words: Vec<&str> = remote
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .collect();
        if !words.is_empty() {
            line.push_str(": ");
            line.push_str(&words.join(" "));
        }
    }
    line
}

/// The line of git's output that has the reason.
fn reason(said: &GitOutput) -> String {
    let lines: Vec<&str> = said.tail.lines().map(str::trim).collect();
    let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    let at = lines
        .iter()
        .position(|line| line.starts_with("fatal: "))
        .or_else(|| lines.iter().rposition(|line| line.starts_with("error: ")));
    let found = at.and_then(|at| {
        let line = *lines.get(at)?;
        let before = at.checked_sub(1).and_then(|at| lines.get(at));
        let is_general = line.contains(UNREADABLE) || line.contains("failed to push some refs");
        match before {
            Some(before) if is_general => Some(*before),
            Some(_) | None => Some(line),
        }
    });
    match (found.or(lines.last().copied()), said.code) {
        (Some(line), _) => {
            let words = line
                .strip_prefix("fatal: ")
                .or(line.strip_prefix("error: "));
            words.unwrap_or(line).to_owned()
        }
        (None, Some(code)) => format!("git exited with {code} and printed nothing"),
        (None, None) => "git was killed and printed nothing".to_owned(),
    }
}

/// What to do about a reason, in the words of git.
fn help(reason: &str, target: &PushTarget) -> Option<String> {
    let has = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    let remote = target.remote.as_deref().unwrap_or("origin");
    let branch = target.branch.as_deref().unwrap_or("HEAD");
    Some(if has(&["(fetch first)", "(non-fast-forward)"]) {
        "run `git pull --rebase`, then `git push`".to_owned()
    } else if has(&[
        "has no upstream branch",
        "does not match the name of your current branch",
    ]) {
        format!("run `git push -u {remote} {branch}`")
    } else if has(&["No configured push destination", "No remote configured"]) {
        format!("run `git remote add origin <URL>`, then `git push -u origin {branch}`")
    } else if has(&["not currently on a branch"]) {
        "run `git switch -c <branch>`, then `git push -u origin <branch>`".to_owned()
    } else if has(&[
        "Permission denied",
        "could not read Username",
        "could not read Password",
        "Authentication failed",
        "returned error: 401",
        "returned error: 403",
        "Host key verification failed",
    ]) {
        "set up a git credential helper or an ssh key for this host, then run `git push`".to_owned()
    } else if has(&[
        "Could not resolve",
        "unable to access",
        "Connection refused",
        "timed out",
        "unreachable",
    ]) {
        "check your connection, then run `git push`".to_owned()
    } else {
        return None;
    })
}

fn shown(text: &str) -> String {
    escape(&redact(text))
}
