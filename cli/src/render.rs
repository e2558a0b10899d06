//! Outcomes and errors as text for people. Every text ends with a line end; text from outside is
//! escaped; styles are ANSI sequences, which the output strips if they are not wanted.

mod agents;
mod browse;
mod cache;
mod created;
mod definition;
mod doctor;
mod error;
mod hint;
mod history;
mod markdown;
mod outdated;
mod plan;
mod plug;
mod plugin;
mod push;
mod registry;
mod repair;
mod report;
mod service;
mod show;
mod style;
mod table;
mod undo;
mod validation;
mod verify;
mod watch;

use atk_core::{Initialized, Source, escape};

pub(crate) use agents::agents;
pub(crate) use browse::{agent_document, mcp, mcp_document, readme, search, unset};
pub(crate) use cache::{cache, cleared, exported as cache_exported, imported as cache_imported};
pub(crate) use created::created;
pub(crate) use doctor::diagnosis;
pub(crate) use error::{error, usage_error};
pub(crate) use history::history;
pub(crate) use outdated::outdated;
pub(crate) use plug::{plugged, plugs};
pub(crate) use plugin::{add, fetch, hold, list};
pub(crate) use push::push;
pub(crate) use registry::{
    registries, registry_added, registry_built, registry_diff, registry_initialized,
    registry_removed,
};
pub(crate) use repair::repair;
pub(crate) use report::{
    bootstrap, cache_fetched, failures, install, plans, ran, remove, setup, upgrade,
};
pub(crate) use service::status;
pub(crate) use show::show;
pub(crate) use style::{BOLD, CYAN, DIM, RED, YELLOW};
pub(crate) use undo::{undo, undo_plan};
pub(crate) use validation::validation;
pub(crate) use verify::verification;
pub(crate) use watch::change;

/// The outcome of `init`.
pub(crate) fn init(outcome: &Initialized) -> String {
    let home = escape(&outcome.home.to_string_lossy());
    if let Some(url) = &outcome.cloned_from {
        format!(
            "Cloned the home {home} from {}; next: atk setup --all && atk install --all\n",
            escape(url)
        )
    } else if outcome.created {
        format!("Initialized the home {home}\n")
    } else {
        format!("{home} is already a home\n")
    }
}

/// The outcome of `resolve`.
pub(crate) fn resolve(source: &Source, typed: &str) -> String {
    format!("{}\n", escape(&source.describe_as(typed)))
}

/// A number with its noun: `2 plugins`.
fn count(number: usize, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn a_source_is_shown_with_its_escapes_visible() {
        let source = Source::Registry {
            registry: None,
            name: "a\u{1b}[2Jb".into(),
            revision: None,
        };
        assert_eq!(resolve(&source, "a"), "registry plugin a\\u{1b}[2Jb\n");
        let source = Source::Local {
            path: PathBuf::from("/me/tool"),
            bare: false,
        };
        assert_eq!(resolve(&source, "/me/tool"), "local plugin /me/tool\n");
        assert_eq!(
            resolve(&source, "./tool"),
            "local plugin ./tool (/me/tool)\n"
        );
    }
}
