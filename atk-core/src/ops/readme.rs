//! The `README.md` of a plugin.

use crate::error::Result;
use crate::home::HomePath;
use crate::outcome::Readme;
use crate::outcome::select::installed;
use crate::steps::context::Context;

/// How much of it is given, in bytes.
const LONGEST: usize = 1 << 20;

pub(crate) fn run(context: &Context<'_>, plugin: &str) -> Result<Readme> {
    let home = context.home()?;
    let manifest = home.manifest()?;
    let entry = installed(&manifest, plugin)?;
    let path = HomePath::plugin(&entry.directory).join("README.md")?;
    let bytes = home.read(&path)?;
    Ok(Readme {
        name: entry.name.clone(),
        text: bytes.map(|bytes| {
            let shown = bytes.get(..LONGEST).unwrap_or(&bytes);
            String::from_utf8_lossy(shown).into_owned()
        }),
    })
}
