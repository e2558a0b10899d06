//! A network with nothing in it.

use std::process::Command;

/// The words before a program that runs in a network namespace without any address. None if the system allows none.
#[must_use]
pub fn without() -> Option<Vec<&'static str>> {
    let flags = ["-rn", "-n"].into_iter().find(|flags| {
        let tried = Command::new("unshare").args([*flags, "true"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    })?;
    Some(vec!["unshare", flags])
}
