//! A plugin that is looked for in its repository, and one that was found.

use super::WantedPlugin;
use crate::fetching::object::ObjectId;
use crate::model::pin::Pin;
use crate::model::subdir::Subdir;

/// A plugin that is looked for in a commit whose trees are in the cache.
pub(super) struct PluginSearch<'w> {
    pub(super) wanted: &'w WantedPlugin,
    pub(super) pin: Pin,
    /// The root tree of the commit.
    pub(super) root: ObjectId,
    pub(super) before: Before,
    /// The root tree of the commit whose files lie there and are to be listed.
    pub(super) unlisted: Option<ObjectId>,
}

/// What is known of the tree that is there already.
#[derive(Debug, Clone, Copy)]
pub(super) enum Before {
    Nothing,
    Tree(ObjectId),
    /// The root tree of its commit, in which it is to be looked up.
    Root(ObjectId),
}

/// A plugin that was found.
pub(super) struct PluginLocation {
    pub(super) pin: Pin,
    /// Its tree, with everything below it in the cache, unless it is the one from before.
    pub(super) tree: ObjectId,
    /// Its directory, as its author knows it: `.atk`, `tools/x/.atk`, or `tools/x`; empty in a
    /// registry, whose author knows it as the root.
    pub(super) directory: String,
    /// The directory of the repository that it was found in; none for its root, and for the default
    /// registry.
    pub(super) subdir: Option<Subdir>,
    /// The tree from before, where it is known.
    pub(super) before: Option<ObjectId>,
    /// That of the files that lie there, where it was looked for and found.
    pub(super) unlisted: Option<ObjectId>,
}

/// A plugin's tree.
#[derive(Debug, Clone)]
pub(super) struct FoundTree {
    pub(super) id: ObjectId,
    /// Its directory, as its author knows it.
    pub(super) directory: String,
    /// The directory of the repository that was looked in; none for its root, and for the default
    /// registry.
    pub(super) subdir: Option<Subdir>,
}
