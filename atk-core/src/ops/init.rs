//! `init`: a new home.

use crate::error::{Error, ErrorKind, Result};
use crate::home::{self, ExistingFiles, NewHome};
use crate::model::git_url::redact;
use crate::model::gitignore::{self, Gitignore};
use crate::model::manifest::{Manifest, ManifestText};
use crate::model::source::SourceKind;
use crate::outcome::Initialized;
use crate::steps::clone_home;
use crate::steps::context::Context;

pub(crate) fn run(context: &Context<'_>, adopt: bool, url: &Option<String>) -> Result<Initialized> {
    if let Some(url) = url {
        return clone(context, adopt, url);
    }

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
        cloned_from: None,
        warnings: Vec::new(),
    })
}

/// A home that exists somewhere else is cloned.
fn clone(context: &Context<'_>, adopt: bool, url: &str) -> Result<Initialized> {
    if adopt {
        return Err(Error::new(
            ErrorKind::InvalidArgument,
            "`adopt` and `url` exclude each other: a home is adopted or cloned",
        ));
    }
    let created = clone_home::clone(context, url)?;
    Ok(Initialized {
        home: context.session.home.to_path_buf(),
        created,
        cloned_from: created.then(|| redact(url)),
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
