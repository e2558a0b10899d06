//! The registries that have a name, of the home's `atk.yaml` and of the options of the handle.

use std::collections::BTreeMap;

use super::versions_file;
use crate::error::{Error, ErrorKind, Result};
use crate::home::HomeDir;
use crate::model::git_url::GitUrl;
use crate::model::registry::{NamedRegistry, RegistryName};
use crate::model::versions::Versions;
use crate::repository::GitAccess;
use crate::session::Session;
use crate::text::escape;

/// The registries that have a name, and whether a connection is allowed.
pub(crate) struct Configured {
    pub(crate) registries: Vec<UsedRegistry>,
    pub(crate) offline: bool,
}

/// A registry with a name.
pub(crate) struct UsedRegistry {
    pub(crate) registry: NamedRegistry,
    /// True if `atk.yaml` names it.
    pub(crate) in_home: bool,
}

impl Configured {
    /// Reads the options, and `atk.yaml` if there is a home. An option stands for the registry of the same
    /// name in the home.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an option that cannot be used; [`ErrorKind::HomeInvalid`].
    pub(crate) fn read(session: &Session, access: &GitAccess) -> Result<Self> {
        let options = &session.options;
        let mut registries = Vec::new();
        for (name, urls) in &options.registries {
            registries.push(UsedRegistry {
                registry: of_option(name, urls)?,
                in_home: false,
            });
        }
        let versions = match HomeDir::open(&session.home, access, None) {
            Ok(home) => versions_file::read(&home)?,
            Err(error) if error.kind() == ErrorKind::HomeNotInitialized => Versions::parse(None)?,
            Err(error) => return Err(error),
        };
        for registry in versions.registries() {
            let is_same = |used: &UsedRegistry| used.registry.name == registry.name;
            if !registries.iter().any(is_same) {
                registries.push(UsedRegistry {
                    registry: registry.clone(),
                    in_home: true,
                });
            }
        }
        registries.sort_by(|one, other| one.registry.name.cmp(&other.registry.name));
        Ok(Configured {
            registries,
            offline: options.offline || versions.offline(),
        })
    }

    /// Each registry once, the default one first. One that the default registry is too goes by the name of
    /// the default one.
    pub(crate) fn each(&self, default: &GitUrl) -> Vec<(RegistryName, GitUrl)> {
        let mut all = vec![(RegistryName::default_registry(), default.clone())];
        for used in &self.registries {
            let registry = &used.registry;
            if !all.iter().any(|(_, url)| registry.is_at(url)) {
                all.push((registry.name.clone(), registry.url.clone()));
            }
        }
        all
    }

    /// The mirrors of the registries, by the canonical URLs of the registries.
    pub(crate) fn mirrors(&self) -> BTreeMap<String, Vec<GitUrl>> {
        let registries = self.registries.iter().map(|used| &used.registry);
        let with_mirrors = registries.filter(|registry| !registry.mirrors.is_empty());
        with_mirrors
            .map(|registry| (registry.url.canonical(), registry.mirrors.clone()))
            .collect()
    }

    /// True if a repository is that of a registry with a name.
    pub(crate) fn is_named(&self, url: &GitUrl) -> bool {
        self.registries.iter().any(|used| used.registry.is_at(url))
    }
}

fn of_option(name: &str, urls: &[String]) -> Result<NamedRegistry> {
    let mut urls = urls.iter().map(String::as_str);
    let read = match urls.next() {
        Some(url) => NamedRegistry::parse(name, url, urls),
        None => Err(Error::new(ErrorKind::InvalidArgument, "it has no URL")),
    };
    read.map_err(|error| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("the registry `{}` cannot be used: {error}", escape(name)),
        )
    })
}
