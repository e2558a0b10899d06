//! `registry_list`: the registries, and the plugins that came from each.

use crate::error::{ErrorKind, Result};
use crate::model::git_url::GitUrl;
use crate::model::registry::RegistryName;
use crate::outcome::ConfiguredRegistry;
use crate::steps::context::Context;
use crate::steps::registry_setting::plugins_of;

pub(crate) fn run(context: &Context<'_>) -> Result<Vec<ConfiguredRegistry>> {
    let manifest = match context.home() {
        Ok(home) => Some(home.manifest()?),
        Err(error) if error.kind() == ErrorKind::HomeNotInitialized => None,
        Err(error) => return Err(error),
    };
    let plugins = |url: Option<&GitUrl>| {
        let manifest = manifest.as_ref();
        manifest.map_or(Vec::new(), |manifest| plugins_of(manifest, url))
    };
    let default = ConfiguredRegistry {
        name: RegistryName::default_registry(),
        url: context.registry()?.as_typed().to_owned(),
        mirrors: Vec::new(),
        in_home: false,
        plugins: plugins(None),
    };
    let configured = context.configured()?.registries.into_iter();
    let named = configured.map(|used| ConfiguredRegistry {
        url: used.registry.url.as_typed().to_owned(),
        mirrors: used.registry.mirrors_as_typed(),
        in_home: used.in_home,
        plugins: plugins(Some(&used.registry.url)),
        name: used.registry.name,
    });
    Ok(std::iter::once(default).chain(named).collect())
}
