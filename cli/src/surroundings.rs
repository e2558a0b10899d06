//! What the library gets from the process: its environment, its working directory and the global
//! options.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use atk_core::{Answers, Error, ErrorKind, Home, LockWait, Options, Result};

use crate::args::GlobalArgs;

/// The opened home, and the answers to prompts that options and the environment give.
pub(crate) struct Surroundings {
    pub(crate) home: Home,
    pub(crate) answers: Answers,
}

impl Surroundings {
    /// Reads this process's environment and working directory, and opens the home.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for invalid options;
    /// [`ErrorKind::Io`] for a file of variables that cannot be read.
    pub(crate) fn look(
        globals: &GlobalArgs,
        status_timeout: Option<Duration>,
    ) -> Result<Surroundings> {
        // An option is passed as a variable that wins, so that both are read by the same rules.
        let home = globals
            .home
            .iter()
            .map(|home| ("ATK_HOME".into(), home.into()));
        let registry = globals
            .registry
            .iter()
            .map(|url| ("ATK_REGISTRY_URL".into(), url.into()));
        let vars = std::env::vars_os().chain(home).chain(registry);
        let (home, mut options) = Options::from_vars(vars, std::env::current_dir().ok())?;
        if globals.no_wait {
            options.lock = LockWait::Fail;
        }
        options.offline = globals.offline;
        options.atk = own_program();
        options.status_timeout = status_timeout.unwrap_or(options.status_timeout);
        Ok(Surroundings {
            home: Home::open(home, options)?,
            answers: answers(globals, std::env::var_os("ATK_TRUST"))?,
        })
    }
}

/// The path of this program, as the user calls it: on the `PATH` it may be a link, which stays where it
/// is when a package manager replaces its target. None if this is not the program but a language that
/// includes it.
fn own_program() -> Option<PathBuf> {
    let exe = std::env::current_exe().ok()?;
    let called = std::env::args_os().next()?;
    let name = Path::new(&called).file_name()?;
    let own = exe.canonicalize().ok();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .filter(|dir| dir.is_absolute())
        .map(|dir| dir.join(name))
        .find(|candidate| own.is_some() && candidate.canonicalize().ok() == own);
    on_path.or_else(|| (exe.file_name() == Some(name)).then_some(exe))
}

fn answers(globals: &GlobalArgs, trust: Option<OsString>) -> Result<Answers> {
    let mut answers = Answers::default();
    answers.yes = globals.yes;
    answers.trust = globals.trust.clone();
    let trust = trust.unwrap_or_default();
    let trust = trust.to_string_lossy();
    let prefixes = trust.split(|c: char| c == ',' || c.is_whitespace());
    let prefixes = prefixes.filter(|prefix| !prefix.is_empty());
    answers.trust.extend(prefixes.map(str::to_owned));
    for file in &globals.env_file {
        let bytes = match file.as_os_str() == "-" {
            true => read_all(&mut std::io::stdin().lock()),
            false => std::fs::read(file),
        };
        let bytes =
            bytes.map_err(|cause| Error::io("cannot read the variables in", file, cause))?;
        answers
            .add_env_file(&bytes)
            .map_err(|error| error.with_path(file))?;
    }
    for pair in &globals.env {
        let (name, value) = name_and_value(pair)?;
        answers.env.insert(name.to_owned(), value);
    }
    Ok(answers)
}

fn read_all(input: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Splits `NAME=VALUE`. For a `NAME` alone the value is taken from the environment, so that it shows
/// neither in a list of processes nor in the history of a shell.
fn name_and_value(pair: &str) -> Result<(&str, String)> {
    let name = match pair.split_once('=') {
        Some((name, value)) if !name.is_empty() => return Ok((name, value.to_owned())),
        None if !pair.is_empty() => pair,
        Some(_) | None => return Err(invalid("`--env` expects `NAME` or `NAME=VALUE`")),
    };
    match std::env::var(name) {
        Ok(value) => Ok((name, value)),
        Err(std::env::VarError::NotPresent) => Err(invalid(&format!(
            "`--env NAME` reads the value from the environment, but {} is not set",
            shown(name)
        ))
        .with_help("export it first, or pass --env NAME=VALUE")),
        Err(std::env::VarError::NotUnicode(_)) => Err(invalid(&format!(
            "`--env NAME` reads the value from the environment, but {} is not UTF-8",
            shown(name)
        ))),
    }
}

/// Returns the name in backticks if it looks like the name of a variable. Anything else may be a
/// secret value whose name was forgotten, so it is not printed.
fn shown(name: &str) -> String {
    let is_usual = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    match name.bytes().all(is_usual) {
        true => format!("`{name}`"),
        false => "the variable".to_owned(),
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    fn answers_of(words: &[&str], trust: &str) -> Answers {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let globals = args::parse(&words).unwrap().globals;
        answers(&globals, Some(trust.into())).unwrap()
    }

    #[test]
    fn trust_comes_from_options_and_from_the_environment() {
        let answers = answers_of(&["atk", "list", "--trust", "a/"], "b/, c/ \n*,");
        assert_eq!(answers.trust, ["a/", "b/", "c/", "*"]);
    }

    #[test]
    fn an_option_wins_over_a_file_in_any_order() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("vars");
        std::fs::write(&file, "A=file\nB='file too'\n").unwrap();
        let path = file.to_str().unwrap();
        let words = ["atk", "--env", "A=option", "list", "--env-file", path];
        let values: Vec<_> = answers_of(&words, "").env.into_values().collect();
        assert_eq!(values, ["option", "file too"]);
    }

    #[test]
    fn a_value_may_contain_any_text_and_the_last_one_wins() {
        let words = [
            "atk", "list", "--env", "A=1", "--env", "A=x=y z", "--env", "B=",
        ];
        let values: Vec<_> = answers_of(&words, "").env.into_iter().collect();
        let expected = [("A", "x=y z"), ("B", "")];
        assert_eq!(
            values,
            expected.map(|(name, value)| (name.into(), value.into()))
        );
    }
}
