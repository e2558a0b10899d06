//! Operations and options by name, as JSON: what a binding passes on when its language has a type
//! for JSON and none of ours.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::atk::Atk;
use crate::error::{Error, ErrorKind, Result};
use crate::git::program::GitProgram;
use crate::home::LockWait;
use crate::host::Host;
use crate::model::pin::Pin;
use crate::ops::{
    AddOptions, Answers, At, InitOptions, InstallOptions, RemoveOptions, Select, SetupOptions,
    UpgradeOptions,
};
use crate::options::Options;

/// The arguments of an operation. Each takes what it needs and ignores the rest; see the methods
/// of [`Atk`] for what they mean.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Request {
    /// A path, a git URL, or a registry name.
    pub source: Option<String>,
    /// An absolute path: where a fetch goes.
    pub dest: Option<PathBuf>,
    /// A plugin, by its directory or name; all of them where there is none.
    pub plugin: Option<String>,
    /// A script of the plugin.
    pub script: Option<String>,
    /// What a script, or git, gets.
    pub args: Vec<String>,
    /// What is searched for.
    pub query: Option<String>,
    /// The commit to fetch or add, by its full id.
    pub pin: Option<String>,
    /// Removes without asking.
    pub force: bool,
    /// Removes although the plugin's own command failed, or what is not committed of it could not
    /// be saved.
    pub ignore_failures: bool,
    /// Makes a home of a directory that has a manifest, but is not a git repository.
    pub adopt: bool,
    /// Answers by the ids of their questions.
    pub answers: BTreeMap<String, String>,
    /// Values of variables by name.
    pub env: BTreeMap<String, String>,
    /// Prefixes of the URLs of trusted sources.
    pub trust: Vec<String>,
    /// Yes to every question that is answered by yes or no.
    pub yes: bool,
}

/// Changes of [`Options`]; what is absent stays as it is.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The registry.
    pub registry: Option<String>,
    /// The object cache.
    pub cache_dir: Option<PathBuf>,
    /// What relative paths of sources are relative to.
    pub base_dir: Option<PathBuf>,
    /// What a leading `~` stands for.
    pub user_home: Option<PathBuf>,
    /// The git program, by an absolute path.
    pub git: Option<PathBuf>,
    /// Variables for child processes; null removes one.
    pub env: BTreeMap<String, Option<String>>,
    /// False: fail where another process holds the home's lock.
    pub wait: Option<bool>,
    /// Seconds without a byte after which a transfer ends.
    pub network_timeout: Option<f64>,
    /// The lowest average rate of a transfer, in bytes a second.
    pub network_rate: Option<u64>,
    /// Seconds that the `status` command of a plugin may take.
    pub status_timeout: Option<f64>,
    /// Files and links of a plugin.
    pub max_files: Option<usize>,
    /// Bytes of one file of a plugin.
    pub max_file_bytes: Option<u64>,
    /// Bytes of all files of a plugin.
    pub max_plugin_bytes: Option<u64>,
    /// Bytes of one transfer from a git server, as they come and as they are unpacked.
    pub max_transfer_bytes: Option<u64>,
    /// Bytes of the object cache.
    pub cache_limit: Option<u64>,
}

