//! What a new plugin is to be.

use std::path::{Path, PathBuf};

use super::plugin_template::PluginTemplate;
use crate::error::{Error, ErrorKind, Result};
use crate::model::name::PluginDir;
use crate::model::plugin::{ServiceType, Transport, check_name};
use crate::model::suggest::nearest;
use crate::model::yaml::fields::Word;
use crate::outcome::Created;
use crate::text::escape;

/// What the caller wants, as it was typed.
pub(crate) struct Wishes<'a> {
    pub(crate) display_name: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) service: Option<&'a str>,
    pub(crate) mcp: Option<&'a str>,
    pub(crate) skill: bool,
}

/// A plugin that is about to be created.
pub(crate) struct PluginToCreate {
    pub(crate) name: String,
    /// The directory that it gets in a home.
    pub(crate) directory: PluginDir,
    description: String,
    service: Option<ServiceType>,
    server: Option<Transport>,
    skill: bool,
}

impl PluginToCreate {
    /// Reads what is wanted. Without a name, the plugin is called like the directory.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`].
    pub(crate) fn new(path: Option<&Path>, wishes: &Wishes<'_>) -> Result<Self> {
        let of_path = || Some(path?.file_name()?.to_str()?.to_owned());
        let Some(name) = wishes.display_name.map(str::to_owned).or_else(of_path) else {
            let message = "the plugin has no name: neither a directory nor a name is given";
            return Err(Error::new(ErrorKind::InvalidArgument, message)
                .with_help("name the directory to create"));
        };
        let directory = directory_of(&name)?;
        let description = match wishes.description {
            Some(description) => description.trim().to_owned(),
            None => format!("What {} does, in one line", name.trim()),
        };
        if description.is_empty() || description.chars().any(char::is_control) {
            let message = "the description must be one line of text";
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        Ok(PluginToCreate {
            name,
            directory,
            description,
            service: word(wishes.service, "service")?,
            server: word(wishes.mcp, "mcp")?,
            skill: wishes.skill,
        })
    }

    pub(crate) fn template(&self) -> PluginTemplate<'_> {
        PluginTemplate {
            name: &self.name,
            directory: &self.directory,
            description: &self.description,
            service: self.service,
            server: self.server,
            skill: self.skill,
        }
    }

    /// What is known of the outcome before anything is written.
    pub(crate) fn created(self) -> Created {
        Created {
            name: self.name,
            directory: self.directory,
            path: PathBuf::new(),
            files: Vec::new(),
            added: None,
            warnings: Vec::new(),
        }
    }
}

/// The directory in a home of a plugin with this name.
fn directory_of(name: &str) -> Result<PluginDir> {
    let refused = |why: &str| {
        let shown: String = name.chars().take(255).collect();
        let message = format!(
            "`{}` cannot be the name of a plugin: it {why}",
            escape(&shown)
        );
        Error::new(ErrorKind::InvalidArgument, message).with_help("give it another name")
    };
    check_name(name).map_err(refused)?;
    PluginDir::from_display_name(name)
        .map_err(|_| refused("needs at least two letters (a to z) or digits"))
}

/// The value of an option that is one of a few words.
fn word<T: Word>(given: Option<&str>, option: &str) -> Result<Option<T>> {
    let Some(given) = given else {
        return Ok(None);
    };
    if let Some(found) = T::ALL.iter().find(|one| one.word() == given) {
        return Ok(Some(*found));
    }
    let words: Vec<_> = T::ALL.iter().map(|one| one.word()).collect();
    let message = format!(
        "`{}` cannot be used for `{option}`: it is one of {}",
        escape(given),
        words.join(", ")
    );
    let error = Error::new(ErrorKind::InvalidArgument, message);
    Err(match nearest(given, words) {
        Some(near) => error.with_help(format!("write `{near}`")),
        None => error,
    })
}
