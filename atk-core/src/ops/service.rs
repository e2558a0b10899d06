//! `start`, `stop` and `restart`: the services of plugins.
//!
//! They hold the home's lock while they run, as every operation that runs what changes a plugin's
//! state: no other operation upgrades a plugin that is being started.

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::Duration;

use crate::error::Result;
use crate::home::LockedHome;
use crate::host::Scope;
use crate::lifecycle::{self, PortProtocol};
use crate::model::lifecycle::LifecycleEvent;
use crate::model::manifest::Entry;
use crate::model::plugin::{Definition, Port};
use crate::outcome::{LineResult, Ran, Report, Select, Skip};
use crate::steps::context::Context;
use crate::steps::lifecycle_command::warn_not_declared;
use crate::steps::ports::{busy, port_in_use};
use crate::steps::{definition, each_plugin, env_file, home_trust, lifecycle_command, variables};

/// How often, and how long apart, a port is looked at that a stopped service may still hold.
const LOOKS: u32 = 50;
const APART: Duration = Duration::from_millis(100);

pub(crate) fn start(context: &Context<'_>, which: &Select) -> Result<Report<Ran>> {
    locked(context, which, |services, entries| {
        let plugins = entries.into_iter().map(|entry| (entry, ()));
        each_plugin::report(context, which, plugins, |entry, ()| {
            context.session.cancel.check()?;
            services.start(entry, &[])
        })
    })
}

/// Stops in reverse order; a report has the order of the manifest, whatever came first.
pub(crate) fn stop(context: &Context<'_>, which: &Select) -> Result<Report<Ran>> {
    locked(context, which, |services, entries| {
        let total = entries.len();
        let stopped = in_reverse(context, &entries, |number, entry| {
            each_plugin::announced(context, entry, (number, total), || services.stop(entry))
        })?;
        let plugins = entries.into_iter().zip(stopped);
        Report::of_each(which, plugins, |_, stopped| stopped)
    })
}

/// Of all: first every one is stopped, in reverse, then every one that could be is started.
pub(crate) fn restart(context: &Context<'_>, which: &Select) -> Result<Report<Ran>> {
    locked(context, which, |services, entries| {
        let stopped = in_reverse(context, &entries, |_, entry| services.stop_to_start(entry))?;
        let plugins = entries.into_iter().zip(stopped);
        each_plugin::report(context, which, plugins, |entry, stopped| {
            context.session.cancel.check()?;
            services.start(entry, &stopped?)
        })
    })
}

/// Makes sure that the home may run commands, locks it, and does something with the services that
/// are meant.
fn locked(
    context: &Context<'_>,
    which: &Select,
    run: impl FnOnce(&Services<'_>, Vec<&Entry>) -> Result<Report<Ran>>,
) -> Result<Report<Ran>> {
    let home = context.home()?;
    home_trust::require_for(context, &home, which)?;
    let locked = context.lock(&home)?;
    let manifest = home.manifest()?;
    let services = Services {
        context,
        locked: &locked,
    };
    run(&services, which.entries(&manifest)?)
}

/// Does something with the plugins, the last one first; returns what came of it in their order.
fn in_reverse<T>(
    context: &Context<'_>,
    entries: &[&Entry],
    stop: impl Fn(usize, &Entry) -> Result<T>,
) -> Result<Vec<Result<T>>> {
    let mut stopped = Vec::new();
    for (number, entry) in entries.iter().rev().enumerate() {
        stopped.push(stop(number + 1, entry));
        context.session.cancel.check()?;
    }
    stopped.reverse();
    Ok(stopped)
}

struct Services<'a> {
    context: &'a Context<'a>,
    locked: &'a LockedHome<'a>,
}

