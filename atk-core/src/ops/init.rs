//! `init`: a new home.

use super::Initialized;
use super::context::Context;
use crate::Atk;
use crate::error::Result;
use crate::home::{self, NewHome};
use crate::host::Host;
use crate::model::gitignore;
use crate::model::manifest::ManifestText;

pub(crate) fn run(atk: &Atk, host: &dyn Host) -> Result<Initialized> {
    let context = Context::begin(atk, host, "init", None);
    let manifest = ManifestText::new();
    let content = NewHome {
        manifest: manifest.text(),
        gitignore: gitignore::INITIAL,
    };
    let created = home::create(
        &atk.home,
        content,
        &context.access(),
        atk.options.checkpoint.clone(),
        atk.options.lock,
        context.scope(),
    )?;
    Ok(Initialized {
        home: atk.home.to_path_buf(),
        created,
    })
}
