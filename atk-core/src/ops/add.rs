//! `add`: a plugin comes into the home, whole or not at all.

use crate::error::Result;
use crate::host::Phase;
use crate::model::name::PluginDir;
use crate::model::source::Source;
use crate::outcome::{Added, At};
use crate::steps::context::Context;
use crate::steps::new_plugin::{NewPlugin, refuse_known, refuse_same_repository};
use crate::steps::source::announced;
use crate::steps::{addition, each_plugin, fetched_source};
use crate::text::escape;

pub(crate) fn run(context: &Context<'_>, typed: &str, at: &At) -> Result<Added> {
    let ask = context.ask();

    // 1. Resolve what was typed, and bring its files to staging, checked on their way.
    let source = announced(context, typed)?;
    let home = context.home()?;
    let manifest = home.manifest_file(None)?;
    match &source {
        Source::Registry { name, .. } => {
            refuse_known(manifest.manifest(), &PluginDir::from_display_name(name)?)?;
        }
        Source::Git { url, subdir, .. } => {
            refuse_same_repository(manifest.manifest(), url, subdir.as_ref())?;
        }
        Source::Local { .. } => {}
    }
    let staging = home.staging()?;
    let dest = staging.path().join("plugin");
    context.step(None, Phase::Fetching, "fetching");
    let obtained = fetched_source::obtain(context, Some(&home), &source, at, &dest)?;

    // 2. Check the definition, and 3. that its place is free.
    context.step(None, Phase::Checking, "checking");
    let candidate = NewPlugin::new(context, &home, obtained)?;
    candidate.refuse_taken(&home, manifest.manifest())?;
    let plugin = (&candidate.directory, candidate.definition.name.as_str());
    each_plugin::alone(context, plugin, || {
        let message = format!("Add plugin '{}'", escape(&candidate.name));
        addition::add(
            context,
            &ask,
            (&home, manifest),
            &candidate,
            ("add", &message),
        )
    })
}
