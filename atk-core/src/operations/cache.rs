//! The operations on the object cache: a part of the table.

use super::arguments::Subject;
use super::call::{Argument, ArgumentKind, Callback, Operation, needed};
use super::document::Document;
use crate::error::{ErrorKind, Result};
use crate::handle::Home;
use crate::host::{Host, Silent};
use crate::ops;
use crate::outcome::{CacheExported, CacheFetched, CacheImported, CacheReport, Report, Select};
use crate::steps::context::Context;

operations! {
    const CACHE;

    /// Returns what the object cache holds, and the home's trash: the `.env` files of removed plugins.
    /// It needs no home.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, Options};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// # let home = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
    /// assert_eq!(home.cache()?.bytes, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    cache() -> CacheReport {
        fails HomeInvalid;
        run ops::cache::report;
    }

    /// Empties the object cache, and returns what it and the trash held.
    clear_cache() -> CacheReport {
        options ClearCacheOptions { trash };
        fails HomeInvalid, HomeLocked, HomeNested;
        run ops::cache::clear;
    }

    /// Fetches into the object cache what is missing there of the plugins, each at the commit that the manifest
    /// has for it, so that `install` needs no connection. Neither the home nor a plugin changes. A local plugin
    /// is skipped: its files are in the home.
    ///
    /// If no connection is allowed, it says which plugins are not complete in the cache (`offline`).
    cache_fetch(plugin: OneOrAll) -> Report<CacheFetched> {
        host Events;
        fails HomeNotInitialized, HomeInvalid, PluginNotInstalled, SourceNotFound, NotInRegistry, PinNotFound,
            ContentRefused, RegistryInvalid, InvalidArgument;
        run ops::cache_fetch::run;
    }

    /// Writes everything that the object cache holds into a file, which must not exist: a tar archive of git's
    /// packs, for `cache_import` on a machine without a network. It needs no home.
    ///
    /// The file has what private repositories hold, if the cache does; its mode is 0600. To have in it what one
    /// home needs and nothing else, fetch into a new cache before: `cache_fetch`, with `cache_dir` at an empty
    /// directory.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let dir = scratch.path();
    /// let here = Home::open(dir.join("home"), Options::new(dir.join("cache")))?;
    /// let file = dir.join("cache.tar");
    /// let file = file.to_str().unwrap();
    /// here.cache_export(file, &Silent)?;
    ///
    /// let there = Home::open(dir.join("other"), Options::new(dir.join("other-cache")))?;
    /// assert!(there.cache_import(file, &Silent)?.entries.is_empty(), "nothing was fetched here");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    cache_export(file: Text) -> CacheExported {
        host Events;
        fails InvalidArgument;
        run ops::cache_export::run;
    }

    /// Adds what a file of `cache_export` has to the object cache. It needs no home and no connection.
    ///
    /// Nothing of the file is believed: packs are checked and bounded as if a server had sent them, and each
    /// object is compared with its id when it is used. If the file is cut off or damaged, what came before is
    /// kept. `search` without a connection finds what the file has, if that is newer than what the cache had.
    cache_import(file: Text) -> CacheImported {
        host Events;
        fails InvalidArgument;
        run ops::cache_import::run;
    }
}
