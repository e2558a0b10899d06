//! The operations that call each other through callbacks, and the locks they hold.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

thread_local! {
    static CALLER: RefCell<Caller> = RefCell::default();
}

/// Identifies who calls an operation.
///
/// A callback must not change a home whose lock its operation holds: it would wait for itself.
/// Such a change fails with [`ErrorKind::HomeNested`](crate::ErrorKind::HomeNested), also if other
/// homes are changed in between. A program whose operations and callbacks run on one thread needs
/// nothing for that. One that runs an operation on a worker thread makes a [`child`](Self::child)
/// of the caller of the [current thread](Self::of_this_thread), [adopts](Self::adopt) it in the
/// worker, and runs callbacks [within](Self::within) it.
#[derive(Debug, Clone, Default)]
pub struct Caller(Arc<Operations>);

#[derive(Debug, Default)]
struct Operations {
    held: Mutex<Vec<HeldLock>>,
    /// Whose callback these operations are called from.
    outer: Option<Caller>,
}

/// A lock that an operation holds.
#[derive(Debug, Clone)]
pub(super) struct HeldLock {
    /// Device and inode of its file.
    pub(super) file: (u64, u64),
    /// What the lock file says, if it says something.
    pub(super) token: Option<String>,
}

impl Caller {
    /// Returns the caller of the operations of this thread.
    #[must_use]
    pub fn of_this_thread() -> Self {
        CALLER.with_borrow(Clone::clone)
    }

    /// Makes a caller for one operation, which this one calls.
    #[must_use]
    pub fn child(&self) -> Self {
        Caller(Arc::new(Operations {
            held: Mutex::default(),
            outer: Some(self.clone()),
        }))
    }

    /// Makes this the caller of the operations of this thread. Returns the one before.
    pub fn adopt(self) -> Self {
        CALLER.replace(self)
    }

    /// Runs work with this as the caller of the operations of this thread.
    pub fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        struct Restore(Caller);
        impl Drop for Restore {
            fn drop(&mut self) {
                std::mem::take(&mut self.0).adopt();
            }
        }
        let _restore = Restore(self.clone().adopt());
        work()
    }

    pub(super) fn holds(&self, file: (u64, u64)) -> bool {
        self.with(|held| held.iter().any(|one| one.file == file))
            || self.outer().is_some_and(|outer| outer.holds(file))
    }

    /// The tokens of the locks that are held, the outermost first, separated by colons.
    pub(super) fn tokens(&self) -> String {
        let mut tokens: Vec<_> = self.outer().map(Caller::tokens).into_iter().collect();
        self.with(|held| tokens.extend(held.iter().filter_map(|one| one.token.clone())));
        tokens.retain(|token| !token.is_empty());
        tokens.join(":")
    }

    pub(super) fn hold(&self, lock: HeldLock) {
        self.with(|held| held.push(lock));
    }

    pub(super) fn release(&self, file: (u64, u64)) {
        self.with(|held| held.retain(|one| one.file != file));
    }

    fn outer(&self) -> Option<&Caller> {
        self.0.outer.as_ref()
    }

    fn with<T>(&self, look: impl FnOnce(&mut Vec<HeldLock>) -> T) -> T {
        look(&mut self.0.held.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(number: u64) -> HeldLock {
        HeldLock {
            file: (1, number),
            token: Some(format!("t{number}")),
        }
    }

    #[test]
    fn a_child_sees_the_locks_of_its_callers_and_they_do_not_see_its_own() {
        let outer = Caller::default();
        let inner = outer.child();
        outer.hold(lock(1));
        inner.hold(lock(2));
        assert!(inner.holds((1, 1)) && inner.holds((1, 2)));
        assert!(!outer.holds((1, 2)));
        assert_eq!(inner.child().tokens(), "t1:t2");
        outer.release((1, 1));
        assert!(!inner.child().holds((1, 1)));
    }

    #[test]
    fn the_thread_has_its_caller_back_after_work_within_another() {
        let outer = Caller::default();
        outer.hold(lock(1));
        let unwound = std::panic::catch_unwind(|| {
            outer.within(|| {
                assert!(Caller::of_this_thread().holds((1, 1)));
                std::panic::resume_unwind(Box::new(()));
            })
        });
        assert!(unwound.is_err() && !Caller::of_this_thread().holds((1, 1)));
    }
}
