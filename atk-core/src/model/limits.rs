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

// The limits below are no options: they follow from memory and time. The process may take 200 MB, of
// which it takes 15 MB by itself.

/// Bytes of an index. Reading one takes its size twice, its bytes and its texts.
pub(crate) const INDEX_BYTES: usize = 64 << 20;
/// Plugins of an index. Each takes 12 bytes beside its texts.
pub(crate) const INDEX_ENTRIES: usize = 1_000_000;

/// Plugins that a search may find, and bytes of their texts. They are held as values, as JSON and as
/// printed text, beside an index that may have [`INDEX_BYTES`].
pub(crate) const FOUND_ENTRIES: usize = 50_000;
pub(crate) const FOUND_BYTES: usize = 16 << 20;

/// Bytes of a tree or commit that is read. A tree of 100,000 entries has about 5 MB.
pub(crate) const TREE_BYTES: u64 = 32 << 20;

/// Objects that a pack may announce. At [`OBJECT_MEMORY`] each they take 80 MB.
pub(crate) const PACK_OBJECTS: u32 = 500_000;
/// Bytes of memory that libgit2 takes for each object of a pack that it indexes.
pub(crate) const OBJECT_MEMORY: u64 = 160;

/// Deltas of a pack that may name their base by its id. libgit2 looks through all that are left
/// again for each one that it resolves: 4,000 in the worst order take 10 seconds, 500,000 take days.
/// Servers are asked to name bases by offset, and name all but a few so.
pub(crate) const PACK_DELTAS_BY_ID: u32 = 4_000;

/// Work that takes at most so many bytes of memory needs no turn; eight sources at once may do it.
pub(crate) const LIGHT_MEMORY: u64 = 4 << 20;
/// The most bytes of memory that one object, with what it is made from, may take: two files of
/// the largest size that is allowed. With the light work of seven other sources and the program
/// itself, this stays below 200 MB.
pub(crate) const HEAVY_MEMORY: u64 = 128 << 20;
/// The most bytes of memory that git and its helpers may take: what one object may, and 32 MB for
/// the rest. ATK looks every few milliseconds, in which git can take some 10 MB more.
pub(crate) const GIT_MEMORY: u64 = 160 << 20;
/// Bytes of memory that git and its helpers may take for each of the sources that are fetched at
/// once; one of them at a time may take more. Git usually takes 3 MB, and 16 MB for a pack of 150,000
/// objects.
pub(crate) const GIT_LIGHT_MEMORY: u64 = 16 << 20;
/// Bytes of memory that git may take while it only passes on what comes: buffers, and certificates.
pub(crate) const GIT_PASSING_MEMORY: u64 = 32 << 20;

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
