//! The user's ssh, started as git would start it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, ErrorKind, Result};
use crate::fetching::child::{Child, WaitLimits};
use crate::fetching::settings::Settings;
use crate::fetching::ssh_target::SshTarget;
use crate::process::command::Commands;

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
/// [`ErrorKind::SourceInvalid`] if this ssh cannot be told the port; those of a child.
pub(crate) fn command(
    target: &SshTarget,
    commands: &Commands,
    settings: &Settings,
    patience: WaitLimits<'_>,
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

fn options(variant: Variant, target: &SshTarget, interactive: bool) -> Result<Vec<String>> {
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
                    format!("the ssh program has no option for the port {port}"),
                ));
            }
        }
    }
    Ok(options)
}

/// The value of `GIT_SSH_COMMAND` with which git's own ssh asks no questions; `None` if the user's ssh
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
    target: &SshTarget,
    commands: &Commands,
    patience: WaitLimits<'_>,
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