impl Settings {
    /// Makes the changes.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a time that is none.
    pub fn apply(self, options: &mut Options) -> Result<()> {
        if let Some(timeout) = self.network_timeout {
            options.network_timeout = seconds(timeout)?;
        }
        if let Some(timeout) = self.status_timeout {
            options.status_timeout = seconds(timeout)?;
        }
        options.registry = self
            .registry
            .unwrap_or(std::mem::take(&mut options.registry));
        options.cache_dir = self
            .cache_dir
            .unwrap_or(std::mem::take(&mut options.cache_dir));
        options.base_dir = self.base_dir.or(options.base_dir.take());
        options.user_home = self.user_home.or(options.user_home.take());
        if let Some(program) = self.git {
            options.git = GitProgram::At(program);
        }
        for (name, value) in self.env {
            match value {
                Some(value) => options.env.insert(name.into(), value.into()),
                None => options.env.remove(&OsString::from(name)),
            };
        }
        if let Some(wait) = self.wait {
            options.lock = if wait { LockWait::Wait } else { LockWait::Fail };
        }
        let limits = &mut options.limits;
        limits.files = self.max_files.unwrap_or(limits.files);
        limits.file_bytes = self.max_file_bytes.unwrap_or(limits.file_bytes);
        limits.plugin_bytes = self.max_plugin_bytes.unwrap_or(limits.plugin_bytes);
        limits.transfer_bytes = self.max_transfer_bytes.unwrap_or(limits.transfer_bytes);
        options.network_rate = self.network_rate.unwrap_or(options.network_rate);
        options.cache_limit = self.cache_limit.unwrap_or(options.cache_limit);
        Ok(())
    }
}

fn seconds(number: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(number).map_err(|cause| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("`{number}` is not a number of seconds"),
        )
        .with_cause(cause)
    })
}

/// The names of the operations that [`Atk::call`] knows.
pub const OPERATIONS: &[&str] = &[
    "init",
    "resolve",
    "fetch",
    "add",
    "setup",
    "install",
    "plan_upgrade",
    "upgrade",
    "uninstall",
    "remove",
    "start",
    "stop",
    "restart",
    "status",
    "logs",
    "run",
    "git",
    "list",
    "search",
    "mcp",
    "readme",
    "cache",
    "clear_cache",
];

impl Atk {
    /// Runs an operation by its name. The outcome is the document that its method's outcome
    /// serializes to.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a name that is none, and for a missing argument; those
    /// of the operation.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Atk, Options, Request, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let atk = Atk::open(scratch.path().join("home"), Options::new(scratch.path().join("cache")))?;
    /// let request: Request = serde_json::from_str(r#"{"source": "github.com/org/tool"}"#)?;
    /// let outcome = atk.call("resolve", request, &Silent)?;
    /// assert_eq!(outcome["type"], "git");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn call(&self, operation: &str, request: Request, host: &dyn Host) -> Result<Value> {
        let args = Args(request);
        let this = self.with_answers(&args.answers());
        match operation {
            "init" => value(&self.init_with(&args.init(), host)?),
            "resolve" => value(&self.resolve(args.source()?)?),
            "fetch" => {
                let source = self.resolve(args.source()?)?;
                value(&self.fetch(&source, &args.at()?, args.dest()?, host)?)
            }
            "add" => value(&self.add(args.source()?, &args.add()?, host)?),
            "setup" => {
                let answers = args.answers();
                value(&self.setup(&args.select(), &SetupOptions { answers }, host)?)
            }
            "install" => {
                let answers = args.answers();
                value(&self.install(&args.select(), &InstallOptions { answers }, host)?)
            }
            "plan_upgrade" => value(&self.plan_upgrade(&args.select(), host)?),
            "upgrade" => {
                let answers = args.answers();
                value(&self.upgrade(&args.select(), &UpgradeOptions { answers }, host)?)
            }
            "uninstall" => value(&self.uninstall(args.plugin()?, &args.remove(), host)?),
            "remove" => value(&self.remove(args.plugin()?, &args.remove(), host)?),
            "start" => value(&this.start(&args.select(), host)?),
            "stop" => value(&this.stop(&args.select(), host)?),
            "restart" => value(&this.restart(&args.select(), host)?),
            "status" => value(&this.status(&args.select(), host)?),
            "logs" => value(&this.logs(args.plugin()?, host)?),
            "run" => {
                let words = args.words();
                value(&this.run(args.plugin()?, args.script()?, &words, host)?)
            }
            "git" => value(&self.git(&args.words(), host)?),
            "list" => value(&self.list()?),
            "search" => value(&self.search(args.0.query.as_deref(), host)?),
            "mcp" => value(&self.mcp(args.plugin()?)?),
            "readme" => value(&self.readme(args.plugin()?)?),
            "cache" => value(&self.cache()?),
            "clear_cache" => value(&self.clear_cache()?),
            _ => Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("`{}` is not an operation", crate::text::escape(operation)),
            )),
        }
    }
}

