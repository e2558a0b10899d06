//! Named places between the steps, where a test can stop the process.

use std::fmt;
use std::sync::Arc;

/// A function that is told which step comes next.
#[doc(hidden)]
pub type Checkpoint = Arc<dyn Fn(&str) + Send + Sync>;

/// Tells the checkpoint, if there is one, about each step.
#[derive(Clone, Default)]
pub(super) struct Steps(Option<Checkpoint>);

impl Steps {
    pub(super) fn new(checkpoint: Option<Checkpoint>) -> Self {
        Steps(checkpoint)
    }

    /// Says that the step of this name comes next. Names are stable; they say nothing of paths.
    pub(super) fn at(&self, step: &str) {
        if let Some(checkpoint) = &self.0 {
            checkpoint(step);
        }
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Steps(…)"
        } else {
            "Steps"
        })
    }
}
