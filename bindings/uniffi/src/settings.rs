//! Opening a home with options.

use atk_core::{Home, OptionChanges};
use atk_support::defect;

use crate::error::AtkError;
use crate::given::absolute;
use crate::options::Options;

/// Opens the home at a path, or where the environment says. Returns also what a leading `~` of paths
/// is, if an option says so.
pub(crate) fn open(
    path: Option<String>,
    options: Option<Options>,
) -> Result<(Home, Option<String>), AtkError> {
    let options = options.unwrap_or_default().checked()?;
    let user_home = options.user_home.clone();
    let path = path.map(|path| absolute("path", &path, user_home.as_deref()));
    let home = atk_support::open(path.transpose()?, options.changes()?)?;
    Ok((home, user_home))
}

impl Options {
    fn changes(self) -> Result<OptionChanges, AtkError> {
        let document = serde_json::to_value(self).and_then(serde_json::from_value);
        document.map_err(|cause: serde_json::Error| {
            // Checked options always can be.
            defect("the options cannot be used")
                .with_cause(cause)
                .into()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_negative_limit_is_an_invalid_argument() {
        let options = Options {
            env: Some(HashMap::from([("A".to_owned(), None)])),
            network_timeout: Some(0.5),
            max_files: Some(7),
            ..Options::default()
        };
        let changes = options.changes().unwrap();
        assert_eq!(changes.max_files, Some(7));
        assert_eq!(changes.env.get("A"), Some(&None));
        let refused = Options {
            max_files: Some(-1),
            ..Options::default()
        };
        let error = refused.checked().err();
        assert!(
            matches!(&error, Some(AtkError::InvalidArgument { failure })
                if failure.text == "`maxFiles` must not be negative, and is -1"),
            "{error:?}"
        );
    }
}
