//! The user's ssh, started as git would start it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::percent_decode;
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::child::{Child, Patience};
use crate::fetching::settings::Settings;
use crate::model::git_url::{GitUrl, Scp};
use crate::process::command::Commands;

/// Where ssh goes, and which repository is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// `host`, or `user@host`.
    destination: String,
    port: Option<String>,
    path: String,
}

impl Target {
    /// Reads `ssh://user@host:port/path` and `user@host:path`. None for anything else, and for
    /// what ssh or a shell would take for an option.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let target = match url.split_once("://") {
            Some((scheme, rest)) => {
                let scheme = scheme.to_ascii_lowercase();
                let ssh = matches!(scheme.as_str(), "ssh" | "git+ssh" | "ssh+git");
                Self::of_authority(ssh.then_some(rest)?)?
            }
            None => Self::of_short_form(url)?,
        };
        let host = target.destination.rsplit('@').next().unwrap_or_default();
        let bad = |text: &str| text.is_empty() || text.starts_with('-');
        let port_bad = target
            .port
            .as_deref()
            .is_some_and(|port| port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()));
        let unfit = bad(&target.destination) || bad(host) || bad(&target.path) || port_bad;
        (!unfit).then_some(target)
    }

    /// The arguments with which a person runs ssh to reach the host of a URL; none if it is not
    /// reached by ssh.
    pub(crate) fn host_of(url: &GitUrl) -> Option<String> {
        let target = Self::parse(url.as_str())?;
        Some(match target.port {
            Some(port) => format!("-p {port} {}", target.destination),
            None => target.destination,
        })
    }

    fn of_authority(rest: &str) -> Option<Self> {
        let (authority, path) = rest.split_at(rest.find('/')?);
        let (user, host) = match authority.rsplit_once('@') {
            // A password has no place in an argument, and ssh would not take it.
            Some((user, host)) => (user.split(':').next(), host),
            None => (None, authority),
        };
        let (host, port) = split_port(host);
        let path = percent_decode(path);
        let home = path.strip_prefix('/').filter(|path| path.starts_with('~'));
        Some(Target {
            destination: user.map_or(host.to_owned(), |user| {
                format!("{}@{host}", percent_decode(user))
            }),
            port: port.map(str::to_owned),
            path: home.unwrap_or(&path).to_owned(),
        })
    }

    fn of_short_form(url: &str) -> Option<Self> {
        let scp = Scp::split(url)?;
        Some(Target {
            destination: match scp.user {
                Some(user) => format!("{user}@{}", scp.host),
                None => scp.host.to_owned(),
            },
            port: scp.port.map(str::to_owned),
            path: scp.path.to_owned(),
        })
    }
}

fn split_port(host: &str) -> (&str, Option<&str>) {
    if let Some((name, rest)) = host.strip_prefix('[').and_then(|h| h.split_once(']')) {
        return (name, rest.strip_prefix(':'));
    }
    match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    }
}

/// What the user's ssh is.
enum Ssh {
    /// A piece of shell (`GIT_SSH_COMMAND`, `core.sshCommand`).
    Shell(OsString),
    Program(PathBuf),
}

/// Which options it takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Variant {
    OpenSsh,
    Plink,
    TortoisePlink,
    /// None at all.
    Simple,
}

impl Ssh {
    fn of(commands: &Commands, settings: &Settings) -> Self {
        if let Some(shell) = commands.var("GIT_SSH_COMMAND") {
            return Ssh::Shell(shell.to_owned());
        }
        if let Some(shell) = &settings.ssh_command {
            return Ssh::Shell(shell.into());
        }
        let program = commands.var("GIT_SSH").unwrap_or(OsStr::new("ssh"));
        let found = program.to_str().and_then(|name| commands.find(name));
        Ssh::Program(found.unwrap_or_else(|| program.into()))
    }

    fn command(&self, commands: &Commands) -> Command {
        match self {
            Ssh::Shell(shell) => {
                let mut script = shell.clone();
                script.push(" \"$@\"");
                let mut command = commands.program(Path::new("/bin/sh"));
                command.arg("-c").arg(script).arg(shell);
                command
            }
            Ssh::Program(path) => commands.program(path),
        }
    }

    /// The name of the program, by which git tells the variants.
    fn name(&self) -> String {
        let whole = match self {
            Ssh::Shell(shell) => shell.to_string_lossy().trim_start().to_owned(),
            Ssh::Program(path) => return base_name(&path.to_string_lossy()),
        };
        let word = match whole.chars().next() {
            Some(quote @ ('"' | '\'')) => whole.split(quote).nth(1),
            _ => whole.split_whitespace().next(),
        };
        base_name(word.unwrap_or_default())
    }
}

fn base_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.strip_suffix(".exe").unwrap_or(&name).to_owned()
}

fn variant_of(name: &str) -> Option<Variant> {
    match name {
        "ssh" => Some(Variant::OpenSsh),
        "plink" | "putty" => Some(Variant::Plink),
        "tortoiseplink" => Some(Variant::TortoisePlink),
        "simple" => Some(Variant::Simple),
        _ => None,
    }
}

