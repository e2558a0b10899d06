//! How commits and their trees come into the cache.

use super::{Remote, TreeDepth};
use crate::error::{Error, ErrorKind, Result};
use crate::fetching::message;
use crate::fetching::message::Refusal;
use crate::fetching::missing::{MissingCommits, missing_commits};
use crate::fetching::object::ObjectId;
use crate::fetching::protocol::request::{Fetch, Filter};
use crate::fetching::session::FetchResult;
use git2::ObjectType;

/// More requests than any server needs.
const MAX_ROUNDS: usize = 12;
/// How far back a pin is looked for that the server does not serve by its id; at last, everywhere.
const DEPTHS: [Option<u32>; 4] = [Some(50), Some(500), Some(5000), None];

impl Remote<'_> {
    pub(super) fn ensure_commits(&mut self, ids: &[ObjectId], trees: TreeDepth) -> Result<()> {
        let mut last = MissingCommits::default();
        let mut step = 0;
        for _ in 0..MAX_ROUNDS {
            let missing = missing_commits(&self.store, ids, trees)?;
            if self.store.is_damaged() {
                self.restart()?;
                continue;
            }
            if missing.is_empty() {
                self.ensured.push((ids.to_vec(), trees));
                return Ok(());
            }
            self.check_kinds(&missing.commits)?;
            if missing == last {
                // Not sent, or written over a damaged pack that is still open.
                self.store = self.entry.open_store()?;
                step += 1;
            }
            if self.session()?.is_none() {
                self.plain_fetch(ids)?;
            } else {
                step += self.ask_commits(ids, &missing, trees, step)?;
            }
            last = missing;
        }
        Err(self.lost())
    }

    /// One request for what is missing; gives by how much the way of asking has to change.
    fn ask_commits(
        &mut self,
        ids: &[ObjectId],
        missing: &MissingCommits,
        trees: TreeDepth,
        step: usize,
    ) -> Result<usize> {
        let of_commits = !missing.commits.is_empty();
        let wants = match of_commits {
            true => &missing.commits,
            false if !missing.roots.is_empty() => &missing.roots,
            false => &missing.subtrees,
        };
        let ways = self.ways(trees, of_commits);
        let Some(&filter) = ways.get(step) else {
            return self.restart().map(|()| 0);
        };
        let answer = self.ask(&Fetch {
            wants: wants.clone(),
            depth: (of_commits && self.is_shallow()).then_some(1),
            filter,
        })?;
        match answer {
            FetchResult::Done { .. } => Ok(0),
            // It is remembered, so that the list of ways gets shorter.
            FetchResult::Refused(Refusal::Filter, _) if filter.is_some() => Ok(0),
            FetchResult::Refused(Refusal::Want, _) if of_commits => {
                self.deepen(&missing.commits).map(|()| 0)
            }
            FetchResult::Refused(Refusal::Want, _) => self
                .ask_whole(ids, self.allowed(Filter::NoFiles))
                .map(|()| 0),
            FetchResult::Refused(_, _) if filter.is_some() => Ok(1),
            FetchResult::Refused(_, said) => Err(message::error(self.server(), &said)),
        }
    }

    /// The filters that bring trees to a depth, the best first; the last is none.
    ///
    /// `combine` is exact, and known to be refused by large hosts. Levels alone bring the root's
    /// files too, which on first contact with a registry are its index and little else. Below a
    /// commit, level by level: a server counts the levels of a wanted tree otherwise.
    fn ways(&self, trees: TreeDepth, of_commits: bool) -> Vec<Option<Filter>> {
        let first_contact = self.store.packs() == 0;
        let (two, two_without_files) = (Filter::Levels(2), Filter::Trees(2));
        let filters: &[Filter] = match trees {
            TreeDepth::All => &[Filter::NoFiles],
            TreeDepth::Root | TreeDepth::Entries if !of_commits => {
                &[Filter::Exact, Filter::NoFiles]
            }
            TreeDepth::Root => &[Filter::Levels(1), Filter::Exact, Filter::NoFiles],
            TreeDepth::Entries if first_contact => {
                &[two, two_without_files, Filter::Exact, Filter::NoFiles]
            }
            TreeDepth::Entries => &[two_without_files, two, Filter::Exact, Filter::NoFiles],
        };
        let filters = filters.iter().filter_map(|&filter| self.allowed(filter));
        filters.map(Some).chain([None]).collect()
    }

    /// The filter, where the server serves it.
    pub(super) fn allowed(&self, filter: Filter) -> Option<Filter> {
        let session = self.session.as_ref()?;
        let serves = session.capabilities().filter && !self.refused.contains(filter.kind());
        serves.then_some(filter)
    }

    fn is_shallow(&self) -> bool {
        let session = self.session.as_ref();
        session.is_some_and(|session| session.capabilities().shallow)
    }

    /// Looks for commits in the history of `HEAD`, further and further back.
    fn deepen(&mut self, commits: &[ObjectId]) -> Result<()> {
        let head = self.head_of_server()?;
        let head = self.id_of(&head)?;
        if commits.contains(&head) {
            return Err(self.not_found(head));
        }
        for depth in DEPTHS {
            let answer = self.ask(&Fetch {
                wants: vec![head],
                depth,
                filter: self.allowed(Filter::Exact),
            })?;
            let shallow = match answer {
                FetchResult::Done { shallow } => shallow,
                FetchResult::Refused(_, said) => return Err(message::error(self.server(), &said)),
            };
            if commits.iter().all(|&id| self.store.has(id)) {
                self.deepened = Some(depth);
                return Ok(());
            }
            if !shallow {
                break;
            }
        }
        let gone = commits.iter().find(|&&id| !self.store.has(id));
        Err(self.not_found(gone.copied().unwrap_or(head)))
    }

    /// Asks for commits with everything that the filter lets through, from a server that does not
    /// serve other objects by their ids.
    pub(super) fn ask_whole(&mut self, ids: &[ObjectId], filter: Option<Filter>) -> Result<()> {
        let (wants, depth) = match self.deepened {
            None => (ids.to_vec(), Some(1)),
            Some(depth) => {
                let head = self.head_of_server()?;
                (vec![self.id_of(&head)?], depth)
            }
        };
        let answer = self.ask(&Fetch {
            wants,
            depth: depth.filter(|_| self.is_shallow()),
            filter,
        })?;
        match answer {
            FetchResult::Done { .. } => Ok(()),
            FetchResult::Refused(_, said) => Err(message::error(self.server(), &said)),
        }
    }

    /// A pin may be the id of something else.
    fn check_kinds(&self, ids: &[ObjectId]) -> Result<()> {
        let other = |id: &&ObjectId| {
            let kind = self.store.kind(**id);
            kind.is_some_and(|kind| kind != ObjectType::Commit)
        };
        match ids.iter().find(other) {
            Some(&id) => Err(self.not_found(id)),
            None => Ok(()),
        }
    }

    pub(super) fn not_found(&self, id: ObjectId) -> Error {
        let name = self.name();
        Error::new(
            ErrorKind::PinNotFound,
            format!("the repository `{name}` has no commit `{id}`, or no longer has it"),
        )
        .with_url(name)
    }
}
