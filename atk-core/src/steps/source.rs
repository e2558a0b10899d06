//! What a typed source means.

use std::path::Path;

use super::context::Context;
use super::spelling;
use crate::error::Result;
use crate::host::Event;
use crate::model::source::{Source, Surroundings};
use crate::text::escape;

/// Says what kind of source was typed.
pub(crate) fn classify(context: &Context<'_>, typed: &str) -> Result<Source> {
    let surroundings = Surroundings {
        base_dir: context.session.options.base_dir.as_deref(),
        user_home: context.session.options.user_home.as_deref(),
        exists: &|path: &Path| spelling::spelled(path).is_some(),
    };
    Source::classify(typed, &surroundings)
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
