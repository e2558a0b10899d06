//! What the commit of a new local plugin will have and looks like a secret.

use super::context::Context;
use super::unsaved_files::NAMED;
use crate::error::Result;
use crate::home::{HomePath, LockedHome};
use crate::model::name::PluginDir;
use crate::model::secret_text;
use crate::text::escape;

/// Names in warnings the secrets in files that the commit will have. The plugin's files are in place.
///
/// # Errors
/// Those of [`Repository::unsaved`](crate::repository::Repository::unsaved);
/// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
pub(crate) fn warn(
    context: &Context<'_>,
    locked: &LockedHome<'_>,
    plugin: &PluginDir,
) -> Result<()> {
    let cancel = &context.session.cancel;
    let place = HomePath::plugin(plugin).as_path().to_owned();
    let files = locked.repository().unsaved(&[place], cancel)?.changed;
    let mut found = Vec::new();
    for path in files {
        cancel.check()?;
        let read = HomePath::new(&path).and_then(|path| locked.home().read(&path));
        // A link has no text. What cannot be read fails the commit, with its reason.
        let Ok(Some(content)) = read else {
            continue;
        };
        let shown = escape(&path.to_string_lossy());
        let secrets = secret_text::find(&content).into_iter();
        found.extend(secrets.map(|secret| {
            let (line, column) = (secret.line, secret.column);
            format!("`{shown}:{line}:{column}` (looks like {})", secret.what)
        }));
    }
    if found.is_empty() {
        return Ok(());
    }
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    if more > 0 {
        found.push(format!("{more} more"));
    }
    let text = format!(
        "the home's repository will have what looks like secrets: {}; keep secrets in `.env`, and before \
         a push take them out of the history too",
        found.join(", ")
    );
    context.warn(Some(plugin.as_str()), &text);
    Ok(())
}
