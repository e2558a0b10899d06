//! Which commit of a source an operation is about.

use serde::{Deserialize, Deserializer};

use crate::model::revision::Revision;

/// Which commit of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum At {
    /// The newest commit of its default branch.
    #[default]
    Latest,
    /// This commit, or the one that a branch or tag points to.
    Revision(Revision),
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        Revision::deserialize(from).map(At::Revision)
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
