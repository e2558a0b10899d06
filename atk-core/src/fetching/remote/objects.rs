//! How files and whole trees come into the cache.

use super::Remote;
use crate::error::Result;
use crate::fetching::message;
use crate::fetching::message::Refusal;
use crate::fetching::missing::{Missing, absent_files};
use crate::fetching::object::ObjectId;
use crate::fetching::protocol::request::{Fetch, Filter};
use crate::fetching::session::FetchResult;

/// More requests than any server needs.
const MAX_ROUNDS: usize = 8;

impl Remote<'_> {
    pub(super) fn ensure_objects(&mut self, ids: &[ObjectId]) -> Result<()> {
        // What is here from earlier is read once; what was just received has been checked.
        let mut thorough = true;
        let mut last = Vec::new();
        let mut stuck = 0;
        for _ in 0..MAX_ROUNDS {
            let missing = Missing::new(&self.store, &self.left_out, thorough).of(ids)?;
            if self.store.is_damaged() {
                self.restart()?;
                thorough = true;
                continue;
            }
            if missing.is_empty() {
                self.ensured_objects.extend(ids);
                return Ok(());
            }
            thorough = false;
            stuck += usize::from(missing == last);
            if stuck > 0 {
                // Not sent, or written over a damaged pack that is still open.
                self.store = self.entry.open_store()?;
            }
            match self.session()?.is_some() {
                true if stuck < 2 => self.ask_objects(&missing)?,
                _ if stuck == 2 => self.restart()?,
                _ => self.fetch_around(&missing)?,
            }
            last = missing;
        }
        Err(self.lost())
    }

    fn ask_objects(&mut self, missing: &[ObjectId]) -> Result<()> {
        let max_blob = self.engine.config().bounds.blob;
        let filter = self.allowed(Filter::FilesOver(max_blob));
        let answer = self.ask(&Fetch {
            wants: missing.to_vec(),
            depth: None,
            filter,
        })?;
        match answer {
            FetchResult::Done { .. } if filter.is_some() => {
                let absent = absent_files(&self.store, missing)?;
                self.left_out.extend(absent);
                Ok(())
            }
            FetchResult::Done { .. } => Ok(()),
            FetchResult::Refused(Refusal::Filter, _) if filter.is_some() => Ok(()),
            FetchResult::Refused(Refusal::Want, _) => self.fetch_around(missing),
            FetchResult::Refused(_, said) => Err(message::error(self.server(), &said)),
        }
    }

    /// Fetches the commits that were asked for as a whole, where their parts cannot be.
    pub(super) fn fetch_around(&mut self, missing: &[ObjectId]) -> Result<()> {
        let commits = self.commits_so_far();
        match self.session()? {
            Some(_) => self.ask_whole(&commits, None)?,
            None => self.plain_fetch(&commits)?,
        }
        match missing.iter().all(|&id| self.store.has(id)) {
            true => Ok(()),
            false => Err(self.lost()),
        }
    }
    pub(super) fn commits_so_far(&self) -> Vec<ObjectId> {
        let commits = self.ensured.iter().flat_map(|(ids, _)| ids.iter().copied());
        commits.collect()
    }
}
