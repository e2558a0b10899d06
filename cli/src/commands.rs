//! The commands: a file for each, with its arguments and its function, which calls the library once
//! and prints the outcome through `render`.

mod add;
mod agents;
mod bootstrap;
mod cache;
mod completions;
mod create;
mod doctor;
mod exec;
mod fetch;
mod git;
mod help;
mod history;
mod hold;
mod init;
mod install;
mod list;
mod logs;
mod man;
mod mcp;
mod outdated;
mod plug;
mod plugins_document;
mod plugs;
mod registry;
mod remove;
mod repair;
mod resolve;
mod restart;
mod run;
mod schema;
mod search;
mod setup;
mod show;
mod start;
mod status;
mod stop;
mod undo;
mod unplug;
mod upgrade;
mod validate;
mod verify;
mod watch;

use std::time::Duration;

use atk_core::{Answers, CancelToken, Home, Report, Result};
use clap::Subcommand;
use serde::Serialize;

use crate::output::Output;
use crate::render;

/// The commands, in the order of the help.
#[derive(Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Home(HomeCommand),
    #[command(flatten)]
    Program(ProgramCommand),
}

/// The commands that call the library.
#[derive(Subcommand)]
pub(crate) enum HomeCommand {
    Init(init::Init),
    Bootstrap(bootstrap::Bootstrap),
    Add(add::Add),
    Setup(setup::Setup),
    Install(install::Install),
    Upgrade(upgrade::Upgrade),
    Outdated(outdated::Outdated),
    Verify(verify::Verify),
    Repair(repair::Repair),
    Doctor(doctor::Doctor),
    History(history::History),
    Undo(undo::Undo),
    Hold(hold::Hold),
    Unhold(hold::Unhold),
    Uninstall(remove::Uninstall),
    Remove(remove::Remove),
    Start(start::Start),
    Stop(stop::Stop),
    Restart(restart::Restart),
    Status(status::Status),
    Logs(logs::Logs),
    Run(run::Run),
    Exec(exec::Exec),
    Search(search::Search),
    Mcp(mcp::Mcp),
    Agents(agents::Agents),
    Plug(plug::Plug),
    Unplug(unplug::Unplug),
    Plugs(plugs::Plugs),
    Help(help::Help),
    Git(git::Git),
    List(list::List),
    Show(show::Show),
    Watch(watch::Watch),
    Resolve(resolve::Resolve),
    Fetch(fetch::Fetch),
    Create(create::Create),
    Validate(validate::Validate),
    Schema(schema::Schema),
    Registry(registry::Registry),
    Cache(cache::Cache),
}

/// The commands that describe the program itself: they need neither a home nor an environment.
#[derive(Subcommand)]
pub(crate) enum ProgramCommand {
    Completions(completions::Completions),
    Man(man::Man),
}

/// What a command works with.
pub(crate) struct Context<'a> {
    pub(crate) home: Home,
    pub(crate) answers: Answers,
    pub(crate) output: &'a Output,
    /// Cancels what the command does.
    pub(crate) cancel: &'a CancelToken,
}

impl HomeCommand {
    /// Runs the command and returns the exit status: 0, unless a batch has failures or the exit
    /// status of a program that was run is passed on.
    ///
    /// # Errors
    /// Those of the library.
    pub(crate) fn run(self, context: Context<'_>) -> Result<u8> {
        match self {
            HomeCommand::Init(command) => command.run(context),
            HomeCommand::Bootstrap(command) => command.run(context),
            HomeCommand::Add(command) => command.run(context),
            HomeCommand::Setup(command) => command.run(context),
            HomeCommand::Install(command) => command.run(context),
            HomeCommand::Upgrade(command) => command.run(context),
            HomeCommand::Outdated(command) => command.run(context),
            HomeCommand::Verify(command) => command.run(context),
            HomeCommand::Repair(command) => command.run(context),
            HomeCommand::Doctor(command) => command.run(context),
            HomeCommand::History(command) => command.run(context),
            HomeCommand::Undo(command) => command.run(context),
            HomeCommand::Hold(command) => command.run(context),
            HomeCommand::Unhold(command) => command.run(context),
            HomeCommand::Uninstall(command) => command.run(context),
            HomeCommand::Remove(command) => command.run(context),
            HomeCommand::Start(command) => command.run(context),
            HomeCommand::Stop(command) => command.run(context),
            HomeCommand::Restart(command) => command.run(context),
            HomeCommand::Status(command) => command.run(context),
            HomeCommand::Logs(command) => command.run(context),
            HomeCommand::Run(command) => command.run(context),
            HomeCommand::Exec(command) => command.run(context),
            HomeCommand::Search(command) => command.run(context),
            HomeCommand::Mcp(command) => command.run(context),
            HomeCommand::Agents(command) => command.run(context),
            HomeCommand::Plug(command) => command.run(context),
            HomeCommand::Unplug(command) => command.run(context),
            HomeCommand::Plugs(command) => command.run(context),
            HomeCommand::Help(command) => command.run(context),
            HomeCommand::Git(command) => command.run(context),
            HomeCommand::List(command) => command.run(context),
            HomeCommand::Show(command) => command.run(context),
            HomeCommand::Watch(command) => command.run(context),
            HomeCommand::Resolve(command) => command.run(context),
            HomeCommand::Fetch(command) => command.run(context),
            HomeCommand::Create(command) => command.run(context),
            HomeCommand::Validate(command) => command.run(context),
            HomeCommand::Schema(command) => command.run(context),
            HomeCommand::Registry(command) => command.run(context),
            HomeCommand::Cache(command) => command.run(context),
        }
    }

