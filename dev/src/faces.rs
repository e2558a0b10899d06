//! The faces: one renderer each.

mod c;
mod cpp;
mod docs;
mod node;
mod plugin_reference;
mod python;
mod uniffi;
mod versions;

use crate::api::Api;
use crate::output::File;

/// Makes the generated files of one face.
type Face = fn(&Api) -> Result<Vec<File>, String>;

pub(crate) const ALL: &[Face] = &[
    c::files,
    cpp::files,
    docs::files,
    node::files,
    plugin_reference::files,
    python::files,
    uniffi::files,
    versions::files,
];
