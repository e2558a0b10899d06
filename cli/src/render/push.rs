//! The result of an automatic push.

use atk_core::{Push, escape};

use super::{CYAN, DIM};

/// The branch that a commit was pushed to, or the help for a failed push.
pub(crate) fn push(push: &Push) -> String {
    if push.pushed {
        let name = |part: &Option<String>| part.as_deref().map(escape);
        let target = [name(&push.remote), name(&push.branch)];
        let target: Vec<String> = target.into_iter().flatten().collect();
        let url = name(&push.url).map_or(String::new(), |url| format!(" ({url})"));
        return format!("{DIM}Pushed to {}{url}{DIM:#}\n", target.join("/"));
    }
    match &push.help {
        // The library names commands of git; `atk git` runs them in the home.
        Some(help) => {
            let help = escape(help).replace("`git ", "`atk git ");
            format!("{CYAN}help:{CYAN:#} {help}\n")
        }
        None => String::new(),
    }
}
