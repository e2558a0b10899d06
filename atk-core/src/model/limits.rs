//! How large a plugin may be.

/// How large a plugin may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Files and links.
    pub files: usize,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files together.
    pub plugin_bytes: u64,
}

impl Default for Limits {
    /// 10,000 files, 64 MiB a file, 256 MiB a plugin.
    fn default() -> Self {
        Limits {
            files: 10_000,
            file_bytes: 64 << 20,
            plugin_bytes: 256 << 20,
        }
    }
}
