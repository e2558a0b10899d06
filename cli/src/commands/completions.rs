//! `atk completions`.

use atk_core::Result;
use clap::Args;

use crate::args;
use crate::output::Output;

/// Print the completion script of a shell.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk completions bash > ~/.local/share/bash-completion/completions/atk
  atk completions zsh > ~/.zfunc/_atk
  atk completions fish > ~/.config/fish/completions/atk.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

impl Completions {
    pub(super) fn run(self, output: &Output) -> Result<u8> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut args::command(), "atk", &mut script);
        output.text(&String::from_utf8_lossy(&script))?;
        Ok(0)
    }
}
