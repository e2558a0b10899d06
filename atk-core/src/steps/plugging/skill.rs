//! The skill of a plugin: its `SKILL.md`, and the files beside it that the plugin ships.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::agents::skills::{CleanFiles, SkillDefinition};
use crate::error::Result;
use crate::fetch::StagedTree;
use crate::home::{FileKind, HomeDir, HomePath};
use crate::model::manifest::Entry;
use crate::model::name::PluginDir;
use crate::model::owned::CUSTOM;
use crate::model::pin::Pin;
use crate::model::source::SourceKind;

const DEFINITION: &str = "SKILL.md";

/// The directories beside `SKILL.md` that the specification of skills names.
const DIRECTORIES: [&str; 3] = ["scripts", "references", "assets"];

/// The skill of a plugin.
pub(crate) struct PluginSkill {
    pub(crate) directory: PluginDir,
    /// The pin of the plugin; none for a local one.
    pub(crate) pin: Option<String>,
    pub(crate) files: CleanFiles,
    /// The digest of a copy of them.
    pub(crate) digest: String,
}

/// What a plugin has of a skill.
pub(crate) enum SkillOfPlugin {
    None,
    /// Its `SKILL.md` does not follow the specification: agents would not load it.
    Invalid(String),
    Valid(Box<PluginSkill>),
}

impl SkillOfPlugin {
    /// Reads the skill of an installed plugin.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io); those of the home's repository.
    pub(crate) fn read(home: &HomeDir, plugin: &Entry) -> Result<SkillOfPlugin> {
        let directory = &plugin.directory;
        let bytes = match home.read(&HomePath::plugin(directory).join(DEFINITION)?) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(SkillOfPlugin::None),
            Err(error) => return Ok(SkillOfPlugin::Invalid(error.to_string())),
        };
        let root = home.plugin_dir(directory);
        let files = || {
            let files = shipped(home, plugin)?;
            Ok(CleanFiles::of(&root, files))
        };
        SkillOfPlugin::of(&bytes, directory, plugin.source.pin.as_ref(), files)
    }

    /// Reads the skill of a version that is not in place yet.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub(crate) fn of_tree(
        tree: &StagedTree,
        directory: &PluginDir,
        pin: &Pin,
    ) -> Result<SkillOfPlugin> {
        let Ok(bytes) = std::fs::read(tree.dir.join(DEFINITION)) else {
            return Ok(SkillOfPlugin::None);
        };
        let files = tree.files.iter();
        let files = files.map(|file| PathBuf::from(file.path.to_string()));
        let files = || Ok(CleanFiles::of(&tree.dir, files));
        SkillOfPlugin::of(&bytes, directory, Some(pin), files)
    }

    fn of(
        bytes: &[u8],
        directory: &PluginDir,
        pin: Option<&Pin>,
        files: impl FnOnce() -> Result<CleanFiles>,
    ) -> Result<SkillOfPlugin> {
        if let Err(problem) = SkillDefinition::parse(bytes, directory.as_str()) {
            return Ok(SkillOfPlugin::Invalid(problem.to_string()));
        }
        let files = files()?;
        Ok(SkillOfPlugin::Valid(Box::new(PluginSkill {
            directory: directory.clone(),
            pin: pin.map(ToString::to_string),
            digest: files.digest()?,
            files,
        })))
    }

    pub(crate) fn valid(&self) -> Option<&PluginSkill> {
        match self {
            SkillOfPlugin::Valid(skill) => Some(skill),
            SkillOfPlugin::None | SkillOfPlugin::Invalid(_) => None,
        }
    }
}

/// The files that a plugin ships, relative to its directory: those that ATK put there, and of a local
/// plugin those that the home's repository has.
fn shipped(home: &HomeDir, plugin: &Entry) -> Result<Vec<PathBuf>> {
    let files = recorded(home, plugin)?;
    match files.iter().any(|path| path == Path::new(DEFINITION)) {
        true => Ok(files),
        false => Ok(named(&home.plugin_dir(&plugin.directory))),
    }
}

/// The `SKILL.md` files below other directories of a plugin than its own: agents do not get them. Those in
/// `custom/` are the user's.
///
/// # Errors
/// Those of the home's repository.
pub(crate) fn nested(home: &HomeDir, plugin: &Entry) -> Result<Vec<PathBuf>> {
    let mut files = recorded(home, plugin)?;
    files.retain(|path| {
        path.ends_with(DEFINITION)
            && path != Path::new(DEFINITION)
            && !path.starts_with(CUSTOM)
            && home.plugin_dir(&plugin.directory).join(path).is_file()
    });
    files.sort();
    files.dedup();
    Ok(files)
}

/// The files of which it is recorded that the plugin ships them.
fn recorded(home: &HomeDir, plugin: &Entry) -> Result<Vec<PathBuf>> {
    let directory = &plugin.directory;
    let receipt = home.receipt(directory);
    let listed = receipt.into_iter().flat_map(|receipt| receipt.files);
    let mut files: Vec<PathBuf> = listed
        .filter(|file| file.kind != FileKind::Link)
        .map(|file| file.path.into())
        .collect();
    if plugin.source.kind == SourceKind::Local {
        let below = HomePath::plugin(directory);
        let tracked = home.open_repository()?.tracked()?.into_iter();
        files.extend(tracked.filter_map(|path| {
            let inner = path.strip_prefix(below.as_path()).ok()?;
            Some(inner.to_owned())
        }));
    }
    Ok(files)
}

/// What the specification names, if nothing says which files the plugin ships: another tool placed them.
fn named(root: &Path) -> Vec<PathBuf> {
    let directories = DIRECTORIES.iter().flat_map(|directory| {
        let entries = WalkDir::new(root.join(directory)).into_iter().flatten();
        let files = entries.filter(|entry| entry.file_type().is_file());
        files.filter_map(|file| Some(file.path().strip_prefix(root).ok()?.to_owned()))
    });
    [PathBuf::from(DEFINITION)]
        .into_iter()
        .chain(directories)
        .collect()
}