/// The command that runs `git-upload-pack` at the target.
///
/// # Errors
/// [`ErrorKind::SourceInvalid`] where this ssh cannot be told the port; those of a child.
pub(crate) fn command(
    target: &Target,
    commands: &Commands,
    settings: &Settings,
    patience: Patience<'_>,
) -> Result<Command> {
    let ssh = Ssh::of(commands, settings);
    let said = commands.var("GIT_SSH_VARIANT").and_then(OsStr::to_str);
    let said = said.or(settings.ssh_variant.as_deref());
    let known = said
        .and_then(variant_of)
        .or_else(|| variant_of(&ssh.name()));
    let variant = match known {
        Some(variant) => variant,
        None => probe(&ssh, target, commands, patience)?,
    };
    let mut command = ssh.command(commands);
    command.args(options(variant, target, patience.interactive)?);
    command.arg(&target.destination);
    command.arg(format!("git-upload-pack {}", quote(&target.path)));
    Ok(command)
}

fn options(variant: Variant, target: &Target, interactive: bool) -> Result<Vec<String>> {
    let mut options = Vec::new();
    let mut add = |words: &[&str]| options.extend(words.iter().map(|&word| word.to_owned()));
    match variant {
        Variant::OpenSsh => {
            add(&["-o", "SendEnv=GIT_PROTOCOL"]);
            if !interactive {
                add(&["-o", "BatchMode=yes"]);
            }
        }
        Variant::TortoisePlink => add(&["-batch"]),
        Variant::Plink if !interactive => add(&["-batch"]),
        Variant::Plink | Variant::Simple => {}
    }
    if let Some(port) = &target.port {
        match variant {
            Variant::OpenSsh => add(&["-p", port]),
            Variant::Plink | Variant::TortoisePlink => add(&["-P", port]),
            Variant::Simple => {
                return Err(Error::new(
                    ErrorKind::SourceInvalid,
                    format!("the ssh program cannot be told the port {port}"),
                ));
            }
        }
    }
    Ok(options)
}

/// The value of `GIT_SSH_COMMAND` with which git's own ssh asks nobody; none where the user's ssh
/// takes no such option.
pub(crate) fn batch_command(commands: &Commands, settings: &Settings) -> Option<OsString> {
    let ssh = Ssh::of(commands, settings);
    if variant_of(&ssh.name()) != Some(Variant::OpenSsh) {
        return None;
    }
    let mut shell = match ssh {
        Ssh::Shell(shell) => shell,
        Ssh::Program(path) => quote(path.to_str()?).into(),
    };
    shell.push(" -o BatchMode=yes");
    Some(shell)
}

/// Finds out, as git does, whether an unknown program takes the options of OpenSSH.
fn probe(
    ssh: &Ssh,
    target: &Target,
    commands: &Commands,
    patience: Patience<'_>,
) -> Result<Variant> {
    let mut command = ssh.command(commands);
    command.arg("-G");
    command.args(options(Variant::OpenSsh, target, patience.interactive)?);
    command.arg(&target.destination);
    let (status, ..) = Child::start(command, patience)?.output(1 << 20)?;
    Ok(match status {
        Some(status) if status.success() => Variant::OpenSsh,
        _ => Variant::Simple,
    })
}

/// Quotes a word for the shell at the other end.
fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''").replace('!', r"'\!'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(destination: &str, port: Option<&str>, path: &str) -> Option<Target> {
        Some(Target {
            destination: destination.into(),
            port: port.map(str::to_owned),
            path: path.into(),
        })
    }

    #[test]
    fn urls_are_read_as_git_reads_them() {
        for (url, expected) in [
            ("git@host:org/x.git", target("git@host", None, "org/x.git")),
            ("host:x", target("host", None, "x")),
            ("me@[::1]:x", target("me@::1", None, "x")),
            ("me@[host:22]:x", target("me@host", Some("22"), "x")),
            ("[me@host:22]:x", target("me@host", Some("22"), "x")),
            ("[::1]:x", target("::1", None, "x")),
            ("ssh://host/srv/a%20b", target("host", None, "/srv/a b")),
            (
                "ssh://me:pw@host:2222/~you/x",
                target("me@host", Some("2222"), "~you/x"),
            ),
            ("git+ssh://[::1]:22/x", target("::1", Some("22"), "/x")),
        ] {
            assert_eq!(Target::parse(url), expected, "{url}");
        }
    }

    #[test]
    fn what_ssh_would_take_for_an_option_is_no_target() {
        for url in [
            "ssh://-oProxyCommand=x/y",
            "-oProxyCommand=x:y",
            "git@-host:x",
            "git@host:-x",
            "ssh://host:-p/x",
            "ssh://me@/x",
            "ssh://host",
            "https://host/x",
            "/srv/x:y",
            "ext::sh",
        ] {
            assert_eq!(Target::parse(url), None, "{url}");
        }
    }

    #[test]
    fn a_path_cannot_leave_its_quotes() {
        assert_eq!(quote("a'b!c;$(x)"), r"'a'\''b'\!'c;$(x)'");
    }

    #[test]
    fn the_variant_is_told_by_the_name() {
        let name = |shell: &str| Ssh::Shell(shell.into()).name();
        assert_eq!(name("ssh -i key"), "ssh");
        assert_eq!(name("'/opt/my tools/plink.exe' -x"), "plink");
        assert_eq!(name(""), "");
    }
}