    /// The value of `status --timeout`: an option of the home's handle, not of the operation.
    pub(crate) fn status_timeout(&self) -> Option<Duration> {
        match self {
            HomeCommand::Status(status) => status.timeout,
            _ => None,
        }
    }

    /// True for the commands that only run a program: they exit as the program does.
    pub(crate) fn is_program(&self) -> bool {
        matches!(
            self,
            HomeCommand::Logs(_) | HomeCommand::Run(_) | HomeCommand::Exec(_) | HomeCommand::Git(_)
        )
    }
}

impl ProgramCommand {
    /// Runs the command and returns the exit status.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](atk_core::ErrorKind::Io).
    pub(crate) fn run(self, output: &Output) -> Result<u8> {
        match self {
            ProgramCommand::Completions(command) => command.run(output),
            ProgramCommand::Man(command) => command.run(),
        }
    }
}

/// Writes a report and returns the exit status: 1 if a plugin in it failed.
fn finish<T: Serialize>(
    output: &Output,
    report: &Report<T>,
    human: impl FnOnce(&Report<T>) -> String,
) -> Result<u8> {
    output.report(report, human)?;
    if !output.json() {
        let failures: Vec<_> = report.failures().collect();
        output.tell(&render::failures(&failures, report.plugins.len()));
    }
    Ok(u8::from(!report.is_success()))
}

/// The exit status that passes on the exit code of a program.
fn exit_status(code: i32) -> u8 {
    u8::try_from(code & 0xff).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use atk_core::OPERATIONS;

    use crate::args;

    #[test]
    fn every_operation_and_option_of_the_library_has_a_command_and_an_argument() {
        for operation in OPERATIONS {
            let (name, argument) = match operation.name {
                "plan_upgrade" => ("upgrade", Some("dry_run")),
                "plan_plug" => ("plug", Some("dry_run")),
                "plan_undo" => ("undo", Some("dry_run")),
                "readme" => ("help", None),
                "clear_cache" => ("cache clear", None),
                "cache_fetch" => ("cache fetch", None),
                "cache_export" => ("cache export", None),
                "cache_import" => ("cache import", None),
                "registry_add" => ("registry add", None),
                "registry_remove" => ("registry remove", None),
                "registry_list" => ("registry list", None),
                "registry_init" => ("registry init", None),
                "registry_build" => ("registry build", None),
                "registry_diff" => ("registry diff", None),
                name => (name, None),
            };
            for name in [Some(name), operation.alias].into_iter().flatten() {
                let mut command = args::command();
                for word in name.split(' ') {
                    let found = command.find_subcommand(word).cloned();
                    command = found.unwrap_or_else(|| panic!("{}: no `{name}`", operation.name));
                }
                // What `verify` finds is printed and decides the exit status.
                let by_exit_status =
                    |option: &&str| (operation.name, *option) == ("verify", "check");
                let options = operation.options.iter().copied();
                let options = options.filter(|option| !by_exit_status(option));
                for option in options.chain(argument) {
                    assert!(
                        command.get_arguments().any(|one| one.get_id() == option),
                        "{}: `{name}` has no `{option}`",
                        operation.name
                    );
                }
            }
        }
    }
}
