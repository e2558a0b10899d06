//! What a home is opened with, and answers that are given beforehand.

use std::collections::HashMap;

use atk_core::{Error, ErrorKind, OptionChanges};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::AtkError;

/// What differs from what the environment says; what is absent stays as it is.
#[derive(Default, Serialize, uniffi::Record)]
pub struct Options {
    /// The registry: a URL, or the absolute path of a repository.
    #[uniffi(default = None)]
    pub registry: Option<String>,
    /// Where fetched objects are kept between calls.
    #[uniffi(default = None)]
    pub cache_dir: Option<String>,
    /// What relative paths of sources are relative to.
    #[uniffi(default = None)]
    pub base_dir: Option<String>,
    /// What a leading `~` stands for.
    #[uniffi(default = None)]
    pub user_home: Option<String>,
    /// The git program, by an absolute path.
    #[uniffi(default = None)]
    pub git: Option<String>,
    /// Variables for child processes; none removes one.
    #[uniffi(default = None)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<HashMap<String, Option<String>>>,
    /// False: fail where another process holds the home's lock.
    #[uniffi(default = None)]
    pub wait: Option<bool>,
    /// Seconds without a byte after which a transfer ends.
    #[uniffi(default = None)]
    pub network_timeout: Option<f64>,
    /// The lowest average rate of a transfer, in bytes a second.
    #[uniffi(default = None)]
    pub network_rate: Option<i64>,
    /// Seconds that the `status` command of a plugin may take.
    #[uniffi(default = None)]
    pub status_timeout: Option<f64>,
    /// Files and links of a plugin.
    #[uniffi(default = None)]
    pub max_files: Option<i64>,
    /// Bytes of one file of a plugin.
    #[uniffi(default = None)]
    pub max_file_bytes: Option<i64>,
    /// Bytes of all files of a plugin.
    #[uniffi(default = None)]
    pub max_plugin_bytes: Option<i64>,
    /// Bytes of one transfer from a git server, as they come and as they are unpacked.
    #[uniffi(default = None)]
    pub max_transfer_bytes: Option<i64>,
    /// Bytes of the object cache.
    #[uniffi(default = None)]
    pub cache_limit: Option<i64>,
}

impl Options {
    pub(crate) fn settings(self) -> Result<OptionChanges, AtkError> {
        let document = serde_json::to_value(self).and_then(serde_json::from_value);
        document.map_err(|cause| {
            let text = format!("the options cannot be used: {cause}");
            Error::new(ErrorKind::InvalidArgument, text)
                .with_cause(cause)
                .into()
        })
    }
}

/// Answers that are given beforehand; they are used before the host is asked.
#[derive(Default, uniffi::Record)]
pub struct Answers {
    /// By the id of the question (`env:github:TOKEN`); `yes` and `no` for those that want it.
    #[uniffi(default)]
    pub by_id: HashMap<String, String>,
    /// Values of variables, by name.
    #[uniffi(default)]
    pub env: HashMap<String, String>,
    /// URL prefixes of the sources that are trusted (`github.com/my-org/`); `*` for all.
    #[uniffi(default)]
    pub trust: Vec<String>,
    /// Yes to every question that is answered by yes or no.
    #[uniffi(default = false)]
    pub yes: bool,
}

impl Answers {
    pub(crate) fn put(self, request: &mut Map<String, Value>) {
        let texts = |texts: HashMap<String, String>| {
            let texts = texts.into_iter();
            Value::Object(texts.map(|(name, text)| (name, text.into())).collect())
        };
        request.insert("answers".into(), texts(self.by_id));
        request.insert("env".into(), texts(self.env));
        request.insert("trust".into(), self.trust.into());
        request.insert("yes".into(), self.yes.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_one_of_the_core_s() {
        let options = Options {
            env: Some(HashMap::from([("A".to_owned(), None)])),
            network_timeout: Some(0.5),
            wait: Some(false),
            max_files: Some(7),
            ..Options::default()
        };
        let settings = options.settings().unwrap();
        assert_eq!(settings.max_files, Some(7));
        assert_eq!(settings.network_timeout, Some(0.5));
        let refused = Options {
            max_files: Some(-1),
            ..Options::default()
        };
        assert!(matches!(
            refused.settings(),
            Err(AtkError::InvalidArgument { .. })
        ));
    }
}
