//! What every operation starts with: the surroundings put to use, the home, its lock.

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use super::answers::Ask;
use super::configured::Configured;
use super::object_cache::ObjectCache;
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::bounds::Bounds;
use crate::fetching::commit_date::CommitDates;
use crate::fetching::engine::{Engine, EngineSettings};
use crate::home::{HomeDir, HomePath, LockWait, LockedHome};
use crate::host::{Event, Host, Level, Phase, Scope, Stdio};
use crate::lifecycle;
use crate::model::conflict::Conflict;
use crate::model::git_url::GitUrl;
use crate::outcome::Answers;
use crate::outcome::warnings::{Outcome, Warnings};
use crate::repository::GitAccess;
use crate::session::Session;
use crate::text::escape;

/// A running operation.
pub(crate) struct Context<'a> {
    pub(crate) session: &'a Session,
    pub(crate) host: &'a dyn Host,
    operation: &'static str,
    /// What the caller answered beforehand.
    answers: Answers,
    env: Arc<BTreeMap<OsString, OsString>>,
    report: Box<dyn Fn(Event) + 'a>,
    /// What the host was warned of.
    warnings: Rc<Warnings>,
    /// What has been said and need not be said again.
    warned: Mutex<BTreeSet<String>>,
    /// Where objects are kept, once something is fetched.
    cache: OnceCell<ObjectCache>,
    pub(crate) commit_dates: CommitDates,
    /// True once the host was told that HEAD is detached.
    told_detached: Cell<bool>,
}

impl<'a> Context<'a> {
    /// Begins an operation. The host hears of it, and of its end when this is dropped.
    pub(crate) fn begin(
        session: &'a Session,
        host: &'a dyn Host,
        operation: &'static str,
        subject: Option<&str>,
    ) -> Self {
        host.event(Event::OperationStarted {
            operation: operation.to_owned(),
            subject: subject.map(str::to_owned),
        });
        let warnings = Rc::<Warnings>::default();
        let kept = Rc::clone(&warnings);
        let report = Box::new(move |event| {
            kept.keep(&event);
            host.event(event);
        });
        let env = Arc::new(session.options.env.clone());
        Context {
            session,
            host,
            operation,
            answers: Answers::default(),
            env,
            report,
            warnings,
            warned: Mutex::default(),
            cache: OnceCell::new(),
            commit_dates: CommitDates::default(),
            told_detached: Cell::new(false),
        }
    }

