//! How large a plugin, and what a server sends for it, may be.

/// How large a plugin, and what a server sends for it, may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Files and links.
    pub files: usize,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files together.
    pub plugin_bytes: u64,
    /// Bytes of one transfer from a git server, as they come and as they are unpacked.
    pub transfer_bytes: u64,
}

/// How deep directories may be nested in a plugin. Programs that read a home have limits of their
/// own (libgit2: 100 directories, `plugins/` included), and nothing that people write comes near.
pub(crate) const DEEPEST: usize = 64;

impl Default for Limits {
    /// 10,000 files, 64 MiB a file, 256 MiB a plugin, 512 MiB a transfer.
    fn default() -> Self {
        Limits {
            files: 10_000,
            file_bytes: 64 << 20,
            plugin_bytes: 256 << 20,
            transfer_bytes: 512 << 20,
        }
    }
}
