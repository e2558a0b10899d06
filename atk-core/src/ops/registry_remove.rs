//! `registry_remove`: a registry has no name any more.

use crate::error::{Error, ErrorKind, Result};
use crate::model::registry::own_name;
use crate::outcome::RegistryRemoved;
use crate::steps::context::Context;
use crate::steps::registries::not_found;
use crate::steps::{followed, registry_setting};

pub(crate) fn run(context: &Context<'_>, name: &str) -> Result<RegistryRemoved> {
    // 1. Look which one it is, and which plugins came from it.
    let name = own_name(name)?;
    let home = context.home()?;
    let versions = followed::read(&home)?;
    let mut registries = versions.registries().iter();
    let Some(registry) = registries.find(|known| known.name == name) else {
        let configured = context.configured()?;
        let mut registries = configured.registries.iter();
        return Err(match registries.any(|used| used.registry.name == name) {
            true => Error::new(
                ErrorKind::InvalidArgument,
                format!("the registry `{name}` is not named by the home, but by an option"),
            ),
            false => not_found(&configured, &name),
        });
    };
    let plugins = registry_setting::plugins_of(&home.manifest()?, Some(&registry.url));

    // 2. Remove it. What came from it stays.
    let message = format!("Remove registry '{name}'");
    let commit = ("registry_remove", message.as_str());
    let done = registry_setting::change(context, &home, commit, |versions| {
        versions.remove_registry(&name)
    })?;
    if !plugins.is_empty() {
        let listed: Vec<&str> = plugins.iter().map(|plugin| plugin.as_str()).collect();
        let text = format!(
            "the plugins that came from `{name}` stay, and are upgraded from {}: {}",
            registry.url,
            listed.join(", ")
        );
        context.warn(None, &text);
    }
    Ok(RegistryRemoved {
        url: registry.url.as_typed().to_owned(),
        name,
        plugins,
        commit: done.commit,
        push: done.push,
        warnings: Vec::new(),
    })
}
