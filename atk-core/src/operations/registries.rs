//! The operations on the registries that a home uses: a part of the table.

use super::arguments::Subject;
use super::call::{Argument, ArgumentKind, Callback, Operation, needed};
use super::document::Document;
use crate::error::{ErrorKind, Result};
use crate::handle::Home;
use crate::host::{Host, Silent};
use crate::ops;
use crate::outcome::{ConfiguredRegistry, RegistryAdded, RegistryRemoved};
use crate::steps::context::Context;

operations! {
    const REGISTRIES;

    /// Names a registry in the home's `atk.yaml`, and commits. Its plugins are then found by `search`, and
    /// added as `<registry>/<plugin>`, or by their names if no other registry has a plugin of the name. No
    /// server is asked.
    ///
    /// Mirrors have the same repository. They are tried in order if the server of the registry does not
    /// answer: its name is not found, the connection is refused or breaks, it is too slow, or it reports an
    /// internal error. A server that refuses (401, 403, 404, 429, a certificate that is not trusted) has
    /// answered. A mirror that refuses, or has not what is wanted, is passed over. A warning names the mirror
    /// that was used, and the manifest keeps the URL of the registry. Objects are checked by their ids; which
    /// commit is the newest is asked of mirrors only for what is not installed yet, so that no mirror can
    /// move a plugin to another commit.
    ///
    /// The name has lower-case letters, digits and single hyphens; `default` is the name of the default
    /// registry. The URL is that of a git repository, or the absolute path of one.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, InitOptions, Options, RegistryAddOptions, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let home = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
    /// # home.init(&InitOptions::default(), &Silent)?;
    /// let url = "https://git.example.com/tools/registry.git";
    /// home.registry_add("team", url, &RegistryAddOptions::default(), &Silent)?;
    /// let registries = home.registry_list()?;
    /// assert_eq!(registries[0].name.as_str(), "default");
    /// assert_eq!(registries[1].url, url);
    ///
    /// let removed = home.registry_remove("team", &Silent)?;
    /// assert!(removed.plugins.is_empty(), "no plugin came from it");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    registry_add(registry: Text, url: Text) -> RegistryAdded {
        options RegistryAddOptions { mirrors };
        host Events;
        fails InvalidArgument, SourceInvalid, HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested,
            HomeInProgress;
        run ops::registry_add::run;
    }

    /// Removes a registry from the home's `atk.yaml`, and commits. The plugins that came from it stay, and
    /// are upgraded from its repository as before; only if the registry moves a plugin to another directory
    /// of the repository, an upgrade no longer finds it. They are in the outcome.
    registry_remove(registry: Text) -> RegistryRemoved {
        host Events;
        fails RegistryNotFound, InvalidArgument, HomeNotInitialized, HomeInvalid, HomeLocked, HomeNested,
            HomeInProgress;
        run ops::registry_remove::run;
    }

    /// Returns the registries, the default one first, then those of the home's `atk.yaml` and of the options
    /// of the handle, by their names. Without a home, there are only those of the options. No server is asked.
    registry_list() -> Vec<ConfiguredRegistry> {
        fails InvalidArgument, HomeInvalid;
        run ops::registry_list::run;
    }
}
