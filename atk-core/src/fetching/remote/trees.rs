//! How single trees come into the cache: a directory's list, and nothing of what it lists.

use super::Remote;
use crate::error::Result;
use crate::fetching::message;
use crate::fetching::message::Refusal;
use crate::fetching::object::ObjectId;
use crate::fetching::protocol::request::{Fetch, Filter};
use crate::fetching::session::FetchResult;

/// More requests than any server needs.
const MAX_ROUNDS: usize = 8;

impl Remote<'_> {
    pub(super) fn ensure_trees(&mut self, ids: &[ObjectId]) -> Result<()> {
        let mut last = Vec::new();
        let mut stuck = 0;
        for _ in 0..MAX_ROUNDS {
            let mut missing = Vec::new();
            for &id in ids {
                if self.store.tree(id)?.is_none() {
                    missing.push(id);
                }
            }
            if self.store.is_damaged() {
                self.restart()?;
                continue;
            }
            if missing.is_empty() {
                self.ensured_trees.extend(ids);
                return Ok(());
            }
            if missing == last {
                // Not sent, or written over a damaged pack that is still open.
                self.store = self.entry.open_store()?;
                stuck += 1;
            }
            match self.session()?.is_some() {
                true if stuck < 2 => self.ask_trees(&missing)?,
                _ => self.fetch_around(&missing)?,
            }
            last = missing;
        }
        Err(self.lost())
    }

    fn ask_trees(&mut self, missing: &[ObjectId]) -> Result<()> {
        let filter = self.allowed(Filter::Exact);
        let filter = filter.or_else(|| self.allowed(Filter::NoFiles));
        let answer = self.ask(&Fetch {
            wants: missing.to_vec(),
            depth: None,
            filter,
        })?;
        match answer {
            FetchResult::Done { .. } => Ok(()),
            // It is remembered, and not used again.
            FetchResult::Refused(Refusal::Filter, _) if filter.is_some() => Ok(()),
            FetchResult::Refused(Refusal::Want, _) => {
                self.ask_whole(&self.commits_so_far(), self.allowed(Filter::NoFiles))
            }
            FetchResult::Refused(_, said) => Err(message::error(self.server(), &said)),
        }
    }
}
