//! Calling an operation by its name, with arguments as JSON: for bindings, whose language has a
//! type for JSON and none of ours.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::HOME;
use super::arguments::{ANSWERS, Arguments};
use super::authors::AUTHORS;
use super::cache::CACHE;
use super::document::Document;
use super::installed::INSTALLED;
use super::registries::REGISTRIES;
use crate::error::{Error, ErrorKind, Result};
use crate::handle::Home;
use crate::host::Host;
use crate::text::escape;

/// An operation, as the table describes it.
#[derive(Clone, Copy)]
pub struct Operation {
    /// Its name (`add`).
    pub name: &'static str,
    /// Its other name.
    pub alias: Option<&'static str>,
    /// What it does: the documentation of its method.
    #[cfg(feature = "schema")]
    pub(crate) doc: &'static str,
    /// Its arguments, in order.
    pub arguments: &'static [Argument],
    /// The names of its own options.
    pub options: &'static [&'static str],
    /// True if it takes the options `answers`, `env`, `trust` and `yes`.
    pub takes_answers: bool,
    /// What it calls the host for.
    pub callbacks: &'static [Callback],
    /// How it may fail, besides `io`, `cancelled` and the errors of git and the network.
    pub errors: &'static [ErrorKind],
    pub(super) call: fn(&Home, &Arguments, &dyn Host) -> Result<Document>,
    #[cfg(feature = "schema")]
    pub(crate) outcome: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

/// An argument of an operation.
pub struct Argument {
    /// Its name (`source`).
    pub name: &'static str,
    /// Its type.
    pub kind: ArgumentKind,
}

/// The type of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A text.
    Text,
    /// A text that may be left out.
    OptionalText,
    /// The path of a file or directory.
    Path,
    /// A plugin; all plugins of the manifest if it is left out.
    OneOrAll,
    /// A list of texts.
    Words,
}

/// What an operation calls the host for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callback {
    /// Events.
    Events,
    /// Prompts.
    Prompts,
    /// Output of commands, which arrives as events.
    Output,
}

/// Every operation, in the order of the documentation.
pub const OPERATIONS: &[Operation] = &join::<COUNT>(&[HOME, INSTALLED, CACHE, REGISTRIES, AUTHORS]);

const COUNT: usize = HOME.len() + INSTALLED.len() + CACHE.len() + REGISTRIES.len() + AUTHORS.len();

/// Joins the parts of the table.
const fn join<const COUNT: usize>(parts: &[&[Operation]]) -> [Operation; COUNT] {
    let mut all = [parts[0][0]; COUNT];
    let (mut part, mut at, mut count) = (0, 0, 0);
    while count < COUNT {
        if at == parts[part].len() {
            part += 1;
            at = 0;
            continue;
        }
        all[count] = parts[part][at];
        at += 1;
        count += 1;
    }
    all
}

impl Operation {
    /// Returns the operation of a name, or of an alias.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Operation> {
        OPERATIONS
            .iter()
            .find(|operation| operation.name == name || operation.alias == Some(name))
    }

    /// Returns true if the operation has an argument or an option of that name.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        self.arguments.iter().any(|argument| argument.name == name)
            || self.options.contains(&name)
            || (self.takes_answers && ANSWERS.contains(&name))
    }

    /// Reads the arguments of a call. Null counts as absent.
    fn read(&self, given: Map<String, Value>) -> Result<Arguments> {
        let given: Map<String, Value> = given
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect();
        if let Some(name) = given.keys().find(|name| !self.takes(name)) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("`{}` does not take `{}`", self.name, escape(name)),
            ));
        }
        let given = Value::Object(given);
        Arguments::deserialize(&given).map_err(|cause| {
            // The error of serde does not name the argument.
            let one = given.as_object().into_iter().flatten();
            let found = one.map(|(name, value)| check_argument(name, value));
            found.filter_map(Result::err).next().unwrap_or_else(|| {
                let text = format!("an argument of `{}` cannot be used: {cause}", self.name);
                Error::new(ErrorKind::InvalidArgument, text).with_cause(cause)
            })
        })
    }
}

