//! Which points of a scenario are tried.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A choice of points. It is the same in each run, and another one for each class and scenario.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    every: Option<usize>,
    /// How many points, if not one of so many.
    few: usize,
    from: usize,
}

impl Sample {
    /// One point of so many.
    pub(crate) fn every(every: usize, class: &str, scenario: &str) -> Sample {
        Sample {
            every: Some(every),
            few: 0,
            from: offset(class, scenario),
        }
    }

    pub(crate) fn few(class: &str, scenario: &str) -> Sample {
        Sample {
            every: None,
            few: if class == "kill" { 4 } else { 1 },
            from: offset(class, scenario),
        }
    }

    /// True if it is a short one.
    pub(crate) fn is_few(&self) -> bool {
        self.every.is_none()
    }

    /// The points to be tried, counted from 1, of an operation that makes these calls.
    pub(crate) fn of(&self, calls: &[String]) -> Vec<usize> {
        match self.every {
            Some(every) => {
                // Of a short operation at least one point.
                let from = self.from % every.min(calls.len()).max(1);
                (from + 1..=calls.len()).step_by(every).collect()
            }
            None => self.few_of(calls),
        }
    }

    /// So many points spread over an operation of that many calls; of a short sample fewer.
    pub(crate) fn some_of(&self, calls: usize, count: usize) -> Vec<usize> {
        let count = match self.every {
            Some(every) if every <= 1 => calls.min(24),
            Some(_) => count,
            None => 1,
        };
        let step = (calls / count.max(1)).max(1);
        (self.from % step + 1..=calls).step_by(step).collect()
    }

    /// The first call of each of some kinds; most calls write objects or files, and tell no more
    /// than one of them does.
    fn few_of(&self, calls: &[String]) -> Vec<usize> {
        let mut seen = HashSet::new();
        let firsts: Vec<usize> = (1..=calls.len())
            .filter(|at| seen.insert(kind(&calls[at - 1])))
            .collect();
        let count = self.few.min(firsts.len());
        let step = firsts.len() / count.max(1);
        (0..count)
            .map(|n| firsts[(self.from + n * step) % firsts.len()])
            .collect()
    }
}

/// The call's name and, of its path, what does not differ between two runs.
fn kind(call: &str) -> String {
    let digits = |character: char| {
        if character.is_ascii_digit() {
            '0'
        } else {
            character
        }
    };
    let call = match call.find("/objects/") {
        Some(at) => &call[..at],
        None => call,
    };
    call.chars().map(digits).collect()
}

fn offset(class: &str, scenario: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    (class, scenario).hash(&mut hasher);
    (hasher.finish() % 9973) as usize
}
