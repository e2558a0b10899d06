//! A handle on a home: one method an operation.

use std::sync::Arc;

use atk_support::open;
use serde_json::{Map, Value};

use crate::cancel::CancelToken;
use crate::error::AtkError;
use crate::host::Host;
use crate::operation::run;
use crate::options::{Answers, Options};
use crate::records::{
    Added, CacheReport, Fetched, Found, Initialized, InstalledLine, Listed, McpServer, PlannedLine,
    Ran, RanLine, Readme, Removed, Report, ScriptEnded, SetUpLine, Source, StatusReport,
    UpgradedLine,
};

/// A handle on a home. Opening one reads nothing.
///
/// An operation runs on a thread of its own, where it calls the host. Dropping its future, as
/// cancelling a coroutine does, cancels it; `wait_idle` waits until the home is as before.
#[derive(uniffi::Object)]
pub struct Home(atk_core::Home);

#[uniffi::export]
impl Home {
    /// Opens the home at a path; without one it is where the environment says (`ATK_HOME`, else
    /// `~/.atk`).
    #[uniffi::constructor(default(path = None, options = None))]
    pub fn new(path: Option<String>, options: Option<Options>) -> Result<Arc<Self>, AtkError> {
        let changes = options.unwrap_or_default().settings()?;
        Ok(Arc::new(Home(open(path.map(Into::into), changes)?)))
    }

    /// The home's path.
    pub fn path(&self) -> String {
        self.0.path().to_string_lossy().into_owned()
    }

