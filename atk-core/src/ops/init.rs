//! `init`: a new home.

use crate::error::Result;
use crate::home::{self, ExistingFiles, NewHome};
use crate::model::gitignore::{self, Gitignore};
use crate::model::manifest::{Manifest, ManifestText};
use crate::model::source::SourceKind;
use crate::outcome::Initialized;
use crate::steps::context::Context;

pub(crate) fn run(context: &Context<'_>, adopt: bool) -> Result<Initialized> {
    // 1. A manifest that is there already is kept, if the caller wants that.
    let found = match adopt {
        true => home::find(&context.session.home)?,
        false => ExistingFiles::default(),
    };
    let new = ManifestText::new();
    let gitignore = gitignore(&found)?;
    let content = NewHome {
        manifest: found.manifest.is_none().then(|| new.text()),
        gitignore: &gitignore,
    };

    // 2. Repository, files and first commit.
    let created = home::create(
        &context.session.home,
        content,
        &context.access(),
        context.session.options.checkpoint.clone(),
        context.session.options.lock,
        context.scope(),
    )?;
    Ok(Initialized {
        home: context.session.home.to_path_buf(),
        created,
        warnings: Vec::new(),
    })
}

/// The `.gitignore`: that of a new home, or the one that is there with ATK's lines in order; the
/// local plugins of the manifest are tracked.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`](crate::ErrorKind::HomeInvalid) if the manifest cannot be read.
fn gitignore(found: &ExistingFiles) -> Result<Vec<u8>> {
    let text = found.gitignore.as_deref();
    let mut gitignore = Gitignore::parse(text.unwrap_or(gitignore::INITIAL.as_bytes()));
    if let Some(manifest) = &found.manifest {
        for entry in &Manifest::parse(manifest)?.plugins {
            if entry.source.kind == SourceKind::Local {
                gitignore.add_local(&entry.directory);
            }
        }
        gitignore.put_right();
    }
    Ok(gitignore.to_bytes())
}
