//! The indexes of registries that a search has read: many plugins are looked for in each.

use std::cell::RefCell;
use std::rc::Rc;

use crate::error::Result;
use crate::fetching::object::ObjectId;
use crate::fetching::remote::Remote;
use crate::model::index::Index;

/// The newest index, and that of a pin.
const KEPT: usize = 2;

/// The indexes that were read last.
#[derive(Default)]
pub(super) struct Indexes {
    read: RefCell<Vec<(ObjectId, Rc<Index>)>>,
}

impl Indexes {
    /// The index whose blob is in the cache.
    pub(super) fn get(
        &self,
        remote: &Remote<'_>,
        id: ObjectId,
        read: impl FnOnce(&Remote<'_>, ObjectId) -> Result<Index>,
    ) -> Result<Rc<Index>> {
        let known = self.read.borrow();
        if let Some((_, index)) = known.iter().find(|(known, _)| *known == id) {
            return Ok(Rc::clone(index));
        }
        drop(known);
        let index = Rc::new(read(remote, id)?);
        let mut known = self.read.borrow_mut();
        known.truncate(KEPT - 1);
        known.insert(0, (id, Rc::clone(&index)));
        Ok(index)
    }
}
