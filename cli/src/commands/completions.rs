//! `atk completions`.

use atk_core::{Error, ErrorKind, Result};
use clap::{Args, ValueEnum};
use clap_complete::env::{Bash, EnvCompleter, Fish, Zsh};

use crate::output::Output;

/// Print the completion script of a shell.
///
/// The script asks atk for candidates: commands, options, installed plugins, and for atk add the
/// plugins of the registry.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk completions bash > ~/.local/share/bash-completion/completions/atk
  atk completions zsh > ~/.zfunc/_atk
  atk completions fish > ~/.config/fish/completions/atk.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// The shells that have completions.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Fish,
    Zsh,
}

impl Completions {
    pub(super) fn run(self, output: &Output) -> Result<u8> {
        let completer: &dyn EnvCompleter = match self.shell {
            Shell::Bash => &Bash,
            Shell::Fish => &Fish,
            Shell::Zsh => &Zsh,
        };
        let mut script = Vec::new();
        completer
            .write_registration("COMPLETE", "atk", "atk", "atk", &mut script)
            .map_err(|cause| {
                Error::new(ErrorKind::Internal, "cannot make the script").with_cause(cause)
            })?;
        output.text(&String::from_utf8_lossy(&script))?;
        Ok(0)
    }
}
