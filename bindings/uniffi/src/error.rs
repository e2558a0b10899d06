//! Errors: one variant a kind of the core's, each with everything that is known.

use atk_core::ErrorKind;
use serde::Deserialize;

use crate::records::records;

records! {
    /// Why an operation failed.
    Failure {
        /// The kind's stable id (`home_locked`).
        code: String,
        /// The kind's stable number.
        number: i32,
        /// The exit status of a command line.
        exit_code: i32,
        /// For people; nothing may depend on it.
        #[serde(rename = "message")]
        text: String,
        /// What it is about.
        details: Details,
    }

    /// What a failure is about. Every part is absent where it does not apply.
    #[derive(Default)]
    Details {
        /// The plugin's directory or name.
        plugin: Option<String>,
        /// A path, of the home or of a plugin's tree.
        path: Option<String>,
        /// A URL, without credentials.
        url: Option<String>,
        /// The id of the question that was left unanswered.
        prompt: Option<String>,
        /// The names of the variables that have no value.
        #[serde(default)]
        variables: Vec<String>,
        /// The problems of a definition, an overlay, an index or a manifest.
        #[serde(default)]
        problems: Vec<Problem>,
        /// The command that failed.
        command: Option<String>,
        /// The exit code of that command; absent where a signal ended it.
        command_exit_code: Option<i32>,
        /// The last lines that the command, or the git server, wrote.
        output: Option<String>,
        /// The way out.
        help: Option<String>,
    }

    /// A problem of one place in a file that a person wrote.
    Problem {
        /// The file, as it is known to its author.
        file: String,
        /// The line, counted from 1.
        line: i32,
        /// The column in characters, counted from 1.
        column: i32,
        /// The field, as `ports[0].port`; empty for the document as a whole.
        field: String,
        /// What is wrong.
        message: String,
    }
}

/// The variants are `ErrorKind`'s: a test compares.
macro_rules! errors {
    ($($kind:ident,)*) => {
        /// Why an operation failed.
        #[derive(Debug, uniffi::Error)]
        pub enum AtkError {
            $(
                /// The kind of the same name.
                $kind {
                    /// Its code, number, text and details.
                    failure: Failure,
                },
            )*
        }

        impl AtkError {
            fn of(kind: ErrorKind, failure: Failure) -> Self {
                match kind {
                    $(ErrorKind::$kind => AtkError::$kind { failure },)*
                    _ => AtkError::Internal { failure },
                }
            }

            /// Its code, number, text and details.
            #[must_use]
            pub fn failure(&self) -> &Failure {
                match self {
                    $(AtkError::$kind { failure } => failure,)*
                }
            }
        }
    };
}

errors! {
    Internal, InvalidArgument, Cancelled, HostFailed, InteractionRequired, Io, Declined,
    HomeNotInitialized, HomeOccupied, HomeInvalid, HomeLocked, HomeNested, HomeInProgress,
    RecoveryFailed,
    PluginNotInstalled, PluginExists, DirectoryOccupied, DefinitionInvalid, ContentRefused,
    LocalNotUpgradable, NotDeclared,
    SourceInvalid, SourceNotFound, NotInRegistry, RegistryInvalid,
    VariablesUnset, PortInUse, TrustRequired, LifecycleFailed,
    GitMissing, GitFailed, NetworkFailed, TimedOut, AccessDenied, RepositoryNotFound,
    RepositoryEmpty, PinNotFound, CommitRefused,
}

impl From<atk_core::Error> for AtkError {
    fn from(error: atk_core::Error) -> Self {
        let failure = serde_json::from_value(error.to_json()).unwrap_or_else(|_| Failure {
            code: error.kind().id().to_owned(),
            number: error.kind().number(),
            exit_code: error.exit_code().into(),
            text: error.to_string(),
            details: Details::default(),
        });
        AtkError::of(error.kind(), failure)
    }
}

impl std::fmt::Display for AtkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.failure().text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_core_has_its_variant() {
        for kind in ErrorKind::ALL {
            let error = AtkError::from(atk_core::Error::new(*kind, "x"));
            let debug = format!("{error:?}");
            assert_eq!(debug.split(' ').next(), Some(&*format!("{kind:?}")));
            assert_eq!(error.failure().code, kind.id());
            assert_eq!(error.failure().number, kind.number());
        }
    }
}
