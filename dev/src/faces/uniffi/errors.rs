//! Errors: one variant for each kind.

use std::fmt::Write as _;

use heck::ToUpperCamelCase;

use super::words::HEAD;
use crate::api::Api;
use crate::prose::commented;

pub(super) fn rust(api: &Api) -> String {
    let mut text = format!(
        "// {HEAD}

//! One variant for each kind of error.

use atk_core::ErrorKind;

use crate::failure::Failure;

/// Why an operation failed.
#[derive(Debug, uniffi::Error)]
pub enum AtkError {{
"
    );
    for kind in &api.errors {
        let doc = commented(&kind.doc, "    /// ", 100);
        let name = kind.code.to_upper_camel_case();
        let _ = writeln!(
            text,
            "{doc}    {name} {{\n        /// Its code, number, text and details.\n        failure: Failure,\n    }},"
        );
    }
    text.push_str(
        "}

impl AtkError {
    pub(super) fn of(kind: ErrorKind, failure: Failure) -> Self {
        match kind {
",
    );
    let names = || {
        api.errors
            .iter()
            .map(|kind| kind.code.to_upper_camel_case())
    };
    for name in names() {
        let _ = writeln!(
            text,
            "            ErrorKind::{name} => AtkError::{name} {{ failure }},"
        );
    }
    text.push_str(
        "            _ => AtkError::Internal { failure },
        }
    }

    /// Returns its code, number, text and details.
    #[must_use]
    pub fn failure(&self) -> &Failure {
        match self {
",
    );
    let arms: Vec<_> = names()
        .map(|name| format!("AtkError::{name} {{ failure }}"))
        .collect();
    let _ = writeln!(
        text,
        "{} => failure,\n        }}\n    }}\n}}",
        arms.join(" | ")
    );
    text
}

pub(super) fn kotlin(api: &Api) -> String {
    let mut text = format!(
        "// {HEAD}

package io.github.svtoo.atk

/** Code, number, text and details of any error. */
val AtkException.failure: Failure
    get() = when (this) {{
"
    );
    for kind in &api.errors {
        let _ = writeln!(
            text,
            "        is AtkException.{} -> failure",
            kind.code.to_upper_camel_case()
        );
    }
    text.push_str(
        "    }

/** The stable id of the error's kind (`home_locked`). */
val AtkException.code: String get() = failure.code

/** The stable number of the error's kind. */
val AtkException.number: Int get() = failure.number

/** The exit status for a command line. */
val AtkException.exitCode: Int get() = failure.exitCode
",
    );
    text
}
