//! The index of a registry.

use super::assert_error;
use crate::host::CancelToken;
use crate::model::index::Index;
use crate::model::name::PluginDir;

/// An index is refused, or read as entries whose paths stay in the registry.
pub(crate) fn index(input: &[u8]) {
    let read = match Index::read(input, &CancelToken::new()) {
        Ok(read) => read,
        Err(error) => return assert_error(&error),
    };
    for entry in read.entries() {
        match entry.path() {
            Err(error) => assert_error(&error),
            Ok(path) => {
                let is_name = |part: &str| !matches!(part, "" | "." | ".." | ".git" | ".GIT");
                assert!(path.split('/').all(is_name), "{path:?}");
                assert!(!path.contains(['\\', '\0', '\n', '\x1b']), "{path:?}");
            }
        }
        let found = read.find(entry.name);
        assert_eq!(
            found.map(|found| found.name),
            Some(entry.name).filter(|name| !name.is_empty())
        );
    }
    let _ = read.suggest(&String::from_utf8_lossy(&input[..input.len().min(20)]));
    if let Ok(directory) = PluginDir::new("tool") {
        let _ = read.find_directory(&directory);
    }
}
