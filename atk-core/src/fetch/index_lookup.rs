//! Finding a plugin of a registry with a name. The manifest records the directory that the index says,
//! so the plugin is found in it as in any git repository ([`SubdirLookup`]).

use super::indexes::Indexes;
use super::registry::{guess, index_of, not_listed};
use super::sought::FoundTree;
use super::subdir::SubdirLookup;
use super::{IndexName, tree};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::object::ObjectId;
use crate::fetching::remote::Remote;
use crate::model::subdir::Subdir;
use crate::text::escape;

/// A plugin that is being looked for in the index, then in the directory that the index says.
pub(super) struct IndexLookup {
    name: IndexName,
    root: ObjectId,
    /// `None` for a repository that is not a registry any more.
    index: Option<ObjectId>,
    /// The directories that could be the plugin's, while the index is not known.
    candidates: Vec<ObjectId>,
    /// Set once the index was read.
    place: Option<SubdirLookup>,
}

impl IndexLookup {
    /// Looks at what the cache has: the trees of the commit, and perhaps its index.
    pub(super) fn begin(
        remote: &Remote<'_>,
        indexes: &Indexes,
        root: ObjectId,
        name: &IndexName,
    ) -> Result<Self> {
        let entries = tree::entries(remote, root)?;
        let index = match (index_of(remote, &entries), name) {
            (Ok(index), _) => Some(index),
            (Err(_), IndexName::Path(..)) => None,
            (Err(error), IndexName::Exact(_) | IndexName::Directory(_)) => return Err(error),
        };
        let mut lookup = IndexLookup {
            name: name.clone(),
            root,
            index,
            candidates: Vec::new(),
            place: None,
        };
        if index.is_none_or(|index| remote.has(index)) {
            lookup.read(remote, indexes)?;
        } else {
            lookup.candidates = match name {
                IndexName::Path(subdir, _) => {
                    let found = SubdirLookup::new(root, subdir).go_on(remote);
                    let found = found.ok().flatten();
                    found.map(|found| found.id).into_iter().collect()
                }
                IndexName::Exact(_) | IndexName::Directory(_) => {
                    guess(remote, &entries, name.as_str())
                }
            };
        }
        Ok(lookup)
    }

    /// The directories that could be the plugin's. Each is wanted with all that is in it.
    pub(super) fn candidates(&self) -> &[ObjectId] {
        &self.candidates
    }

    /// True if the candidates are no more than a guess: the index is not known.
    pub(super) fn is_guess(&self) -> bool {
        self.place.is_none()
    }

    /// The index, as long as it is wanted.
    pub(super) fn index(&self) -> Option<ObjectId> {
        self.index.filter(|_| self.place.is_none())
    }

    /// The directory without which the search does not go on.
    pub(super) fn on_the_way(&self) -> Option<ObjectId> {
        self.place.as_ref().and_then(SubdirLookup::on_the_way)
    }

    /// Goes on with what came into the cache: the plugin's tree, or none if a directory has to come
    /// first.
    pub(super) fn go_on(
        &mut self,
        remote: &Remote<'_>,
        indexes: &Indexes,
    ) -> Result<Option<FoundTree>> {
        if self.place.is_none() {
            self.read(remote, indexes)?;
        }
        let Some(place) = &mut self.place else {
            return Ok(None);
        };
        let found = place.go_on(remote)?;
        // Whole, to save a request: a plugin that lies in an `.atk` of the directory is rare.
        self.candidates = place.directory().into_iter().collect();
        Ok(found)
    }

    fn read(&mut self, remote: &Remote<'_>, indexes: &Indexes) -> Result<()> {
        let subdir = match self.index {
            Some(index) => self.listed(remote, indexes, index)?,
            None => None,
        };
        let subdir = match (subdir, &self.name) {
            (Some(subdir), _) => subdir,
            (None, IndexName::Path(subdir, _)) => subdir.clone(),
            (None, IndexName::Exact(_) | IndexName::Directory(_)) => return Ok(()),
        };
        self.place = Some(SubdirLookup::new(self.root, &subdir));
        Ok(())
    }

    /// The directory that the index has for the plugin; `None` if it lists neither the path nor the name of
    /// one that is installed.
    fn listed(
        &self,
        remote: &Remote<'_>,
        indexes: &Indexes,
        index: ObjectId,
    ) -> Result<Option<Subdir>> {
        let index = indexes.get(remote, index)?;
        let Some(entry) = self.name.find(&index) else {
            return match &self.name {
                IndexName::Path(..) => Ok(None),
                IndexName::Exact(name) => Err(not_listed(remote, &index, name)),
                IndexName::Directory(name) => Err(not_listed(remote, &index, name.as_str())),
            };
        };
        let path = entry.path()?;
        Subdir::parse(&path).map(Some).map_err(|error| {
            Error::new(
                ErrorKind::RegistryInvalid,
                format!(
                    "the registry's path `{}` cannot be used: {error}",
                    escape(&path)
                ),
            )
            .with_path(&path)
            .with_url(remote.url().to_string())
        })
    }
}
