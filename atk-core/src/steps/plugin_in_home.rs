//! A new plugin that is created in the home.

use super::context::Context;
use super::new_directory::{self, NewFile};
use super::new_plugin::NewPlugin;
use super::plugin_to_create::PluginToCreate;
use super::{addition, each_plugin, fetched_source};
use crate::error::{Error, ErrorKind, Result};
use crate::host::Phase;
use crate::model::source::Source;
use crate::outcome::{Added, At};
use crate::text::escape;

/// Checks that a directory that was named is the one that the plugin gets.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`].
pub(crate) fn check_directory(named: Option<&str>, plugin: &PluginToCreate) -> Result<()> {
    let directory = plugin.directory.as_str();
    let is_name = |named: &str| named == directory || named == plugin.name;
    let Some(named) = named.filter(|named| !is_name(named)) else {
        return Ok(());
    };
    let message = format!(
        "`{}` is not the directory of the plugin in the home: that is `{directory}`, after its name",
        escape(named)
    );
    Err(Error::new(ErrorKind::InvalidArgument, message)
        .with_help("leave the directory out, or name it like the plugin"))
}

/// Adds a plugin with these files, as `add` does with those of a directory.
pub(crate) fn add(context: &Context<'_>, files: &[NewFile]) -> Result<Added> {
    let home = context.home()?;
    let manifest = home.manifest_file(None)?;
    let staging = home.staging()?;
    let made = staging.path().join("made");
    new_directory::write_all(&made, files)?;
    context.step(None, Phase::Checking, "checking");
    let source = Source::Local {
        path: made,
        bare: false,
    };
    let dest = staging.path().join("plugin");
    let obtained = fetched_source::obtain(context, Some(&home), &source, &At::Latest, &dest)?;
    let candidate = NewPlugin::new(context, &home, obtained)?;
    candidate.refuse_taken(&home, manifest.manifest())?;
    let plugin = (&candidate.directory, candidate.definition.name.as_str());
    each_plugin::alone(context, plugin, || {
        let message = format!("Add plugin '{}'", escape(&candidate.name));
        let home = (&home, manifest);
        addition::add(
            context,
            &context.ask(),
            home,
            &candidate,
            ("create", &message),
        )
    })
}
