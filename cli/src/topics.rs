//! Help that belongs to no single command: for `atk help <topic>` and the manual pages.

/// A topic of the help.
pub(crate) struct Topic {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// The heading of its section in a manual page.
    pub(crate) heading: &'static str,
    /// Pairs of a term and its meaning.
    pub(crate) terms: &'static [(&'static str, &'static str)],
}

pub(crate) const TOPICS: &[Topic] = &[
    Topic {
        name: "exit-codes",
        heading: "EXIT STATUS",
        terms: &[
            ("0", "Success, or the user declined."),
            (
                "1",
                "A failure without a code of its own; with --all, at least one plugin failed.",
            ),
            ("2", "The command line is wrong."),
            ("3", "There is no home. Run atk init."),
            ("4", "The plugin is not installed."),
            (
                "5",
                "The source, the definition or the files of the plugin cannot be used, or the plugin \
                 exists already.",
            ),
            ("6", "A command of the plugin failed."),
            ("7", "Git or the network failed."),
            ("8", "Required variables have no value."),
            ("9", "A port is in use."),
            (
                "10",
                "A source is not trusted, or the plan of an upgrade is outdated.",
            ),
            (
                "11",
                "Another operation is changing the home or the plugin.",
            ),
            (
                "12",
                "With upgrade --dry-run --exit-code and outdated --exit-code: there is something to upgrade.",
            ),
            (
                "13",
                "With verify and repair: something is not as it should be, or is not known.",
            ),
            (
                "130",
                "Interrupted. The home is as it was before. logs, run and git exit as the program \
                 that they run.",
            ),
        ],
    },
    Topic {
        name: "environment",
        heading: "ENVIRONMENT",
        terms: &[
            ("ATK_HOME", "Directory of the home. Default: ~/.atk."),
            (
                "ATK_REGISTRY_URL",
                "URL of the registry. Default: the public one.",
            ),
            (
                "ATK_CACHE_DIR",
                "Directory of the object cache. Default: $XDG_CACHE_HOME/atk, else ~/.cache/atk.",
            ),
            (
                "ATK_TRUST",
                "Prefixes of trusted sources, as for --trust, separated by commas or blanks.",
            ),
            (
                "GIT_SSH_COMMAND, GIT_SSL_CAINFO, GIT_ALLOW_PROTOCOL, ...",
                "Connection settings of git count for every fetch and push. Variables that move a \
                 repository or its configuration (GIT_DIR, GIT_CONFIG_COUNT) do not.",
            ),
            (
                "NO_COLOR, CLICOLOR, TERM",
                "Whether colours are used, unless --color says so.",
            ),
        ],
    },
    Topic {
        name: "files",
        heading: "FILES",
        terms: &[
            (
                "~/.atk/manifest.yaml",
                "The plugins of the home, with their sources and pins.",
            ),
            ("~/.atk/plugins/NAME/", "The files of a plugin."),
            (
                "~/.atk/plugins/NAME/.env",
                "The values of its variables: yours, never committed.",
            ),
            (
                "~/.atk/plugins/NAME/custom/",
                "Your own scripts, and overrides.yaml, which is merged over the definition.",
            ),
            (
                "~/.atk/.git/atk/",
                "ATK's own files: lock, journal, receipts, backups of files that you edited.",
            ),
        ],
    },
];

/// A topic as text for people.
pub(crate) fn text(topic: &Topic) -> String {
    let width = topic.terms.iter().map(|(term, _)| term.len()).max();
    let width = width.unwrap_or_default().min(16);
    let mut text = String::new();
    for (term, meaning) in topic.terms {
        if term.len() > width {
            text.push_str(&format!("{term}\n{:width$}  {meaning}\n", ""));
        } else {
            text.push_str(&format!("{term:width$}  {meaning}\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use atk_core::ErrorKind;

    use super::*;

    #[test]
    fn every_exit_code_is_explained() {
        let codes = TOPICS.iter().find(|topic| topic.name == "exit-codes");
        let terms = codes.unwrap().terms;
        for kind in ErrorKind::ALL {
            let code = kind.exit_code().to_string();
            let is_known = terms.iter().any(|(term, _)| *term == code);
            assert!(is_known, "{kind} exits with {code}");
        }
    }
}
