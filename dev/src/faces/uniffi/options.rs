//! The options of a handle.

use std::fmt::Write as _;

use heck::ToLowerCamelCase;

use super::words::{HEAD, rust};
use crate::api::{Api, Type};
use crate::prose::commented;

pub(super) fn options(api: &Api) -> Result<String, String> {
    let mut text = format!(
        "// {HEAD}

//! The options of a handle.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::AtkError;
use crate::given;

/// The options of a handle. An option that is absent is as the environment says.
#[derive(Default, Serialize, uniffi::Record)]
pub struct Options {{
"
    );
    for option in &api.options {
        let kind = rust(api, &option.kind)?;
        let kind = match option.kind {
            Type::Optional(_) => kind,
            _ => format!("Option<{kind}>"),
        };
        text.push_str(&commented(&option.doc, "    /// ", 100));
        let _ = writeln!(
            text,
            "    #[uniffi(default = None)]\n    #[serde(skip_serializing_if = \"Option::is_none\")]\n    pub {}: {kind},",
            option.name
        );
    }
    text.push_str("}\n");
    text.push_str(&checks(api));
    Ok(text)
}

/// The checks of numbers and paths, which name an option as Kotlin and Swift do.
fn checks(api: &Api) -> String {
    let mut text = "
impl Options {
    /// Checks numbers, and makes paths absolute.
    pub(crate) fn checked(mut self) -> Result<Self, AtkError> {
        // Other paths may begin with it.
        self.user_home = given::path(\"userHome\", self.user_home.as_deref(), None)?;
"
    .to_owned();
    for option in &api.options {
        let name = &option.name;
        let shown = name.to_lower_camel_case();
        let kind = match &option.kind {
            Type::Optional(inner) => inner,
            kind => kind,
        };
        let _ = match kind {
            Type::Integer(_) => writeln!(text, "given::count(\"{shown}\", self.{name})?;"),
            Type::Number => writeln!(text, "given::seconds(\"{shown}\", self.{name})?;"),
            Type::Path if name == "user_home" => Ok(()),
            Type::Path => writeln!(
                text,
                "self.{name} = given::path(\"{shown}\", self.{name}.as_deref(), self.user_home.as_deref())?;"
            ),
            _ => Ok(()),
        };
    }
    text + "Ok(self)\n}\n}\n"
}
