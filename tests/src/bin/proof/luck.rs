//! What stays of what was not synced.

use std::rc::Rc;

use crate::random::Random;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Luck<'r> {
    Nothing,
    /// All names, and no bytes.
    Names,
    Random(&'r Random),
}

impl Luck<'_> {
    /// Which of so many changes of names stay.
    pub(crate) fn choose(self, count: usize) -> Vec<bool> {
        match self {
            Luck::Nothing => vec![false; count],
            Luck::Names => vec![true; count],
            Luck::Random(random) => {
                // In some of the cases nearly all is kept, in others nearly nothing.
                let of = 2 + random.below(5);
                let keeps = random.below(2) == 0;
                let one = |_| (random.below(of) == 0) != keeps;
                (0..count).map(one).collect()
            }
        }
    }

    /// What a file holds that held `old` when it was synced, and then `now`.
    pub(crate) fn bytes(self, old: &Rc<[u8]>, now: Rc<[u8]>) -> Rc<[u8]> {
        match self {
            Luck::Nothing => old.clone(),
            Luck::Names => torn(old, &now, 0),
            Luck::Random(random) => match random.below(5) {
                0 => old.clone(),
                1 => now,
                how => torn(old, &now, how - 2),
            },
        }
    }
}

/// Bytes of which some were lost. What was synced stays where only an end was added or cut off.
fn torn(old: &Rc<[u8]>, now: &Rc<[u8]>, how: usize) -> Rc<[u8]> {
    if old.starts_with(now) {
        return if how == 0 { old.clone() } else { now.clone() };
    }
    let kept = if now.starts_with(old) { old.len() } else { 0 };
    match how {
        0 => Rc::from(&now[..kept]),
        1 => Rc::from(&now[..kept + (now.len() - kept) / 2]),
        // The file has its length already, and a part of it was never written.
        _ => {
            let mut bytes = now.to_vec();
            let from = kept + (bytes.len() - kept) / 2;
            bytes[from..].fill(0);
            Rc::from(bytes)
        }
    }
}
