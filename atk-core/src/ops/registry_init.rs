//! `registry_init`: the repository of a new registry.

use crate::error::Result;
use crate::outcome::RegistryInitialized;
use crate::steps::base_dir;
use crate::steps::context::Context;
use crate::steps::registry_dir::INDEX;
use crate::steps::{new_directory, registry_template};

pub(crate) fn run(context: &Context<'_>, directory: &str) -> Result<RegistryInitialized> {
    // 1. A directory that is empty, or that does not exist yet.
    let path = base_dir::absolute(context, Some(directory))?;
    let files = registry_template::files(&path);
    new_directory::check(&path, &files, INDEX)?;

    // 2. The files, then the repository.
    new_directory::write(&path, &files, INDEX)?;
    let repository_created = new_directory::make_repository(&path, &context.access())?;
    Ok(RegistryInitialized {
        path,
        files: files.into_iter().map(|file| file.path).collect(),
        repository_created,
        warnings: Vec::new(),
    })
}
