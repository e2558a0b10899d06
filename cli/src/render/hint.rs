//! The way out of an error, in commands and options of this program.

use atk_core::{Error, ErrorKind, GitUrl, escape_lines};

/// The ways out of an error: the library's, and this program's. Where they are the same way, it is
/// said once.
pub(crate) fn helps(error: &Error) -> Vec<String> {
    let help = error.details().help.clone();
    let helps = match (error.kind(), hint(error)) {
        (ErrorKind::PluginExists | ErrorKind::GitMissing, Some(hint)) => [None, Some(hint)],
        (ErrorKind::HomeNotInitialized, _) if help.is_some() => [help, None],
        (_, hint) => [help, hint],
    };
    let known = helps.into_iter().flatten();
    known.map(|help| escape_lines(&help)).collect()
}

/// The message of an error, with the command that gets past it if the message ends in one.
pub(crate) fn headline(error: &Error) -> String {
    let message = error.to_string();
    match (error.kind(), error.details().plugin.as_deref()) {
        (ErrorKind::PluginExists, Some(plugin)) => format!("{message}, use `atk upgrade {plugin}`"),
        (ErrorKind::LocalNotUpgradable, _) => format!("{message}, use `atk add`"),
        _ => message,
    }
}

/// What to type to get past an error, where that is known.
fn hint(error: &Error) -> Option<String> {
    let details = error.details();
    Some(match error.kind() {
        ErrorKind::HomeNotInitialized => "create it with `atk init`".to_owned(),
        ErrorKind::HomeOccupied => "name another directory with `--home <DIR>`".to_owned(),
        ErrorKind::HomeLocked => "without `--no-wait` it is waited for".to_owned(),
        ErrorKind::PluginExists => {
            let plugin = details.plugin.as_deref()?;
            format!("to replace it, run `atk remove {plugin}` first")
        }
        ErrorKind::PluginNotInstalled => "`atk list` shows what is there".to_owned(),
        ErrorKind::TrustRequired if details.prompt.as_deref() == Some("trust:home") => {
            "answer yes, or pass `--yes`, if its sources and commands are what you want".to_owned()
        }
        ErrorKind::TrustRequired => {
            let url = details
                .url
                .as_deref()
                .and_then(|url| GitUrl::parse(url).ok());
            let prefix = url.map_or("<PREFIX>".to_owned(), |url| url.trust_prefix());
            format!("say `--trust {prefix}`, or `--yes`")
        }
        ErrorKind::VariablesUnset => {
            let names = details.variables.iter();
            let options: Vec<_> = names.map(|name| format!("--env {name}=…")).collect();
            if options.is_empty() {
                return None;
            }
            let give = format!("give `{}`, or `--env-file <FILE>`", options.join(" "));
            match details.plugin.as_deref() {
                // Only some commands take values; for what they start, they must be there.
                Some(plugin) => {
                    format!("{give}; of what is installed they are set by `atk setup {plugin}`")
                }
                None => give,
            }
        }
        ErrorKind::InteractionRequired => {
            let (kind, rest) = details.prompt.as_deref()?.split_once(':')?;
            match (kind, rest.rsplit_once(':')) {
                ("env", Some((_, name))) => format!("give `--env {name}=…`"),
                _ => "say `--yes`".to_owned(),
            }
        }
        ErrorKind::GitMissing => "install git, or put it on the `PATH`".to_owned(),
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
    fn hints_name_the_very_thing_to_type() {
        assert_eq!(
            of(ErrorKind::PluginExists, |e| e.with_plugin("openmemory")),
            "to replace it, run `atk remove openmemory` first"
        );
        assert_eq!(
            of(ErrorKind::TrustRequired, |e| e
                .with_url("git@github.com:org/tool.git")),
            "say `--trust github.com/org/tool`, or `--yes`"
        );
        assert_eq!(
            of(ErrorKind::VariablesUnset, |e| e
                .with_variables(vec!["A".into(), "B".into()])),
            "give `--env A=… --env B=…`, or `--env-file <FILE>`"
        );
        assert_eq!(
            of(ErrorKind::VariablesUnset, |e| e
                .with_variables(vec!["A".into()])
                .with_plugin("tool")),
            "give `--env A=…`, or `--env-file <FILE>`; of what is installed they are set by `atk setup tool`"
        );
        assert_eq!(
            of(ErrorKind::InteractionRequired, |e| e
                .with_prompt("env:github:TOKEN")),
            "give `--env TOKEN=…`"
        );
        assert_eq!(
            of(ErrorKind::InteractionRequired, |e| e
                .with_prompt("confirm:remove:x")),
            "say `--yes`"
        );
        assert_eq!(of(ErrorKind::GitFailed, |e| e), "");
    }

    #[test]
    fn one_way_out_is_said_once_and_two_are_said_both() {
        let exists = Error::new(ErrorKind::PluginExists, "x").with_help("upgrade it");
        assert_eq!(
            helps(&exists.with_plugin("fetch")),
            ["to replace it, run `atk remove fetch` first"]
        );
        let missing = Error::new(ErrorKind::GitMissing, "x").with_help("remote sources need git");
        assert_eq!(helps(&missing), ["install git, or put it on the `PATH`"]);
        let unknown = Error::new(ErrorKind::PluginNotInstalled, "x").with_help("did you mean `y`?");
        assert_eq!(
            helps(&unknown),
            ["did you mean `y`?", "`atk list` shows what is there"]
        );
        let other = Error::new(ErrorKind::PluginExists, "x").with_help("upgrade it");
        assert_eq!(helps(&other), ["upgrade it"]);
    }
}