    /// The same operation, with answers to its questions.
    pub(crate) fn answered_by(mut self, answers: &Answers) -> Self {
        self.answers = answers.clone();
        self
    }

    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope {
            cancel: &self.session.cancel,
            report: &*self.report,
        }
    }

    /// Where the answers to questions come from.
    pub(crate) fn ask(&self) -> Ask<'_> {
        Ask {
            answers: &self.answers,
            host: self.host,
            cancel: &self.session.cancel,
        }
    }

    /// Tells the host what comes next.
    pub(crate) fn step(&self, plugin: Option<&str>, phase: Phase, description: impl Into<String>) {
        self.host.event(Event::Step {
            plugin: plugin.map(str::to_owned),
            phase,
            description: description.into(),
        });
    }

    /// Tells the host of something that a person wants to know.
    pub(crate) fn tell(&self, plugin: Option<&str>, text: &str) {
        self.say(Level::Info, plugin, text);
    }

    /// Tells the host of something that is not as it should be.
    pub(crate) fn warn(&self, plugin: Option<&str>, text: &str) {
        self.say(Level::Warning, plugin, text);
    }

    /// Warns of something that several steps of the operation may meet.
    pub(crate) fn warn_once(&self, plugin: Option<&str>, text: &str) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.insert(text.to_owned()) {
            drop(warned);
            self.warn(plugin, text);
        }
    }

    /// True the first time: that HEAD is detached is worth one warning in an operation.
    pub(crate) fn is_first_detached(&self) -> bool {
        !self.told_detached.replace(true)
    }

    /// Adds what the host was warned of to the outcome.
    pub(crate) fn complete<T: Outcome>(&self, outcome: Result<T>) -> Result<T> {
        let mut outcome = outcome?;
        outcome.add_warnings(self.warnings.take());
        Ok(outcome)
    }

    fn say(&self, level: Level, plugin: Option<&str>, text: &str) {
        (self.report)(Event::Message {
            level,
            plugin: plugin.map(str::to_owned),
            text: text.to_owned(),
        });
    }

    /// The home, with nothing left in it by an interrupted operation.
    pub(crate) fn home(&self) -> Result<HomeDir> {
        let options = &self.session.options;
        let home = HomeDir::open(
            &self.session.home,
            &self.access(),
            options.checkpoint.clone(),
        )?;
        home.recover_if_interrupted(self.operation, self.scope())?;
        Ok(home)
    }

    /// The tokens of the operations that started this process, if a lifecycle command did.
    pub(crate) fn nested(&self) -> Option<&str> {
        let tokens = self.session.options.env.get(OsStr::new(lifecycle::NESTED));
        tokens.and_then(|tokens| tokens.to_str())
    }

    /// Takes the home's lock for the rest of the operation.
    pub(crate) fn lock<'l>(&'l self, home: &'l HomeDir) -> Result<LockedHome<'l>> {
        let options = &self.session.options;
        let locked = home.lock(self.operation, options.lock, self.nested(), self.scope())?;
        locked.repository().check_settled()?;
        self.check_gitignore(home)?;
        Ok(locked)
    }

    /// Takes the home's lock if no other operation has it.
    pub(crate) fn try_lock<'l>(&'l self, home: &'l HomeDir) -> Result<LockedHome<'l>> {
        home.lock(self.operation, LockWait::Fail, self.nested(), self.scope())
    }

    /// Warns of a merge that is not resolved in `.gitignore`. Its lines count all the same, but
    /// those that one side removed are back.
    fn check_gitignore(&self, home: &HomeDir) -> Result<()> {
        let bytes = home.read(&HomePath::gitignore())?.unwrap_or_default();
        if let Some(conflict) = Conflict::find(&String::from_utf8_lossy(&bytes)) {
            self.warn(
                None,
                &format!(
                    "`.gitignore` has conflict markers of a git merge in line {}; delete the \
                     lines that start with `<<<<<<<`, `=======` and `>>>>>>>`",
                    conflict.line
                ),
            );
        }
        Ok(())
    }

    /// The git program, if there is one, and its environment: for the home's repository.
    pub(crate) fn access(&self) -> GitAccess {
        GitAccess::new(self.session.options.git.find(&self.env).ok(), self.env())
    }

    /// The engine that fetches.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if nothing says where the download cache is; those of
    /// [`Context::configured`].
    pub(crate) fn engine(&self) -> Result<Engine> {
        let options = &self.session.options;
        let cache = self.cache()?;
        let configured = self.configured()?;
        Ok(Engine::new(EngineSettings {
            offline: configured.offline,
            mirrors: configured.mirrors(),
            program: options.git.clone(),
            env: self.env(),
            cache_dir: cache.path().to_owned(),
            bounds: self.bounds(),
            cache_limit: options.cache_limit,
            interactive: self.host.stdio() == Stdio::Inherit,
        }))
    }

    /// What a server may cost.
    pub(crate) fn bounds(&self) -> Bounds {
        let options = &self.session.options;
        Bounds {
            transfer: options.limits.transfer_bytes,
            blob: options.limits.file_bytes,
            timeout: options.network_timeout,
            rate: options.network_rate,
            memory: Arc::default(),
        }
    }

    fn cache(&self) -> Result<&ObjectCache> {
        if let Some(cache) = self.cache.get() {
            return Ok(cache);
        }
        let (cache, warning) = ObjectCache::at(&self.session.options.cache_dir, &self.env)?;
        if let Some(warning) = warning {
            self.warn(None, &warning);
        }
        Ok(self.cache.get_or_init(|| cache))
    }

    /// The directory of the object cache, which keeps what is fetched.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if nothing says where it is; [`ErrorKind::Io`] if it cannot be written.
    pub(crate) fn kept_cache(&self) -> Result<&Path> {
        match self.cache()? {
            ObjectCache::Shared(path) => Ok(path),
            ObjectCache::Temporary(_) => {
                let path = &self.session.options.cache_dir;
                let shown = escape(&path.to_string_lossy());
                let message = format!("the download cache `{shown}` cannot be written");
                Err(Error::new(ErrorKind::Io, message).with_path(path))
            }
        }
    }

    /// The registries that have a name, and whether a connection is allowed.
    ///
    /// # Errors
    /// Those of [`Configured::read`].
    pub(crate) fn configured(&self) -> Result<Configured> {
        Configured::read(self.session, &self.access())
    }

    /// The environment of child processes.
    pub(crate) fn env(&self) -> Arc<BTreeMap<OsString, OsString>> {
        Arc::clone(&self.env)
    }

    /// The registry's URL.
    pub(crate) fn registry(&self) -> Result<GitUrl> {
        let registry = &self.session.options.registry;
        let url = if registry.starts_with('/') {
            GitUrl::of_path(registry)
        } else {
            GitUrl::parse(registry)
        };
        url.map_err(|error| {
            Error::new(
                ErrorKind::InvalidArgument,
                format!("the registry cannot be used: {error}"),
            )
        })
    }
}

impl Drop for Context<'_> {
    fn drop(&mut self) {
        self.host.event(Event::OperationFinished {
            operation: self.operation.to_owned(),
        });
    }
}
