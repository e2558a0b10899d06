//! The JSON Schemas of the files that people write. `cargo dev generate` writes them from the types.

use crate::error::{Error, ErrorKind, Result};
use crate::model::suggest::nearest;
use crate::text::escape;

/// Every schema, with its name.
const ALL: [(&str, &str); 5] = [
    ("plugin", include_str!("schemas/plugin.schema.json")),
    ("overrides", include_str!("schemas/overrides.schema.json")),
    ("index", include_str!("schemas/index.schema.json")),
    ("manifest", include_str!("schemas/manifest.schema.json")),
    ("atk", include_str!("schemas/atk.schema.json")),
];

/// The address of the schema of `plugin.yaml`: its `$id`.
pub(crate) fn plugin_url() -> String {
    let schema: serde_json::Value = serde_json::from_str(ALL[0].1).expect("a schema is JSON");
    schema["$id"].as_str().unwrap_or_default().to_owned()
}

/// Returns the schema of this name, or all.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if no schema has that name.
pub(crate) fn find(name: Option<&str>) -> Result<Vec<(&'static str, &'static str)>> {
    let Some(name) = name else {
        return Ok(ALL.to_vec());
    };
    if let Some(found) = ALL.iter().find(|(one, _)| *one == name) {
        return Ok(vec![*found]);
    }
    let names = ALL.map(|(name, _)| name);
    let message = format!(
        "`{}` is not the name of a schema: they are {}",
        escape(name),
        names.join(", ")
    );
    let error = Error::new(ErrorKind::InvalidArgument, message);
    Err(match nearest(name, names) {
        Some(near) => error.with_help(format!("write `{near}`")),
        None => error,
    })
}
