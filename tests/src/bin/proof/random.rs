//! Numbers that follow from a seed alone.

use std::cell::Cell;

#[derive(Debug)]
pub(crate) struct Random(Cell<u64>);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(Cell::new(seed | 1))
    }

    /// A number below `end`.
    pub(crate) fn below(&self, end: usize) -> usize {
        let next = self
            .0
            .get()
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0.set(next);
        (next >> 33) as usize % end.max(1)
    }
}
