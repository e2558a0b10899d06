//! The files of the plugin that `validate` was asked about, wherever they are.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::context::Context;
use super::fetched_source::{self, resolved};
use super::object_cache;
use super::source::{announced, classify};
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{Label, TreeFinding, local};
use crate::model::owned::{ANSWERS, CUSTOM, DEFINITIONS, STAMP};
use crate::model::source::{IN_REPOSITORY, Source};
use crate::repository::GitIgnored;
use crate::text::escape;
use crate::validate::PluginFiles;

/// The files, and where they were fetched to.
pub(crate) struct ValidatedFiles {
    pub(crate) files: PluginFiles,
    _fetched: Option<TempDir>,
}

/// Finds the plugin: that of a path, of another source, or the one that the base directory belongs to.
///
/// # Errors
/// [`ErrorKind::SourceNotFound`] if there is no definition; those of fetching.
pub(crate) fn of(context: &Context<'_>, typed: Option<&str>) -> Result<ValidatedFiles> {
    let path = match typed {
        None => above(context)?,
        Some(typed) => match classify(context, typed)? {
            Source::Local { path, .. } => resolved(&path)?,
            Source::Git { .. } => return fetched(context, typed),
            Source::Registry { .. } => {
                return fetched(context, typed).map_err(|error| no_such_path(error, typed));
            }
        },
    };
    Ok(ValidatedFiles {
        files: of_path(context, &path)?,
        _fetched: None,
    })
}

/// What is validated is a path more often than a name in a registry: the error says that it is not one.
fn no_such_path(error: Error, typed: &str) -> Error {
    if error.kind() == ErrorKind::Cancelled {
        return error;
    }
    let typed = escape(typed);
    let message = format!(
        "there is no file or directory `{typed}`, and as a plugin of a registry it cannot be checked: {error}"
    );
    match error.details().help.is_some() {
        true => error.with_message(message),
        false => error
            .with_message(message)
            .with_help("name an existing directory, or a plugin as `atk search` lists it"),
    }
}

fn fetched(context: &Context<'_>, typed: &str) -> Result<ValidatedFiles> {
    let source = announced(context, typed)?;
    let scratch = object_cache::temporary(&context.session.options.env)?;
    let tree = fetched_source::collect(context, &source, &scratch.path().join("plugin"))?;
    Ok(ValidatedFiles {
        files: PluginFiles {
            dir: tree.dir,
            files: tree.files,
            findings: tree.findings,
            label: tree.label,
            whole: true,
            has_overlay: true,
        },
        _fetched: Some(scratch),
    })
}

/// The nearest directory with a plugin, from the base directory upwards. The search ends at the top of
/// a repository.
fn above(context: &Context<'_>) -> Result<PathBuf> {
    let base = context.session.options.base_dir.as_deref().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidArgument,
            "there is no base directory to look for a plugin in",
        )
        .with_help("name the plugin's directory")
    })?;
    for directory in base.ancestors() {
        if has_plugin(directory) {
            return Ok(directory.to_owned());
        }
        if directory.join(".git").symlink_metadata().is_ok() {
            break;
        }
    }
    let shown = escape(&base.to_string_lossy());
    Err(Error::new(
        ErrorKind::SourceNotFound,
        format!("`{shown}` belongs to no plugin: no `plugin.yaml` and no `.atk` was found"),
    )
    .with_path(base)
    .with_help("name the plugin's directory"))
}

fn has_plugin(directory: &Path) -> bool {
    has_definition(directory) || has_definition(&directory.join(IN_REPOSITORY))
}

pub(crate) fn has_definition(directory: &Path) -> bool {
    let exists = |name: &&str| directory.join(name).symlink_metadata().is_ok();
    DEFINITIONS.iter().any(exists)
}

fn of_path(context: &Context<'_>, path: &Path) -> Result<PluginFiles> {
    if path.is_file() {
        return of_file(context, path);
    }
    let tool = path.join(IN_REPOSITORY);
    let dir = if !has_definition(path) && has_definition(&tool) {
        tool
    } else if has_definition(path) {
        path.to_owned()
    } else {
        let shown = escape(&path.to_string_lossy());
        return Err(Error::new(
            ErrorKind::SourceNotFound,
            format!("`{shown}` has no `plugin.yaml`: it is not a plugin"),
        )
        .with_path(path));
    };
    of_directory(context, dir)
}

/// The files of a plugin's directory, a path without links.
///
/// # Errors
/// [`ErrorKind::Io`]; [`ErrorKind::Cancelled`].
pub(crate) fn of_directory(context: &Context<'_>, dir: PathBuf) -> Result<PluginFiles> {
    let limits = context.session.options.limits;
    let rules = GitIgnored::of(&dir);
    let is_ignored = |path: &Path, is_dir| rules.ignore(path, is_dir);
    let (files, mut findings) = local::survey(&dir, limits, &is_ignored, context.scope())?;
    if dir.parent() == Some(&context.session.home.join("plugins")) {
        findings.retain(|finding| !is_of_home(finding));
    }
    Ok(PluginFiles {
        label: Label::Directory(shown(context, &dir)),
        dir,
        files,
        findings,
        whole: true,
        has_overlay: true,
    })
}

/// True for what an installed plugin has beside its own files.
fn is_of_home(finding: &TreeFinding) -> bool {
    [CUSTOM, ANSWERS, STAMP].contains(&finding.path.as_str())
}

/// A definition that is named by itself.
fn of_file(context: &Context<'_>, path: &Path) -> Result<PluginFiles> {
    let name = path.file_name().and_then(|name| name.to_str());
    let (Some(parent), Some(name)) = (path.parent(), name) else {
        return Err(Error::new(ErrorKind::SourceNotFound, "the path has no name").with_path(path));
    };
    if !name.ends_with(".yaml") && !name.ends_with(".yml") {
        let shown = escape(&path.to_string_lossy());
        return Err(Error::new(
            ErrorKind::SourceNotFound,
            format!("`{shown}` is neither a directory nor a `.yaml` file"),
        )
        .with_path(path));
    }
    Ok(PluginFiles {
        dir: parent.to_owned(),
        files: Vec::new(),
        findings: Vec::new(),
        label: Label::File(shown(context, path)),
        whole: false,
        has_overlay: false,
    })
}

/// A path as its author knows it: below the base directory, relative to it.
pub(crate) fn shown(context: &Context<'_>, path: &Path) -> String {
    let base = context.session.options.base_dir.as_deref();
    let base = base.and_then(|base| base.canonicalize().ok());
    let relative = base.and_then(|base| path.strip_prefix(base).ok().map(Path::to_owned));
    relative
        .unwrap_or_else(|| path.to_owned())
        .to_string_lossy()
        .into_owned()
}
