//! The Python tool whose homes ours must understand, and the other way round.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::shared;

/// The version whose files are the contract.
const VERSION: &str = "0.4.0";

/// The path of the Python tool's `atk`: `ATK_PYTHON` where it is set, else one installed by pip
/// into a virtual environment that is kept between runs.
///
/// None if `ATK_PYTHON` is `none`, for a machine that has no Python or no network.
///
/// # Panics
/// Where pip cannot install it. A comparison that silently compares nothing proves nothing.
#[must_use]
pub fn python_atk() -> Option<PathBuf> {
    static BINARY: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || match std::env::var_os("ATK_PYTHON") {
        Some(path) => (path != "none").then(|| PathBuf::from(path)),
        None => Some(install().unwrap_or_else(|reason| {
            panic!("no atk-cli {VERSION} (ATK_PYTHON=none does without): {reason}")
        })),
    };
    BINARY.get_or_init(find).clone()
}

fn install() -> Result<PathBuf, String> {
    let mut outcome = Ok(());
    let venv = shared::kept(&format!("atk-cli-{VERSION}"), |venv| {
        let create = run(Command::new("python3").args(["-m", "venv"]).arg(venv));
        outcome = create.and_then(|()| {
            let package = format!("atk-cli=={VERSION}");
            let mut pip = Command::new(venv.join("bin/python"));
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ]);
            run(pip.arg(package))
        });
        outcome.is_ok()
    });
    outcome.map(|()| venv.join("bin/atk"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let reason = |output: Output| String::from_utf8_lossy(&output.stderr).into_owned();
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(reason(output)),
        Err(error) => Err(error.to_string()),
    }
}
