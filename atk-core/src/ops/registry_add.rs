//! `registry_add`: a registry gets a name.

use crate::error::{Error, ErrorKind, Result};
use crate::model::registry::NamedRegistry;
use crate::outcome::RegistryAdded;
use crate::steps::context::Context;
use crate::steps::registry_setting;

pub(crate) fn run(
    context: &Context<'_>,
    name: &str,
    url: &str,
    mirrors: &[String],
) -> Result<RegistryAdded> {
    // 1. Check what was named.
    let mirrors = mirrors.iter().map(String::as_str);
    let registry = NamedRegistry::parse(name, url, mirrors)?;
    if registry.is_at(&context.registry()?) {
        return Err(Error::new(
            ErrorKind::InvalidArgument,
            format!("{} is the default registry already", registry.url),
        )
        .with_help("its name is `default`"));
    }

    // 2. Write it down.
    let home = context.home()?;
    let message = format!("Add registry '{}'", registry.name);
    let commit = ("registry_add", message.as_str());
    let done = registry_setting::change(context, &home, commit, |versions| {
        versions.add_registry(&registry)
    })?;
    Ok(RegistryAdded {
        url: registry.url.as_typed().to_owned(),
        mirrors: registry.mirrors_as_typed(),
        name: registry.name,
        commit: done.commit,
        push: done.push,
        warnings: Vec::new(),
    })
}
