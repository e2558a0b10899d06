//! Where a home that pushes by itself sent a commit.

use atk_core::{Push, escape};

use super::{CYAN, DIM};

/// Where a commit was pushed, or what gets past a failure.
pub(crate) fn push(push: &Push) -> String {
    if push.pushed {
        let name = |part: &Option<String>| part.as_deref().map(escape);
        let target = [name(&push.remote), name(&push.branch)];
        let target: Vec<String> = target.into_iter().flatten().collect();
        let url = name(&push.url).map_or(String::new(), |url| format!(" ({url})"));
        return format!("{DIM}Pushed to {}{url}{DIM:#}\n", target.join("/"));
    }
    match &push.help {
        // The library names git's commands; this program runs them in the home.
        Some(help) => {
            let help = escape(help).replace("`git ", "`atk git ");
            format!("{CYAN}help:{CYAN:#} {help}\n")
        }
        None => String::new(),
    }
}