impl Home {
    /// Runs an operation by its name. Returns what serializes as the outcome of its method does.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if there is no such operation, if an argument is missing, or
    /// if the operation does not take one of the arguments; those of the operation.
    ///
    /// # Example
    /// ```
    /// # use atk_core::{Home, Options, Silent};
    /// # let scratch = tempfile::tempdir()?;
    /// # let home = Home::open(scratch.path().join("home"), Options::new(scratch.path().join("cache")))?;
    /// let arguments = serde_json::from_str(r#"{"source": "github.com/org/tool"}"#)?;
    /// let outcome = home.call("resolve", arguments, &Silent)?;
    /// assert_eq!(outcome.value()?["type"], "git");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn call(
        &self,
        operation: &str,
        arguments: Map<String, Value>,
        host: &dyn Host,
    ) -> Result<Document> {
        let Some(found) = Operation::find(operation) else {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("`{}` is not an operation", escape(operation)),
            ));
        };
        (found.call)(self, &found.read(arguments)?, host)
    }
}

/// Checks the value of an argument or option, as far as that is possible without a call.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if it cannot be used.
pub fn check_argument(name: &str, value: &Value) -> Result<()> {
    let given = Map::from_iter([(name.to_owned(), value.clone())]);
    let read = serde_json::from_value::<Arguments>(Value::Object(given));
    read.map(drop).map_err(|cause| {
        let text = format!("`{}` cannot be used: {cause}", escape(name));
        Error::new(ErrorKind::InvalidArgument, text).with_cause(cause)
    })
}

/// An argument that a call must have.
pub(super) fn needed<'a, T: ?Sized>(argument: Option<&'a T>, name: &str) -> Result<&'a T> {
    argument.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidArgument,
            format!("the argument `{name}` is missing"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Silent;
    use crate::options::Options;

    fn call(operation: &str, arguments: &str) -> String {
        let scratch = tempfile::tempdir().unwrap();
        let options = Options::new(scratch.path().join("cache"));
        let home = Home::open(scratch.path().join("home"), options).unwrap();
        let arguments = serde_json::from_str(arguments).unwrap();
        match home.call(operation, arguments, &Silent) {
            Ok(outcome) => outcome.value().unwrap().to_string(),
            Err(error) => format!("{}: {error}", error.kind()),
        }
    }

    #[test]
    fn every_operation_of_the_table_can_be_called() {
        for operation in OPERATIONS.iter().filter(|one| one.name != "search") {
            let outcome = call(operation.name, "{}");
            assert!(!outcome.ends_with("is not an operation"), "{outcome}");
        }
        assert_eq!(
            call("frobnicate", "{}"),
            "invalid_argument: `frobnicate` is not an operation"
        );
    }

    #[test]
    fn an_argument_that_an_operation_does_not_take_is_refused() {
        assert_eq!(
            call("resolve", r#"{"source": "./x", "force": true}"#),
            "invalid_argument: `resolve` does not take `force`"
        );
        assert_eq!(
            call("setup", r#"{"at": "x"}"#),
            "invalid_argument: `setup` does not take `at`"
        );
        assert_eq!(
            call("resolve", r#"{"force": null}"#),
            "invalid_argument: the argument `source` is missing"
        );
        assert_eq!(
            call("add", r#"{"source": "x", "at": ""}"#),
            "invalid_argument: `at` cannot be used: `` cannot be the name of a branch or tag: it is empty"
        );
    }

    #[test]
    fn an_alias_is_the_operation_itself() {
        let refused = call("uninstall", r#"{"plugin": "x"}"#);
        assert!(refused.starts_with("home_not_initialized: "), "{refused}");
        assert!(std::ptr::eq(
            Operation::find("uninstall").unwrap(),
            Operation::find("remove").unwrap()
        ));
    }
}
