//! What a new plugin is to be.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::new_directory::NewFile;
use super::plugin_template::PluginTemplate;
use super::server_to_import;
use crate::error::{Error, ErrorKind, Result};
use crate::model::folded::fold;
use crate::model::imported_server::ImportedServer;
use crate::model::name::PluginDir;
use crate::model::plugin::{ServiceType, Transport, check_name};
use crate::model::source::IN_REPOSITORY;
use crate::model::suggest::nearest;
use crate::model::yaml::fields::Word;
use crate::outcome::Created;
use crate::text::escape;

/// Files for the author to change, which a bundle may have of its own.
const BEGINNINGS: [&str; 3] = [".gitignore", "README.md", "SKILL.md"];

/// What the caller wants, as it was typed.
pub(crate) struct Wishes<'a> {
    pub(crate) display_name: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) service: Option<&'a str>,
    pub(crate) mcp: Option<&'a str>,
    /// The published server.
    pub(crate) server: Option<&'a str>,
    pub(crate) skill: bool,
}

/// The directory that a plugin at a path is called after.
fn named_directory(path: &Path) -> Option<&Path> {
    match path.ends_with(IN_REPOSITORY) {
        true => path.parent(),
        false => Some(path),
    }
}

/// A plugin that is about to be created.
pub(crate) struct PluginToCreate {
    pub(crate) name: String,
    /// The directory that it gets in a home.
    pub(crate) directory: PluginDir,
    description: String,
    service: Option<ServiceType>,
    server: Option<Transport>,
    imported: Option<ImportedServer>,
    /// The files of the server, if they come in a bundle.
    bundled: Vec<NewFile>,
    skill: bool,
}

impl PluginToCreate {
    /// Reads the options. Without a name, the plugin is called like the server that it starts, else like
    /// the directory, or the repository that has it as `.atk`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`].
    pub(crate) fn new(
        context: &Context<'_>,
        path: Option<&Path>,
        wishes: &Wishes<'_>,
    ) -> Result<Self> {
        let transport = word(wishes.mcp, "mcp")?;
        let service = word(wishes.service, "service")?;
        let read = |named| server_to_import::read(context, named, transport);
        let (imported, bundled) = wishes.server.map(read).transpose()?.unzip();
        let of_server = || {
            let names = &imported.as_ref()?.names;
            names
                .iter()
                .find(|name| directory_of(name).is_ok())
                .cloned()
        };
        let of_path = || Some(named_directory(path?)?.file_name()?.to_str()?.to_owned());
        let given = wishes.display_name.map(str::to_owned);
        let Some(name) = given.or_else(of_server).or_else(of_path) else {
            let message = "the plugin has no name: neither a directory nor a name is given";
            return Err(Error::new(ErrorKind::InvalidArgument, message)
                .with_help("name the directory to create"));
        };
        let directory = directory_of(&name)?;
        let of_server = || imported.as_ref()?.description.clone();
        let description = match wishes.description.map(str::to_owned).or_else(of_server) {
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
            service,
            server: imported
                .as_ref()
                .map(|server| server.mcp.transport)
                .or(transport),
            imported,
            bundled: bundled.unwrap_or_default(),
            skill: wishes.skill,
        })
    }

    /// All files of the plugin, in the order of their names. Those of a bundle come before what is only a
    /// beginning for the author.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if the bundle has a file that the plugin needs for itself.
    pub(crate) fn files(&mut self) -> Result<Vec<NewFile>> {
        let bundled = std::mem::take(&mut self.bundled);
        let mut files = self.template().files();
        let has = |name: &str| bundled.iter().any(|file| fold(&file.path) == fold(name));
        files.retain(|file| !(BEGINNINGS.contains(&file.path.as_str()) && has(&file.path)));
        if let Some(twice) = files.iter().find(|file| has(&file.path)) {
            let message = format!("the bundle has a file `{}` of its own", twice.path);
            return Err(Error::new(ErrorKind::InvalidArgument, message)
                .with_help("unpack the bundle, and write a plugin.yaml for it by hand"));
        }
        files.extend(bundled);
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }

    fn template(&self) -> PluginTemplate<'_> {
        PluginTemplate {
            name: &self.name,
            directory: &self.directory,
            description: &self.description,
            service: self.service,
            server: self.server,
            imported: self.imported.as_ref(),
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
            warnings: self
                .imported
                .map(|server| server.warnings)
                .unwrap_or_default(),
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
