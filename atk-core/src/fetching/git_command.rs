//! Commands of the git program that speak to servers.

use std::process::Command;

use super::child::WaitLimits;
use super::engine::Engine;
use super::transport::ssh;
use crate::error::Result;

/// Settings of every such command: no hooks, no background work, no other places to fetch from.
const CONFIG: &[&str] = &[
    "protocol.version=2",
    "core.hooksPath=/dev/null",
    "gc.auto=0",
    // Memory: large files are streamed, caches are small, and nothing is done twice at once.
    "core.bigFileThreshold=8m",
    "core.deltaBaseCacheLimit=8m",
    "core.packedGitWindowSize=8m",
    "core.packedGitLimit=32m",
    "pack.threads=1",
    "maintenance.auto=false",
    // Objects are judged by the same checks whatever the protocol: when they are used, by us, as
    // those that come over version 2. Git's own rules refuse old, harmless ones (zero-padded modes)
    // anywhere in the repository. Ids are verified without it.
    "transfer.fsckObjects=false",
    "fetch.fsckObjects=false",
    "fetch.unpackLimit=1",
    "fetch.recurseSubmodules=false",
    "fetch.writeCommitGraph=false",
    "fetch.bundleURI=",
    "transfer.bundleURI=false",
];

/// The git program with these settings, and with the protocols that may be used.
///
/// # Errors
/// [`ErrorKind::GitMissing`](crate::ErrorKind::GitMissing), and those of reading git's
/// configuration.
pub(super) fn new(engine: &Engine, patience: WaitLimits<'_>) -> Result<Command> {
    let commands = engine.commands()?;
    let settings = engine.settings(patience)?;
    let mut command = commands.git();
    for setting in CONFIG {
        command.args(["-c", setting]);
    }
    let allowed = settings.allowed(commands.env());
    command.env("GIT_ALLOW_PROTOCOL", allowed.join(":"));
    if !patience.interactive
        && let Some(shell) = ssh::batch_command(commands, settings)
    {
        command.env("GIT_SSH_COMMAND", shell);
    }
    Ok(command)
}