impl Services<'_> {
    /// Starts a service, after the commands in `before` have been run for it.
    fn start(&self, entry: &Entry, before: &[LifecycleEvent]) -> Result<LineResult<Ran>> {
        let definition = self.definition(entry)?;
        if definition.lifecycle.start.is_none() {
            return Ok(self.none(entry, LifecycleEvent::Start));
        }
        self.check_variables(entry, &definition)?;
        let stopped = before.contains(&LifecycleEvent::Stop);
        // Before its ports are looked at: it holds them itself. One that was just stopped may
        // still be about to end.
        if !stopped && self.is_running(entry, &definition)? {
            let reason = Skip::AlreadyRunning;
            return Ok(LineResult::Skipped { reason });
        }
        self.check_ports(entry, &definition.ports, if stopped { LOOKS } else { 1 })?;
        self.run(entry, &definition, LifecycleEvent::Start)?;
        Ok(done(before.iter().copied().chain([LifecycleEvent::Start])))
    }

    fn stop(&self, entry: &Entry) -> Result<LineResult<Ran>> {
        let definition = self.definition(entry)?;
        Ok(match self.run(entry, &definition, LifecycleEvent::Stop)? {
            true => done([LifecycleEvent::Stop]),
            false => self.none(entry, LifecycleEvent::Stop),
        })
    }

    /// Stops a service that is to be started again. Which commands have been run.
    fn stop_to_start(&self, entry: &Entry) -> Result<Vec<LifecycleEvent>> {
        let definition = self.definition(entry)?;
        if definition.lifecycle.start.is_none() {
            // It would stay stopped: that is not what was asked for.
            return Ok(Vec::new());
        }
        // Nor should one be stopped that cannot be started again.
        self.check_variables(entry, &definition)?;
        let event = LifecycleEvent::Stop;
        if self.run(entry, &definition, event)? {
            Ok(vec![event])
        } else {
            warn_not_declared(self.context, entry, event);
            Ok(Vec::new())
        }
    }

    /// True if the plugin's own `status` command says so. What it writes is not shown: only its
    /// end counts. One that takes too long says nothing.
    fn is_running(&self, entry: &Entry, definition: &Definition) -> Result<bool> {
        let event = LifecycleEvent::Status;
        let directory = &entry.directory;
        let prepared =
            lifecycle_command::prepare(self.context, self.locked, directory, definition, event)?;
        let Some(prepared) = prepared else {
            return Ok(false);
        };
        let options = &self.context.session.options;
        let scope = Scope {
            cancel: &self.context.session.cancel,
            report: &|_| {},
        };
        let ended = lifecycle::run_at_most(&prepared.command(), options.status_timeout, scope)?;
        Ok(ended.is_success() && !ended.timed_out)
    }

    fn definition(&self, entry: &Entry) -> Result<Definition> {
        let (definition, _) = definition::of_installed(self.locked.home(), entry)?;
        Ok(definition)
    }

    fn run(&self, entry: &Entry, definition: &Definition, event: LifecycleEvent) -> Result<bool> {
        lifecycle_command::run(
            self.context,
            self.locked,
            &entry.directory,
            definition,
            event,
        )
    }

    fn none(&self, entry: &Entry, event: LifecycleEvent) -> LineResult<Ran> {
        warn_not_declared(self.context, entry, event);
        let reason = Skip::NoCommand;
        LineResult::Skipped { reason }
    }

    fn check_variables(&self, entry: &Entry, definition: &Definition) -> Result<()> {
        let home = self.locked.home();
        let file = env_file::read(self.context, home, &entry.directory)?;
        let outside = &self.context.session.options.env;
        let unset = variables::unset(&definition.env_vars, &file, outside);
        match unset.is_empty() {
            true => Ok(()),
            false => Err(variables::unset_error(&entry.directory, unset)),
        }
    }

    fn check_ports(&self, entry: &Entry, ports: &[Port], looks: u32) -> Result<()> {
        for look in 1..=looks {
            // A port may be declared twice.
            let busy: BTreeSet<(u16, PortProtocol)> = ports.iter().flat_map(busy).collect();
            if busy.is_empty() {
                return Ok(());
            }
            if look == looks {
                return Err(port_in_use(entry, &busy));
            }
            self.context.session.cancel.check()?;
            sleep(APART);
        }
        Ok(())
    }
}

fn done(commands: impl IntoIterator<Item = LifecycleEvent>) -> LineResult<Ran> {
    let commands = commands.into_iter().map(|event| event.name().to_owned());
    let outcome = Ran {
        commands: commands.collect(),
        warnings: Vec::new(),
    };
    LineResult::Done { outcome }
}
