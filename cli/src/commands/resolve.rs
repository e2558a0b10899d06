//! `atk resolve`.

use atk_core::Result;
use clap::Args;

use super::Context;
use crate::render;

/// Show how ATK reads a source, without fetching it.
///
/// A source is the first of these that fits: a text that looks like a path (`./tool`, `~/tool`,
/// `/srv/tool`); a path that exists; a git URL (`https://`, `http://`, `ssh://`, `file://`,
/// `git@host:path`, `host:path`, `host.tld/path`); a registry of
/// the home and a plugin of it (`team/openmemory`); the name of a plugin in a registry.
#[derive(Args)]
#[command(after_help = "\
Examples:
  atk resolve openmemory
  atk resolve github.com/org/tool")]
pub(crate) struct Resolve {
    /// A registry name, a git URL or a path
    source: String,
}

impl Resolve {
    pub(super) fn run(self, context: Context<'_>) -> Result<u8> {
        let source = context.home.resolve(&self.source)?;
        context
            .output
            .outcome(&source, |source| render::resolve(source, &self.source))?;
        Ok(0)
    }
}
