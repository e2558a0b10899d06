//! Opening a home with options.

use atk_core::{Error, ErrorKind, Home, OptionChanges};

use crate::error::AtkError;
use crate::options::Options;

/// Opens the home at a path, or where the environment says.
pub(crate) fn open(path: Option<String>, options: Option<Options>) -> Result<Home, AtkError> {
    let changes = options.unwrap_or_default().changes()?;
    Ok(atk_support::open(path.map(Into::into), changes)?)
}

impl Options {
    fn changes(self) -> Result<OptionChanges, AtkError> {
        let document = serde_json::to_value(self).and_then(serde_json::from_value);
        document.map_err(|cause| {
            let text = format!("the options cannot be used: {cause}");
            Error::new(ErrorKind::InvalidArgument, text)
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
        let error = refused.changes().err();
        assert!(matches!(error, Some(AtkError::InvalidArgument { .. })));
    }
}
