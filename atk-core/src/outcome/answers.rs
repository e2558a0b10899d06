//! Answers given before an operation asks.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};
use crate::model::env::EnvFile;

/// Answers given in advance; ATK asks the host only for the others.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Answers {
    /// By the id of the question (`env:github:TOKEN`, `trust:github`); `yes` and `no` for those
    /// that want it.
    pub by_id: BTreeMap<String, String>,
    /// Values of variables, by name.
    pub env: BTreeMap<String, String>,
    /// URL prefixes of the sources that are trusted, compared on canonical URLs
    /// (`github.com/my-org/`); `*` for all.
    pub trust: Vec<String>,
    /// Yes to every question that is answered by yes or no.
    pub yes: bool,
}

impl std::fmt::Debug for Answers {
    /// Shows no values: they may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers")
            .field("yes", &self.yes)
            .finish_non_exhaustive()
    }
}

impl Answers {
    /// Adds the values of a file in the format of `.env`, read as a plugin's `.env` is. They
    /// replace what [`Answers::env`] holds under the same names.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is not UTF-8. The message shows nothing of it.
    pub fn add_env_file(&mut self, bytes: &[u8]) -> Result<()> {
        let file = EnvFile::parse(bytes).map_err(|error| {
            Error::new(ErrorKind::InvalidArgument, "the env file is not UTF-8").with_cause(error)
        })?;
        self.env.extend(file.iter());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_from_a_file_as_a_plugin_s_own_are() {
        let mut answers = Answers::default();
        answers.env.insert("A".into(), "old".into());
        answers
            .add_env_file(b"# comment\nexport A='new one'\nB=${A}!\nC\n")
            .unwrap();
        let values: Vec<_> = answers.env.iter().collect();
        let expected = [("A", "new one"), ("B", "new one!")].map(|(a, b)| (a.into(), b.into()));
        assert_eq!(
            values,
            expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>()
        );
        let error = answers.add_env_file(b"D=secret\xff").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(!format!("{error:?}").contains("secret"));
    }
}
