//! The help of an error: the command or option of this program that gets past it.

use atk_core::{Error, ErrorKind, GitUrl, escape_lines};

/// Returns the help texts of an error: the library's and this program's. If both say the same, only
/// one is returned.
pub(crate) fn helps(error: &Error) -> Vec<String> {
    let help = error.details().help.clone();
    let helps = match (error.kind(), hint(error)) {
        (ErrorKind::PluginExists, Some(hint)) => [Some(hint), help.filter(|_| is_local(error))],
        (ErrorKind::GitMissing | ErrorKind::Held, Some(hint)) => [None, Some(hint)],
        (ErrorKind::HomeNotInitialized | ErrorKind::HomeOccupied, _) if help.is_some() => {
            [help, None]
        }
        (_, hint) => [help, hint],
    };
    let known = helps.into_iter().flatten();
    known.map(|help| escape_lines(&help)).collect()
}

/// Returns the message of an error. Some messages end with the command that gets past the error.
pub(crate) fn headline(error: &Error) -> String {
    let message = error.to_string();
    match (error.kind(), error.details().plugin.as_deref()) {
        (ErrorKind::PluginExists, Some(plugin)) => format!("{message}, use `atk upgrade {plugin}`"),
        (ErrorKind::LocalNotUpgradable, _) => format!("{message}, use `atk add`"),
        _ => message,
    }
}

/// True for an error about a plugin that is local: it names the directory that can be changed.
fn is_local(error: &Error) -> bool {
    error.details().path.is_some()
}

/// Returns what to type to get past an error, if that is known.
fn hint(error: &Error) -> Option<String> {
    let details = error.details();
    Some(match error.kind() {
        ErrorKind::HomeNotInitialized => "run `atk init` to create it".to_owned(),
        ErrorKind::HomeOccupied => "pass --home <DIR> to use another directory".to_owned(),
        ErrorKind::HomeLocked => {
            "run the command without --no-wait to wait for the lock".to_owned()
        }
        ErrorKind::PluginExists => {
            let plugin = details.plugin.as_deref()?;
            format!("to replace it, run `atk remove {plugin}` first")
        }
        ErrorKind::PluginNotInstalled => "run `atk list` to see the plugins of the home".to_owned(),
        ErrorKind::TrustRequired if details.prompt.as_deref() == Some("trust:home") => {
            "if you trust its sources and commands, answer yes or pass --yes".to_owned()
        }
        ErrorKind::TrustRequired => {
            let url = details
                .url
                .as_deref()
                .and_then(|url| GitUrl::parse(url).ok());
            let prefix = url.map_or("<PREFIX>".to_owned(), |url| url.trust_prefix());
            format!("pass --trust {prefix} or --yes")
        }
        ErrorKind::VariablesUnset => {
            let names = details.variables.iter();
            let options: Vec<_> = names.map(|name| format!("--env {name}=...")).collect();
            if options.is_empty() {
                return None;
            }
            let pass = format!("pass {} or --env-file <FILE>", options.join(" "));
            match details.plugin.as_deref() {
                // `start` and the like take no values: the variables must be set before.
                Some(plugin) => {
                    format!("{pass}; if the plugin is installed, run `atk setup {plugin}`")
                }
                None => pass,
            }
        }
        ErrorKind::AgentEntryForeign => {
            "pass --adopt to take it over, or --to to name other agents".to_owned()
        }
        ErrorKind::InteractionRequired => {
            let (kind, rest) = details.prompt.as_deref()?.split_once(':')?;
            match (kind, rest.rsplit_once(':')) {
                ("env", Some((_, name))) => format!("pass --env {name}=..."),
                _ => "pass --yes to skip the prompt".to_owned(),
            }
        }
        ErrorKind::Held => {
            let plugin = details.plugin.as_deref()?;
            format!("run `atk unhold {plugin}` to release it, or name a version with --to")
        }
        ErrorKind::GitMissing => "install git, or add it to PATH".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: ErrorKind, with: impl FnOnce(Error) -> Error) -> String {
        hint(&with(Error::new(kind, "x"))).unwrap_or_default()
    }

    #[test]
    fn hints_name_the_exact_option_or_command() {
        assert_eq!(
            of(ErrorKind::PluginExists, |e| e.with_plugin("openmemory")),
            "to replace it, run `atk remove openmemory` first"
        );
        assert_eq!(
            of(ErrorKind::TrustRequired, |e| e
                .with_url("git@github.com:org/tool.git")),
            "pass --trust github.com/org/tool or --yes"
        );
        assert_eq!(
            of(ErrorKind::VariablesUnset, |e| e
                .with_variables(vec!["A".into(), "B".into()])),
            "pass --env A=... --env B=... or --env-file <FILE>"
        );
        assert_eq!(
            of(ErrorKind::VariablesUnset, |e| e
                .with_variables(vec!["A".into()])
                .with_plugin("tool")),
            "pass --env A=... or --env-file <FILE>; if the plugin is installed, run `atk setup tool`"
        );
        assert_eq!(
            of(ErrorKind::InteractionRequired, |e| e
                .with_prompt("env:github:TOKEN")),
            "pass --env TOKEN=..."
        );
        assert_eq!(
            of(ErrorKind::InteractionRequired, |e| e
                .with_prompt("confirm:remove:x")),
            "pass --yes to skip the prompt"
        );
        assert_eq!(of(ErrorKind::GitFailed, |e| e), "");
    }

    #[test]
    fn equal_help_is_shown_once_and_different_help_is_shown_in_full() {
        let exists = Error::new(ErrorKind::PluginExists, "x").with_help("upgrade it");
        assert_eq!(
            helps(&exists.with_plugin("fetch")),
            ["to replace it, run `atk remove fetch` first"]
        );
        let missing = Error::new(ErrorKind::GitMissing, "x").with_help("remote sources need git");
        assert_eq!(helps(&missing), ["install git, or add it to PATH"]);
        let held = Error::new(ErrorKind::Held, "x").with_help("release it, or name a version");
        assert_eq!(
            helps(&held.with_plugin("fetch")),
            ["run `atk unhold fetch` to release it, or name a version with --to"]
        );
        let occupied = Error::new(ErrorKind::HomeOccupied, "x");
        assert_eq!(
            helps(&occupied),
            ["pass --home <DIR> to use another directory"]
        );
        let occupied = Error::new(ErrorKind::HomeOccupied, "x").with_help("move it away");
        assert_eq!(helps(&occupied), ["move it away"]);
        let unknown = Error::new(ErrorKind::PluginNotInstalled, "x").with_help("did you mean `y`?");
        assert_eq!(
            helps(&unknown),
            [
                "did you mean `y`?",
                "run `atk list` to see the plugins of the home"
            ]
        );
        let other = Error::new(ErrorKind::PluginExists, "x").with_help("upgrade it");
        assert_eq!(helps(&other), ["upgrade it"]);
    }
}
