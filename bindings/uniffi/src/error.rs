//! Errors: one variant for each kind of the core's, with everything that is known.

mod kinds;

use crate::details::Details;
use crate::failure::Failure;

pub use kinds::AtkError;

impl From<atk_core::Error> for AtkError {
    fn from(error: atk_core::Error) -> Self {
        let failure = serde_json::from_value(error.to_json()).unwrap_or_else(|_| Failure {
            code: error.kind().id().to_owned(),
            number: error.kind().number(),
            exit_code: error.exit_code().into(),
            text: error.to_string(),
            details: Details::default(),
        });
        AtkError::of(error.kind(), failure)
    }
}

impl std::fmt::Display for AtkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.failure().text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_details_of_the_core_s() {
        let error = atk_core::Error::new(atk_core::ErrorKind::HomeLocked, "x").with_path("/home");
        let error = AtkError::from(error);
        assert!(matches!(error, AtkError::HomeLocked { .. }));
        assert_eq!(error.failure().code, "home_locked");
        assert_eq!(error.failure().details.path.as_deref(), Some("/home"));
    }
}
