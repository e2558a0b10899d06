//! The object cache in one file, which brings it to a machine without a network.
//!
//! The file is a tar archive of regular files, in this order:
//!
//! ```text
//! atk-cache              the version of this format: 1
//! 0/repository           JSON: the canonical URL, what HEAD was, how many packs and objects follow
//! 0/pack-<id>.pack       a pack, as git has it
//! 0/<kind>-<id>          the content of an object that is in no pack
//! 1/repository           and so on
//! end                    how many repositories there are
//! ```
//!
//! It has no indexes of packs. They are made when the file is read, as for a pack from a server and within the
//! same bounds, so nothing that the file says about its objects is trusted.

mod read;
mod write;

use git2::ObjectType;
use serde::{Deserialize, Serialize};

pub(crate) use read::read;
pub(crate) use write::write;

/// The first entry of the file.
const FORMAT: &str = "atk-cache";
/// The version of the format.
const VERSION: &str = "1";
/// The last entry.
const END: &str = "end";
/// The entry that begins a repository, below its number.
const REPOSITORY: &str = "repository";

/// The content of a repository's first entry.
#[derive(Serialize, Deserialize)]
struct RepositoryHead {
    /// Its canonical URL.
    url: String,
    /// Seconds since 1970, and the commit that `HEAD` was then.
    #[serde(default)]
    head: Option<String>,
    packs: usize,
    objects: usize,
}

/// The kinds of objects, by the names that git has for them.
const KINDS: [ObjectType; 4] = [
    ObjectType::Commit,
    ObjectType::Tree,
    ObjectType::Blob,
    ObjectType::Tag,
];