fn value(outcome: &impl Serialize) -> Result<Value> {
    serde_json::to_value(outcome).map_err(|cause| {
        Error::new(ErrorKind::Internal, "the outcome is no JSON").with_cause(cause)
    })
}

/// A request whose arguments are asked for one by one.
struct Args(Request);

impl Args {
    fn source(&self) -> Result<&str> {
        needed(self.0.source.as_deref(), "source")
    }

    fn plugin(&self) -> Result<&str> {
        needed(self.0.plugin.as_deref(), "plugin")
    }

    fn script(&self) -> Result<&str> {
        needed(self.0.script.as_deref(), "script")
    }

    fn dest(&self) -> Result<&std::path::Path> {
        needed(self.0.dest.as_deref(), "dest")
    }

    fn words(&self) -> Vec<OsString> {
        self.0.args.iter().map(OsString::from).collect()
    }

    fn select(&self) -> Select {
        let plugin = self.0.plugin.clone();
        plugin.map_or(Select::All, Select::One)
    }

    fn at(&self) -> Result<At> {
        let pin = self.0.pin.as_deref().map(Pin::new).transpose()?;
        Ok(pin.map_or(At::Latest, At::Pin))
    }

    fn init(&self) -> InitOptions {
        InitOptions {
            adopt: self.0.adopt,
        }
    }

    fn add(&self) -> Result<AddOptions> {
        Ok(AddOptions {
            answers: self.answers(),
            at: self.at()?,
        })
    }

    fn remove(&self) -> RemoveOptions {
        RemoveOptions {
            answers: self.answers(),
            force: self.0.force,
            ignore_failures: self.0.ignore_failures,
        }
    }

    fn answers(&self) -> Answers {
        Answers {
            by_id: self.0.answers.clone(),
            env: self.0.env.clone(),
            trust: self.0.trust.clone(),
            yes: self.0.yes,
        }
    }
}

fn needed<'a, T: ?Sized>(argument: Option<&'a T>, name: &str) -> Result<&'a T> {
    argument.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("the argument `{name}` is missing"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Silent;

    #[test]
    fn every_listed_operation_is_known_and_no_other_is() {
        let scratch = tempfile::tempdir().unwrap();
        let options = Options::new(scratch.path().join("cache"));
        let atk = Atk::open(scratch.path().join("home"), options).unwrap();
        let not_known = |operation: &str| {
            let called = atk.call(operation, Request::default(), &Silent);
            called.is_err_and(|error| error.to_string().ends_with("is not an operation"))
        };
        for operation in OPERATIONS
            .iter()
            .filter(|operation| **operation != "search")
        {
            assert!(!not_known(operation), "{operation}");
        }
        assert!(not_known("frobnicate"));
    }

    #[test]
    fn settings_change_what_they_name() {
        let mut options = Options::new("/cache");
        options.env.insert("A".into(), "1".into());
        let settings = r#"{"registry": "/r", "env": {"A": null, "B": "2"}, "wait": false, "network_timeout": 0.5, "status_timeout": 2, "max_files": 7}"#;
        let settings: Settings = serde_json::from_str(settings).unwrap();
        settings.apply(&mut options).unwrap();
        assert_eq!(options.registry, "/r");
        assert_eq!(options.cache_dir, PathBuf::from("/cache"));
        assert_eq!(options.env.len(), 1);
        assert_eq!(options.network_timeout, Duration::from_millis(500));
        assert_eq!(options.status_timeout, Duration::from_secs(2));
        assert_eq!((options.limits.files, options.lock), (7, LockWait::Fail));
        assert!(serde_json::from_str::<Settings>(r#"{"regsitry": ""}"#).is_err());
    }
}
