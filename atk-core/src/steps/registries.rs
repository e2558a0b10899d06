//! The registries that are used: the default one, those that the home's `atk.yaml` names, and those that
//! the options of the handle name. Which one has a plugin is found out here.

use super::configured::Configured;
use super::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::{Fetcher, IndexName, WantedPlugin};
use crate::model::git_url::GitUrl;
use crate::model::registry::RegistryName;
use crate::model::suggest::nearest;
use crate::text::escape;

/// A registry that has a plugin.
pub(crate) struct PluginRegistry {
    pub(crate) url: GitUrl,
    /// False for the default registry.
    pub(crate) is_named: bool,
}

impl PluginRegistry {
    /// The plugin of a name.
    pub(crate) fn wanted(&self, name: &str) -> WantedPlugin {
        let url = self.url.clone();
        let name = IndexName::Exact(name.to_owned());
        match self.is_named {
            true => WantedPlugin::Indexed { url, name },
            false => WantedPlugin::Registry { url, name },
        }
    }
}

/// Finds the registry that a plugin comes from: the one that is named, else the only one that has a plugin
/// of the name. If there is no registry but the default one, no server is asked.
///
/// All are asked even if the first has the plugin: if one of several were preferred, whoever can add to it
/// could take the name of a plugin of another.
///
/// # Errors
/// [`ErrorKind::RegistryNotFound`]; [`ErrorKind::SourceAmbiguous`] if more than one has it;
/// [`ErrorKind::NotInRegistry`] if none has; those of reaching a registry, as it might have it too.
pub(crate) fn of_plugin(
    context: &Context<'_>,
    registry: Option<&RegistryName>,
    name: &str,
) -> Result<PluginRegistry> {
    let default = || {
        Ok(PluginRegistry {
            url: context.registry()?,
            is_named: false,
        })
    };
    if registry.is_some_and(RegistryName::is_default) {
        return default();
    }
    let configured = context.configured()?;
    if let Some(registry) = registry {
        return named(&configured, registry);
    }
    if configured.registries.is_empty() {
        return default();
    }
    let all = configured.each(&context.registry()?);
    let (found, suggested) = looked_up(context, &all, name)?;
    match found.as_slice() {
        [] => Err(in_none(name, suggested)),
        [(registry, url)] => {
            if !registry.is_default() {
                let text = format!("`{}` is in the registry `{registry}`", escape(name));
                context.tell(None, &text);
            }
            Ok(PluginRegistry {
                url: url.clone(),
                is_named: !registry.is_default(),
            })
        }
        several => Err(ambiguous(name, several)),
    }
}

fn named(configured: &Configured, name: &RegistryName) -> Result<PluginRegistry> {
    let mut registries = configured.registries.iter();
    match registries.find(|used| used.registry.name == *name) {
        Some(used) => Ok(PluginRegistry {
            url: used.registry.url.clone(),
            is_named: true,
        }),
        None => Err(not_found(configured, name)),
    }
}

/// The error for a registry that is not configured.
pub(crate) fn not_found(configured: &Configured, name: &RegistryName) -> Error {
    let names = configured.registries.iter();
    let names: Vec<&str> = names.map(|used| used.registry.name.as_str()).collect();
    let error = Error::new(
        ErrorKind::RegistryNotFound,
        format!("there is no registry `{name}`"),
    );
    match nearest(name.as_str(), names.iter().copied()) {
        Some(near) => error.with_help(format!("did you mean `{near}`?")),
        None if names.is_empty() => error.with_help("no registry is named but the default one"),
        None => error.with_help(format!("the registries are: {}", names.join(", "))),
    }
}

/// The registries that have a plugin of the name, and else names that are near to it.
type LookedUp = (Vec<(RegistryName, GitUrl)>, Vec<String>);

fn looked_up(
    context: &Context<'_>,
    all: &[(RegistryName, GitUrl)],
    name: &str,
) -> Result<LookedUp> {
    let engine = context.engine()?;
    let fetcher = Fetcher::new(&engine, context.session.options.limits);
    let urls: Vec<GitUrl> = all.iter().map(|(_, url)| url.clone()).collect();
    let looked = fetcher.each_index(&urls, context.scope(), |index| {
        let is_listed = index.find(name).is_some();
        let near = index.suggest(name).filter(|_| !is_listed);
        Ok((is_listed, near.map(str::to_owned)))
    });
    context.session.cancel.check()?;
    let (mut found, mut suggested) = (Vec::new(), Vec::new());
    for ((registry, url), looked) in all.iter().zip(looked) {
        let ((is_listed, near), _) = looked.map_err(|error| unknown(name, registry, error))?;
        if is_listed {
            found.push((registry.clone(), url.clone()));
        }
        suggested.extend(near.map(|near| format!("`{registry}/{}`", escape(&near))));
    }
    Ok((found, suggested))
}

/// A registry that does not answer might have a plugin of the name.
fn unknown(name: &str, registry: &RegistryName, error: Error) -> Error {
    let name = escape(name);
    let message =
        format!("it is not known whether the registry `{registry}` has `{name}`: {error}");
    error.with_message(message).with_help(format!(
        "name the registry that the plugin is from, as in `{}/{name}`",
        RegistryName::default_registry()
    ))
}

fn in_none(name: &str, suggested: Vec<String>) -> Error {
    let error = Error::new(
        ErrorKind::NotInRegistry,
        format!("no registry has a plugin `{}`", escape(name)),
    )
    .with_plugin(name);
    match suggested.is_empty() {
        true => error,
        false => error.with_help(format!("did you mean {}?", suggested.join(" or "))),
    }
}

fn ambiguous(name: &str, found: &[(RegistryName, GitUrl)]) -> Error {
    let shown = escape(name);
    let listed: Vec<String> = found
        .iter()
        .map(|(registry, url)| format!("`{registry}` ({url})"))
        .collect();
    let choices: Vec<String> = found
        .iter()
        .map(|(registry, _)| format!("`{registry}/{shown}`"))
        .collect();
    Error::new(
        ErrorKind::SourceAmbiguous,
        format!(
            "`{shown}` is in more than one registry: {}",
            listed.join(", ")
        ),
    )
    .with_plugin(name)
    .with_help(format!("name one of them: {}", choices.join(" or ")))
}
