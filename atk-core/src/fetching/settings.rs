//! What the user's git configuration says about reaching servers, as far as ATK has to know it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::process::Command;

use super::child::{Child, WaitLimits};
use super::message;
use crate::error::{Error, ErrorKind, Result};

/// The settings, asked of git once.
///
/// For http(s) git itself follows its configuration. These are for what we do in its place: to
/// choose the transport where `insteadOf` changes the protocol, and to start ssh.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `core.sshCommand`.
    pub(crate) ssh_command: Option<String>,
    /// `ssh.variant`.
    pub(crate) ssh_variant: Option<String>,
    /// `url.<base>.insteadOf`: the prefix, then the base.
    rewrites: Vec<(String, String)>,
    /// `protocol.allow` under the empty name, and `protocol.<name>.allow`.
    allow: BTreeMap<String, String>,
    /// True if no server may be connected to.
    pub(crate) offline: bool,
}

const KEYS: &str = r"^(url\..*\.insteadof|core\.sshcommand|ssh\.variant|protocol\.(.*\.)?allow)$";
/// Far more than any configuration has.
const MAX_OUTPUT: usize = 4 << 20;

/// The protocols that sources may be fetched by, as git names them.
pub(crate) const PROTOCOLS: [&str; 4] = ["http", "https", "ssh", "file"];

impl Settings {
    /// Asks git. `git` is a command of the git program, prepared with environment and directory.
    ///
    /// # Errors
    /// [`ErrorKind::GitFailed`] if git cannot read its configuration, and those of a child.
    pub(crate) fn read(mut git: Command, patience: WaitLimits<'_>) -> Result<Self> {
        git.args(["config", "-z", "--get-regexp", KEYS]);
        let (status, output, said) = Child::start(git, patience)?.output(MAX_OUTPUT)?;
        match status.and_then(|status| status.code()) {
            Some(0 | 1) if said.is_empty() || !output.is_empty() => Ok(Self::parse(&output)),
            Some(1) => Ok(Self::default()),
            _ => Err(
                Error::new(ErrorKind::GitFailed, "git cannot read its configuration")
                    .with_output(message::shown(&said)),
            ),
        }
    }

    /// Reads `key\nvalue\0` …
    fn parse(output: &[u8]) -> Self {
        let mut settings = Settings::default();
        for record in output.split(|&byte| byte == 0) {
            let record = String::from_utf8_lossy(record);
            let Some((key, value)) = record.split_once('\n') else {
                continue;
            };
            settings.add(key, value);
        }
        settings
    }

    fn add(&mut self, key: &str, value: &str) {
        let value = value.to_owned();
        if key == "core.sshcommand" {
            self.ssh_command = Some(value);
        } else if key == "ssh.variant" {
            self.ssh_variant = Some(value);
        } else if let Some(rest) = key.strip_prefix("url.") {
            let base = rest.strip_suffix(".insteadof").unwrap_or(rest);
            self.rewrites.push((value, base.to_owned()));
        } else if let Some(rest) = key.strip_prefix("protocol.") {
            let name = rest.strip_suffix(".allow").unwrap_or_default();
            self.allow.insert(name.to_owned(), value);
        }
    }

    /// The URL that git would use; `None` if it is the same. It may carry credentials, so it is
    /// never shown and never an argument.
    pub(crate) fn rewrite(&self, url: &str) -> Option<String> {
        // As in git: the longest prefix wins, and the first of equally long ones.
        let mut best: Option<&(String, String)> = None;
        for rewrite in &self.rewrites {
            let longer = best.is_none_or(|(prefix, _)| rewrite.0.len() > prefix.len());
            if longer && !rewrite.0.is_empty() && url.starts_with(&rewrite.0) {
                best = Some(rewrite);
            }
        }
        let (prefix, base) = best?;
        Some(format!("{base}{}", url.strip_prefix(prefix.as_str())?))
    }

    /// The protocols that may be used: ours, less those that the environment or the configuration
    /// forbids, and only that of repositories at a path if connections are not allowed.
    pub(crate) fn allowed(&self, env: &BTreeMap<OsString, OsString>) -> Vec<&'static str> {
        let listed = env.get(OsStr::new("GIT_ALLOW_PROTOCOL"));
        let allowed = |name: &str| match listed {
            // As in git: the list replaces the configuration.
            Some(list) => list.to_string_lossy().split(':').any(|item| item == name),
            None => {
                let own = self.allow.get(name).or_else(|| self.allow.get(""));
                own.is_none_or(|value| value != "never")
            }
        };
        let stays = |name: &&str| allowed(name) && (!self.offline || *name == "file");
        PROTOCOLS.into_iter().filter(stays).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_rewrites() {
        let output = b"url.git@github.com:.insteadof\nhttps://github.com/\0\
            url.https://me:pw@corp/.insteadof\nhttps://github.com/corp/\0\
            core.sshcommand\nssh -i 'my key'\0ssh.variant\nssh\0";
        let settings = Settings::parse(output);
        let rewrite = |url| settings.rewrite(url);
        assert_eq!(
            rewrite("https://github.com/a/b").unwrap(),
            "git@github.com:a/b"
        );
        assert_eq!(
            rewrite("https://github.com/corp/b").unwrap(),
            "https://me:pw@corp/b"
        );
        assert_eq!(rewrite("https://gitlab.com/a/b"), None);
        assert_eq!(settings.ssh_command.as_deref(), Some("ssh -i 'my key'"));
        assert_eq!(settings.ssh_variant.as_deref(), Some("ssh"));
    }

    #[test]
    fn the_environment_replaces_what_the_configuration_allows() {
        let settings = Settings::parse(b"protocol.allow\nnever\0protocol.https.allow\nalways\0");
        assert_eq!(settings.allowed(&BTreeMap::new()), ["https"]);
        let env = BTreeMap::from([("GIT_ALLOW_PROTOCOL".into(), "ssh:ext:file".into())]);
        assert_eq!(settings.allowed(&env), ["ssh", "file"]);
        assert_eq!(Settings::default().allowed(&BTreeMap::new()), PROTOCOLS);
    }
}
