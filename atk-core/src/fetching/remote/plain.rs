//! Servers that do not speak version 2 of the protocol: git itself fetches, whole commits at once.

use std::path::Path;
use std::process::Command;

use super::Remote;
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::child::Child;
use crate::fetching::known_refs::LIST_BYTES;
use crate::fetching::object::ObjectId;
use crate::fetching::staging::Staging;
use crate::fetching::{git_command, message};
use crate::model::git_url::Protocol;

/// The most output of `fetch`, which has none.
const MAX_OUTPUT: usize = 1 << 20;
/// Depths of history, as far as a pin may lie behind `HEAD`; at last, all of it.
const DEPTHS: [Option<u32>; 3] = [Some(500), Some(5000), None];

impl Remote<'_> {
    /// `HEAD` and the refs whose names begin with one of these.
    pub(super) fn plain_refs(&self, prefixes: &[String]) -> Result<Vec<(String, ObjectId)>> {
        let mut command = self.plain_command()?;
        command.args(["ls-remote", "--quiet", "--end-of-options"]);
        command.args([self.server().as_str(), "HEAD"]);
        // Patterns, which fit from the end of a name. Of an annotated tag what is behind it has a
        // line of its own.
        command.args(prefixes.iter().map(|prefix| format!("{prefix}*")));
        let (status, output, said) = self.start(command)?.output(LIST_BYTES)?;
        if !status.is_some_and(|status| status.success()) {
            return Err(message::error(self.server(), &said));
        }
        let output = String::from_utf8_lossy(&output);
        let lines = output.lines().filter_map(|line| line.split_once('\t'));
        let refs = lines.filter_map(|(id, name)| {
            let name = name.strip_suffix("^{}").unwrap_or(name);
            Some((name.to_owned(), ObjectId::parse(id)?))
        });
        // The line of what is behind a tag comes after that of the tag.
        Ok(refs.collect())
    }

    /// Fetches commits with everything they hold.
    pub(super) fn plain_fetch(&mut self, commits: &[ObjectId]) -> Result<()> {
        self.fetched = true;
        let head = self.head_of_server()?;
        let head = self.id_of(&head)?;
        let names = commits.iter().map(|&id| match id == head {
            true => "HEAD".to_owned(),
            false => match self.refs.name_of(id) {
                Some(name) => name.to_owned(),
                None => id.to_string(),
            },
        });
        let names: Vec<String> = names.collect();
        let mut failed = self.run_fetch(Some(1), &names)?;
        if failed.is_some() {
            // This server has no shallow history, or serves no commit by its id.
            let mut tips = names.clone();
            tips.retain(|name| name == "HEAD" || name.starts_with("refs/"));
            let only_tips = tips.len() == names.len();
            if tips.is_empty() {
                tips.push("HEAD".to_owned());
            }
            for &depth in DEPTHS
                .iter()
                .skip(if only_tips { DEPTHS.len() - 1 } else { 0 })
            {
                failed = self.run_fetch(depth, &tips)?;
                if failed.is_none() && commits.iter().all(|&id| self.store.has(id)) {
                    break;
                }
            }
        }
        self.progress.finished();
        match (commits.iter().find(|&&id| !self.store.has(id)), failed) {
            (_, Some(error)) => Err(error),
            (None, None) => Ok(()),
            (Some(&gone), None) => Err(self.not_found(gone)),
        }
    }

    /// One `git fetch`; gives the error that a server without shallow fetches, or one that does
    /// not serve commits by id, answers with.
    fn run_fetch(&self, depth: Option<u32>, what: &[String]) -> Result<Option<Error>> {
        let staging = Staging::new(&self.store)?;
        make_repository(staging.dir())?;
        let mut command = self.plain_command()?;
        command.env("GIT_DIR", staging.dir());
        command.args(["fetch", "--progress", "--no-tags", "--no-write-fetch-head"]);
        if let Some(depth) = depth {
            command.arg(format!("--depth={depth}"));
        }
        command.args(["--end-of-options", self.server().as_str()]);
        command.args(what);
        let mut child = self.start(command)?;
        child.watch(staging.dir(), self.store.bounds().transfer);
        let (status, _, said) = child.output(MAX_OUTPUT)?;
        if status.is_some_and(|status| status.success()) {
            return staging.check_and_adopt(self.patience.cancel).map(|()| None);
        }
        let error = message::error(self.server(), &said);
        if message::is_too_much(&said) {
            return Err(error);
        }
        match error.kind() {
            ErrorKind::AccessDenied | ErrorKind::NetworkFailed | ErrorKind::TimedOut => Err(error),
            _ => Ok(Some(error)),
        }
    }

    fn start(&self, command: Command) -> Result<Child<'_>> {
        let mut child = Child::start_watched(command, self.patience)?;
        if self.server().protocol() != Protocol::File {
            child.watch_memory(&self.store.bounds().memory);
        }
        Ok(child)
    }

    fn plain_command(&self) -> Result<Command> {
        git_command::new(self.engine, self.patience)
    }
}

/// Makes a directory the emptiest bare repository there is. Nothing in the cache is a repository
/// of git's: its locks do not wait, a killed git leaves them behind, and what it concludes from
/// `shallow` is not true of our objects.
fn make_repository(dir: &Path) -> Result<()> {
    let config = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
    let make = || {
        std::fs::create_dir_all(dir.join("refs"))?;
        std::fs::write(dir.join("HEAD"), "ref: refs/heads/none\n")?;
        std::fs::write(dir.join("config"), config)
    };
    make().map_err(|error| Error::io("cannot write to the object cache", dir, error))
}
