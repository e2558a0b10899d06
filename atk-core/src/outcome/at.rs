//! Which commit of a source an operation is about.

use serde::{Deserialize, Deserializer};

use crate::model::pin::Pin;

/// Which commit of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum At {
    /// The newest commit of its default branch.
    #[default]
    Latest,
    /// This commit.
    Pin(Pin),
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        Pin::deserialize(from).map(At::Pin)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for At {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "At".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}