    /// Creates the home: layout, repository, first commit. A valid home is left as it is. With
    /// `adopt`, also of a directory that has a manifest, but is not a git repository.
    #[uniffi::method(default(host = None, cancel = None, adopt = false))]
    pub async fn init(
        &self,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
        adopt: bool,
    ) -> Result<Initialized, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("adopt".into(), adopt.into());
        run(&self.0, "init", request, host, cancel).await
    }

    /// Says what a typed source means: a path, a git URL, or a registry name.
    pub async fn resolve(&self, source: String) -> Result<Source, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("source".into(), source.into());
        run(&self.0, "resolve", request, None, None).await
    }

    /// Brings a source's plugin files into a directory, which must not exist or be empty. Without a pin
    /// it is the newest commit.
    #[uniffi::method(default(at = None, host = None, cancel = None))]
    pub async fn fetch(
        &self,
        source: String,
        dest: String,
        at: Option<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Fetched, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("source".into(), source.into());
        request.insert("dest".into(), dest.into());
        request.insert("at".into(), at.into());
        run(&self.0, "fetch", request, host, cancel).await
    }

    /// Adds a plugin from the registry, from a git repository, or from a directory.
    #[uniffi::method(default(answers = None, at = None, host = None, cancel = None))]
    pub async fn add(
        &self,
        source: String,
        answers: Option<Answers>,
        at: Option<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Added, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("source".into(), source.into());
        answers.unwrap_or_default().put(&mut request);
        request.insert("at".into(), at.into());
        run(&self.0, "add", request, host, cancel).await
    }

    /// Asks for the variables of a plugin, or of all, and writes their `.env` files.
    #[uniffi::method(default(plugin = None, answers = None, host = None, cancel = None))]
    pub async fn setup(
        &self,
        plugin: Option<String>,
        answers: Option<Answers>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<SetUpLine>, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        answers.unwrap_or_default().put(&mut request);
        let report: Report<SetUpLine> = run(&self.0, "setup", request, host, cancel).await?;
        Ok(report.plugins)
    }

    /// Brings the files of a plugin, or of all, to their pins, and runs the install commands.
    #[uniffi::method(default(plugin = None, answers = None, host = None, cancel = None))]
    pub async fn install(
        &self,
        plugin: Option<String>,
        answers: Option<Answers>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<InstalledLine>, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        answers.unwrap_or_default().put(&mut request);
        let report: Report<InstalledLine> = run(&self.0, "install", request, host, cancel).await?;
        Ok(report.plugins)
    }

    /// Says what an upgrade of a plugin, or of all, would change.
    #[uniffi::method(default(plugin = None, host = None, cancel = None))]
    pub async fn plan_upgrade(
        &self,
        plugin: Option<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<PlannedLine>, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        let report: Report<PlannedLine> =
            run(&self.0, "plan_upgrade", request, host, cancel).await?;
        Ok(report.plugins)
    }

    /// Brings a plugin, or all, to the newest commits of their sources.
    #[uniffi::method(default(plugin = None, answers = None, host = None, cancel = None))]
    pub async fn upgrade(
        &self,
        plugin: Option<String>,
        answers: Option<Answers>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<UpgradedLine>, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        answers.unwrap_or_default().put(&mut request);
        let report: Report<UpgradedLine> = run(&self.0, "upgrade", request, host, cancel).await?;
        Ok(report.plugins)
    }

    /// Removes a plugin with all its files.
    #[uniffi::method(default(answers = None, force = false, ignore_failures = false, host = None, cancel = None))]
    pub async fn uninstall(
        &self,
        plugin: String,
        answers: Option<Answers>,
        force: bool,
        ignore_failures: bool,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Removed, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        answers.unwrap_or_default().put(&mut request);
        request.insert("force".into(), force.into());
        request.insert("ignore_failures".into(), ignore_failures.into());
        run(&self.0, "remove", request, host, cancel).await
    }

    /// The same as `uninstall`; cleans up a directory that belongs to no plugin, too.
    #[uniffi::method(default(answers = None, force = false, ignore_failures = false, host = None, cancel = None))]
    pub async fn remove(
        &self,
        plugin: String,
        answers: Option<Answers>,
        force: bool,
        ignore_failures: bool,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Removed, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        answers.unwrap_or_default().put(&mut request);
        request.insert("force".into(), force.into());
        request.insert("ignore_failures".into(), ignore_failures.into());
        run(&self.0, "remove", request, host, cancel).await
    }

    /// Starts the service of a plugin, or of all.
    #[uniffi::method(default(plugin = None, host = None, cancel = None))]
    pub async fn start(
        &self,
        plugin: Option<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<RanLine>, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        let report: Report<RanLine> = run(&self.0, "start", request, host, cancel).await?;
        Ok(report.plugins)
    }

    /// Stops the service of a plugin, or of all.
    #[uniffi::method(default(plugin = None, host = None, cancel = None))]
    pub async fn stop(
        &self,
        plugin: Option<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<RanLine>, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        let report: Report<RanLine> = run(&self.0, "stop", request, host, cancel).await?;
        Ok(report.plugins)
    }

    /// Stops and starts the service of a plugin, or of all.
    #[uniffi::method(default(plugin = None, host = None, cancel = None))]
    pub async fn restart(
        &self,
        plugin: Option<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<RanLine>, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        let report: Report<RanLine> = run(&self.0, "restart", request, host, cancel).await?;
        Ok(report.plugins)
    }

    /// Returns of a plugin, or of all, what runs, which ports are in use, which variables are
    /// unset; and the state of the home's repository.
    #[uniffi::method(default(plugin = None, host = None, cancel = None))]
    pub async fn status(
        &self,
        plugin: Option<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<StatusReport, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        run(&self.0, "status", request, host, cancel).await
    }

    /// Shows what the service of a plugin has logged, as output events.
    #[uniffi::method(default(host = None, cancel = None))]
    pub async fn logs(
        &self,
        plugin: String,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Ran, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        run(&self.0, "logs", request, host, cancel).await
    }

    /// Runs a script of a plugin.
    #[uniffi::method(default(host = None, cancel = None))]
    pub async fn run(
        &self,
        plugin: String,
        script: String,
        args: Vec<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<ScriptEnded, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        request.insert("script".into(), script.into());
        request.insert("args".into(), args.into());
        run(&self.0, "run", request, host, cancel).await
    }

    /// Runs git in the home.
    #[uniffi::method(default(host = None, cancel = None))]
    pub async fn git(
        &self,
        args: Vec<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<ScriptEnded, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("args".into(), args.into());
        run(&self.0, "git", request, host, cancel).await
    }

    /// The plugins of the manifest.
    pub async fn list(&self) -> Result<Vec<Listed>, AtkError> {
        run(&self.0, "list", Map::new(), None, None).await
    }

    /// The plugins of the registry, those that match where there is a query.
    #[uniffi::method(default(query = None, host = None, cancel = None))]
    pub async fn search(
        &self,
        query: Option<String>,
        host: Option<Arc<dyn Host>>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<Found>, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("query".into(), query.into());
        run(&self.0, "search", request, host, cancel).await
    }

    /// The configuration of a plugin's MCP server.
    pub async fn mcp(&self, plugin: String) -> Result<McpServer, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        run(&self.0, "mcp", request, None, None).await
    }

    /// The README of a plugin.
    pub async fn readme(&self, plugin: String) -> Result<Readme, AtkError> {
        let mut request = Map::<String, Value>::new();
        request.insert("plugin".into(), plugin.into());
        run(&self.0, "readme", request, None, None).await
    }

    /// What the object cache holds.
    pub async fn cache(&self) -> Result<CacheReport, AtkError> {
        run(&self.0, "cache", Map::new(), None, None).await
    }

    /// Empties the object cache; returns what it held.
    pub async fn clear_cache(&self) -> Result<CacheReport, AtkError> {
        run(&self.0, "clear_cache", Map::new(), None, None).await
    }
}
