//! What a typed source means.

use std::path::Path;

use super::context::Context;
use super::spelling;
use crate::error::{Error, ErrorKind, Result};
use crate::host::Event;
use crate::model::source::{Source, Surroundings, qualified};
use crate::text::escape;

/// Says what kind of source was typed.
///
/// # Errors
/// [`ErrorKind::SourceInvalid`]; [`ErrorKind::SourceAmbiguous`] for a directory that exists and is spelled
/// like a plugin of a registry with a name.
pub(crate) fn classify(context: &Context<'_>, typed: &str) -> Result<Source> {
    let surroundings = Surroundings {
        base_dir: context.session.options.base_dir.as_deref(),
        user_home: context.session.options.user_home.as_deref(),
        exists: &|path: &Path| spelling::spelled(path).is_some(),
    };
    let source = Source::classify(typed, &surroundings)?;
    if matches!(source, Source::Local { bare: true, .. }) {
        refuse_ambiguous(context, typed)?;
    }
    Ok(source)
}

/// Neither of two meanings is preferred: a directory that a repository brings could take the name of a
/// plugin.
fn refuse_ambiguous(context: &Context<'_>, typed: &str) -> Result<()> {
    let Some((registry, _)) = qualified(typed) else {
        return Ok(());
    };
    let configured = context.configured()?;
    let mut registries = configured.registries.iter();
    let Some(used) = registries.find(|used| used.registry.name == registry) else {
        return Ok(());
    };
    let typed = escape(typed);
    Err(Error::new(
        ErrorKind::SourceAmbiguous,
        format!(
            "`{typed}` is a path that exists and a name in the registry `{registry}` ({})",
            used.registry.url
        ),
    )
    .with_help(format!(
        "write `./{typed}` for the path, or name the plugin in another working directory"
    )))
}

/// The same, and the host is shown what was understood before anything happens.
pub(crate) fn announced(context: &Context<'_>, typed: &str) -> Result<Source> {
    let source = classify(context, typed)?;
    let description = source.describe_as(typed);
    context.host.event(Event::Resolved { description });
    if matches!(source, Source::Local { bare: true, .. }) {
        let typed = escape(typed);
        let text = format!("`{typed}` was read as the path `./{typed}`, because that path exists");
        context.warn(None, &text);
    }
    Ok(source)
}
