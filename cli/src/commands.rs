//! What each command does: one call of the library, and its outcome in words.

use atk_core::{
    AddOptions, Answers, At, Error, FetchOptions, Home, InitOptions, InstallOptions, LineResult,
    LogsOptions, Pin, RemoveOptions, Report, RestartOptions, Result, RunOptions, SetupOptions,
    StartOptions, StatusOptions, StopOptions, UpgradeOptions,
};
use serde::Serialize;

use crate::args::{self, CacheAction, Command};
use crate::output::Output;
use crate::render;
use crate::terminal::Terminal;

/// A command about to be run.
pub(crate) struct Run<'a> {
    pub(crate) home: Home,
    pub(crate) answers: Answers,
    pub(crate) output: &'a Output,
}

impl Run<'_> {
    /// Runs it. The exit status is that of a done operation, unless a batch has failures or a
    /// program of the user's decides.
    ///
    /// # Errors
    /// Those of the library.
    pub(crate) fn run(self, command: Command) -> Result<u8> {
        let host = match command {
            Command::Logs { .. } | Command::Run(_) | Command::Git { .. } => {
                Terminal::passing_streams(self.output)
            }
            Command::Status(_) => Terminal::hiding_streams(self.output),
            _ => Terminal::new(self.output),
        };
        let Run {
            home,
            answers,
            output,
        } = self;
        match command {
            Command::Init(init) => {
                let mut options = InitOptions::default();
                options.adopt = init.adopt;
                output.outcome(&home.init(&options, &host)?, render::init)?;
            }
            Command::Add(add) => {
                let mut options = AddOptions::default();
                options.answers = answers;
                options.at = at(add.at.as_deref())?;
                let outcome = home.add(&add.source, &options, &host)?;
                host.late_warnings(&outcome.warnings);
                host.push(outcome.push.as_ref());
                output.outcome(&outcome, render::add)?;
            }
            Command::Setup(which) => {
                let mut options = SetupOptions::default();
                options.answers = answers;
                let report = home.setup(&which.select(), &options, &host)?;
                return reported(output, &report, render::setup);
            }
            Command::Install(which) => {
                let mut options = InstallOptions::default();
                options.answers = answers;
                let report = home.install(&which.select(), &options, &host)?;
                return reported(output, &report, render::install);
            }
            Command::Upgrade(upgrade) if upgrade.dry_run => {
                let report = home.plan_upgrade(&upgrade.which.select(), &host)?;
                return reported(output, &report, render::plans);
            }
            Command::Upgrade(upgrade) => {
                let mut options = UpgradeOptions::default();
                options.answers = answers;
                let report = home.upgrade(&upgrade.which.select(), &options, &host)?;
                for line in &report.plugins {
                    if let LineResult::Done { outcome } = &line.result {
                        host.push(outcome.push.as_ref());
                    }
                }
                return reported(output, &report, render::upgrade);
            }
            Command::Uninstall(remove) | Command::Remove(remove) => {
                let outcome = home.remove(&remove.plugin, &removing(answers, &remove), &host)?;
                host.push(outcome.push.as_ref());
                output.outcome(&outcome, render::remove)?;
            }
            Command::Start(which) => {
                let mut options = StartOptions::default();
                options.answers = answers;
                let report = home.start(&which.select(), &options, &host)?;
                return reported(output, &report, |report| render::ran(report, "started"));
            }
            Command::Stop(which) => {
                let mut options = StopOptions::default();
                options.answers = answers;
                let report = home.stop(&which.select(), &options, &host)?;
                return reported(output, &report, |report| render::ran(report, "stopped"));
            }
            Command::Restart(which) => {
                let mut options = RestartOptions::default();
                options.answers = answers;
                let report = home.restart(&which.select(), &options, &host)?;
                return reported(output, &report, |report| render::ran(report, "restarted"));
            }
            Command::Status(status) => {
                let mut options = StatusOptions::default();
                options.answers = answers;
                let report = home.status(&status.which.select(), &options, &host)?;
                let now = std::time::SystemTime::now();
                output.outcome(&report, |report| render::status(report, now))?;
                return Ok(u8::from(!report.is_success()));
            }
            Command::Logs { plugin } => {
                let mut options = LogsOptions::default();
                options.answers = answers;
                let outcome = home.logs(&plugin, &options, &host)?;
                output.outcome(&outcome, |_| String::new())?;
            }
            Command::Run(run) => {
                let (script, args) = run.split();
                let mut options = RunOptions::default();
                options.answers = answers;
                let ended = home.run(&run.plugin, &script, args, &options, &host)?;
                output.outcome(&ended, |_| String::new())?;
                return Ok(status(ended.exit_code));
            }
            Command::Git { args } => {
                let ended = home.git(&args, &host)?;
                output.outcome(&ended, |_| String::new())?;
                return Ok(status(ended.exit_code));
            }
            Command::Search { query } => {
                let found = home.search(query.as_deref(), &host)?;
                output.outcome(&found, |found| render::search(found))?;
            }
            Command::Mcp { plugin } => {
                let server = home.mcp(&plugin)?;
                host.late_warnings(&server.warnings);
                host.late_warnings(&render::unset(&server));
                // Ready for an agent's or editor's file, whichever way it is asked for.
                output.outcome(&render::mcp_document(&server), render::mcp)?;
            }
            Command::Help { topic } => return help(&home, output, &host, topic.as_deref()),
            Command::List => output.outcome(&home.list()?, |plugins| render::list(plugins))?,
            Command::Resolve { source } => output.outcome(&home.resolve(&source)?, |resolved| {
                render::resolve(resolved, &source)
            })?,
            Command::Fetch(fetch) => {
                let mut options = FetchOptions::default();
                options.at = at(fetch.at.as_deref())?;
                let dest = std::path::absolute(&fetch.dest)
                    .map_err(|cause| Error::io("cannot use the directory", &fetch.dest, cause))?;
                let outcome = home.fetch(&fetch.source, &dest, &options, &host)?;
                host.late_warnings(&outcome.warnings);
                output.outcome(&outcome, render::fetch)?;
            }
            Command::Cache { action: None } => output.outcome(&home.cache()?, |report| {
                render::cache(report, std::time::SystemTime::now())
            })?,
            Command::Cache {
                action: Some(CacheAction::Clear),
            } => output.outcome(&home.clear_cache()?, render::cleared)?,
            Command::Completions { .. } | Command::Man { .. } => {}
        }
        Ok(0)
    }
}

