//! Plugin definitions with an overlay.

use super::assert_error;
use crate::model::plugin::Definition;

/// A definition, and an overlay behind a NUL, are refused, or read as something that leads nowhere
/// out of the plugin.
pub(crate) fn definition(input: &[u8]) {
    let at = input.iter().position(|byte| *byte == 0);
    let overlay = at.map(|at| (&input[at + 1..], "custom/overrides.yaml"));
    let file = &input[..at.unwrap_or(input.len())];
    match Definition::read(file, "plugin.yaml", overlay) {
        Err(error) => assert_error(&error),
        Ok((read, _)) => {
            assert!(!read.name.trim().is_empty());
            if let Some(service) = &read.service {
                let path = service.compose_file();
                let is_inside = !path.starts_with('/') && path.split('/').all(|part| part != "..");
                assert!(is_inside, "{path:?}");
            }
            let json = serde_json::to_string(&read).expect("a definition is JSON");
            assert!(!json.contains(char::is_control), "{json}");
        }
    }
}
