//! What the library is told of its surroundings: the environment, the working directory, and the
//! options that every command takes.

use std::ffi::OsString;

use atk_core::{Answers, Atk, Error, ErrorKind, LockWait, Options, Result};

use crate::args::Everywhere;

/// The library, opened on the home that was asked for, and the answers given beforehand.
pub(crate) struct Surroundings {
    pub(crate) atk: Atk,
    pub(crate) answers: Answers,
}

impl Surroundings {
    /// Looks at this process's environment and working directory.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for options that cannot be used.
    pub(crate) fn look(everywhere: &Everywhere) -> Result<Surroundings> {
        // An option is a variable that wins, so that both are read by the same rules.
        let home = everywhere
            .home
            .iter()
            .map(|home| ("ATK_HOME".into(), home.into()));
        let registry = everywhere
            .registry
            .iter()
            .map(|url| ("ATK_REGISTRY_URL".into(), url.into()));
        let vars = std::env::vars_os().chain(home).chain(registry);
        let (home, mut options) = Options::from_vars(vars, std::env::current_dir().ok())?;
        if everywhere.no_wait {
            options.lock = LockWait::Fail;
        }
        Ok(Surroundings {
            atk: Atk::open(home, options)?,
            answers: answers(everywhere, std::env::var_os("ATK_TRUST"))?,
        })
    }
}

fn answers(everywhere: &Everywhere, trust: Option<OsString>) -> Result<Answers> {
    let mut answers = Answers::default();
    answers.yes = everywhere.yes;
    answers.trust = everywhere.trust.clone();
    let trust = trust.unwrap_or_default();
    let listed = trust
        .to_str()
        .unwrap_or_default()
        .split([',', ' ', '\n', '\t']);
    answers.trust.extend(
        listed
            .filter(|prefix| !prefix.is_empty())
            .map(str::to_owned),
    );
    for pair in &everywhere.env {
        // The pair is not shown: without its `=` it may be all secret.
        let (name, value) = pair
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidArgument,
                    "a value of `--env` is not `NAME=VALUE`",
                )
            })?;
        answers.env.insert(name.to_owned(), value.to_owned());
    }
    Ok(answers)
}
