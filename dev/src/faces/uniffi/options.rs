//! The options of a handle.

use std::fmt::Write as _;

use super::words::{HEAD, rust};
use crate::api::{Api, Type};
use crate::prose::commented;

pub(super) fn options(api: &Api) -> Result<String, String> {
    let mut text = format!(
        "// {HEAD}

//! The options of a handle.

use std::collections::HashMap;

use serde::Serialize;

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
    Ok(text)
}
