//! The names of plugins: directories, and the display names that they are made from.

use std::fmt;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};

/// The name of a plugin's directory under `plugins/`: `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, two
/// characters at least, 255 bytes at most.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct PluginDir(String);

/// The form of a directory's name, for JSON Schema.
#[cfg(feature = "schema")]
pub(crate) const PLUGIN_DIR_PATTERN: &str = "^[a-z](?=.)[a-z0-9]*(-[a-z0-9]+)*$";

impl PluginDir {
    /// Takes a directory name as it stands.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it does not have the form.
    pub fn new(name: &str) -> Result<Self> {
        if is_directory_name(name) {
            return Ok(PluginDir(name.to_owned()));
        }
        Err(Error::new(
            ErrorKind::InvalidArgument,
            format!(
                "`{}` is not the name of a plugin directory: it needs lower-case letters, digits \
                 and single hyphens, a letter first, and at least two characters",
                crate::text::escape(name)
            ),
        ))
    }

    /// Makes the directory name of a display name: trim, lower case, runs of spaces and
    /// underscores to `-`, drop what is not `[a-z0-9-]`, collapse and trim hyphens, prefix `a`
    /// where the first character is no letter.
    ///
    /// # Errors
    /// [`ErrorKind::DefinitionInvalid`] if nothing valid is left.
    pub fn from_display_name(name: &str) -> Result<Self> {
        let mut directory = String::with_capacity(name.len());
        for c in name.trim().to_lowercase().chars() {
            match c {
                'a'..='z' | '0'..='9' => directory.push(c),
                ' ' | '_' | '-' if !directory.ends_with('-') => directory.push('-'),
                _ => {}
            }
        }
        let mut directory = directory.trim_matches('-').to_owned();
        if directory.starts_with(|c: char| c.is_ascii_digit()) {
            directory.insert(0, 'a');
        }
        if is_directory_name(&directory) {
            return Ok(PluginDir(directory));
        }
        let why = match directory.len() > 255 {
            true => "it has more than 255 letters and digits",
            false => "it needs at least two letters or digits",
        };
        let shown: String = name.chars().take(255).collect();
        let shown = crate::text::escape(&shown);
        Err(Error::new(
            ErrorKind::DefinitionInvalid,
            format!("the name `{shown}` cannot be made into a directory name: {why}"),
        ))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PluginDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for PluginDir {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

pub(crate) fn is_directory_name(name: &str) -> bool {
    (2..=255).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(is_lower_or_digit))
}

fn is_lower_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_become_directories() {
        let made = |name| PluginDir::from_display_name(name).map(|dir| dir.0).ok();
        assert_eq!(made("OpenMemory").as_deref(), Some("openmemory"));
        assert_eq!(made("  My  Cool_Tool ").as_deref(), Some("my-cool-tool"));
        assert_eq!(made("Dots.and!signs").as_deref(), Some("dotsandsigns"));
        assert_eq!(made("9lives").as_deref(), Some("a9lives"));
        assert_eq!(made("-a--b-").as_deref(), Some("a-b"));
        assert_eq!(made("a ! b").as_deref(), Some("a-b"));
        assert_eq!(made("日本語"), None);
        assert_eq!(made("x"), None);
    }

    #[test]
    fn a_very_long_name_is_shown_in_part() {
        let error = PluginDir::from_display_name(&"x".repeat(900_000)).unwrap_err();
        let said = error.to_string();
        assert!(said.len() < 500 && said.contains("255 letters"), "{said}");
    }

    #[test]
    fn directories_that_could_be_paths_or_options_are_refused() {
        for name in [
            "", "a", "..", "../x", "-x", "A1", "a/b", "a--b", "a-", "9a", "a b", "a\n",
        ] {
            assert!(PluginDir::new(name).is_err(), "{name:?}");
        }
        assert!(PluginDir::new("a9-b").is_ok());
    }
}