/// Writes a report. Where something in it failed, the exit status says so.
fn reported<T: Serialize>(
    output: &Output,
    report: &Report<T>,
    human: impl FnOnce(&Report<T>) -> String,
) -> Result<u8> {
    output.outcome(report, human)?;
    Ok(match report.is_success() {
        true => 0,
        false => 1,
    })
}

/// The help of a command, else the README of a plugin.
fn help(home: &Home, output: &Output, host: &Terminal<'_>, topic: Option<&str>) -> Result<u8> {
    let mut line = args::command();
    // Without this a subcommand does not know its program: "Usage: upgrade".
    line.build();
    let command = match topic {
        None => Some(&mut line),
        Some(topic) => line.find_subcommand_mut(topic),
    };
    if let Some(command) = command {
        output.text(&command.render_long_help().ansi().to_string())?;
        return Ok(0);
    }
    let readme = home.readme(topic.unwrap_or_default())?;
    if readme.text.is_none() {
        let name = &readme.name;
        host.late_warnings(&[format!("the plugin `{name}` has no `README.md`")]);
    }
    output.outcome(&readme, |readme| render::readme(readme, output.renders()))?;
    Ok(0)
}

fn removing(answers: Answers, remove: &args::Remove) -> RemoveOptions {
    let mut options = RemoveOptions::default();
    options.answers = answers;
    options.force = remove.force;
    options.ignore_failures = remove.ignore_failures;
    options
}

fn at(commit: Option<&str>) -> Result<At> {
    match commit {
        Some(commit) => Pin::new(commit).map(At::Pin),
        None => Ok(At::Latest),
    }
}

/// The exit status of a program of the user's.
fn status(code: i32) -> u8 {
    u8::try_from(code & 0xff).unwrap_or(1)
}
