//! The pairs of a mapping: keys that are the same, and merge keys.

use std::collections::HashMap;
use std::rc::Rc;

use super::composed::{Composed, Role};
use super::node::{Node, ScalarKind, Value};
use crate::error::Problem;
use crate::text::escape;

/// Collects the pairs of a mapping as they are written.
#[derive(Default)]
pub(super) struct MappingBuilder {
    own: Pairs,
    merge: Option<(Node, Node)>,
}

impl MappingBuilder {
    /// Adds a pair.
    ///
    /// # Errors
    /// A key that is a collection, or that is there already.
    pub(super) fn add(&mut self, key: Composed, value: Composed) -> Result<(), Problem> {
        let role = key.role;
        let key = key.node;
        if role == Role::Merge {
            if let Some((first, _)) = &self.merge {
                return Err(twice(first, &key));
            }
            self.merge = Some((key, value.data()?));
            return Ok(());
        }
        let Some(same) = Same::of(&key) else {
            let what = key.describe();
            return Err(key.mark.problem(format!("a key cannot be {what}")));
        };
        if let Some((first, _)) = self.own.get(&same) {
            return Err(twice(first, &key));
        }
        self.own.push(same, key, value.data()?);
        Ok(())
    }

    /// The pairs with the merge key applied: merged pairs first, where PyYAML puts them; the
    /// mapping's own win, then those of the first of the merged mappings.
    ///
    /// # Errors
    /// A merge of something that is no mapping.
    pub(super) fn finish(self) -> Result<Vec<(Node, Node)>, Problem> {
        let Some((_, merged)) = self.merge else {
            return Ok(self.own.pairs);
        };
        let mut pairs = Pairs::default();
        match &merged.value {
            Value::Mapping(_) => pairs.set_all(&merged)?,
            Value::Sequence(items) => {
                for item in items.iter().rev() {
                    pairs.set_all(item)?;
                }
            }
            Value::Scalar(_) => pairs.set_all(&merged)?,
        }
        for (key, value) in self.own.pairs {
            if let Some(same) = Same::of(&key) {
                pairs.set(same, key, value);
            }
        }
        Ok(pairs.pairs)
    }
}

/// So many pairs are searched faster one by one than by a hash.
const FEW: usize = 8;

/// Pairs in order, found by key.
#[derive(Default)]
struct Pairs {
    pairs: Vec<(Node, Node)>,
    /// Where each key stands, once there are more than a few.
    places: HashMap<Same, usize>,
}

impl Pairs {
    fn place(&self, same: &Same) -> Option<usize> {
        if self.pairs.len() > FEW {
            return self.places.get(same).copied();
        }
        self.pairs
            .iter()
            .position(|(key, _)| Same::of(key).as_ref() == Some(same))
    }

    fn get(&self, same: &Same) -> Option<&(Node, Node)> {
        self.pairs.get(self.place(same)?)
    }

    /// Adds a pair, or replaces the one of the same key at its place.
    fn set(&mut self, same: Same, key: Node, value: Node) {
        match self.place(&same).and_then(|at| self.pairs.get_mut(at)) {
            Some(pair) => *pair = (key, value),
            None => self.push(same, key, value),
        }
    }

    /// Adds a pair whose key is new.
    fn push(&mut self, same: Same, key: Node, value: Node) {
        let at = self.pairs.len();
        if at == FEW {
            let keys = self.pairs.iter().enumerate();
            let known = keys.filter_map(|(at, (key, _))| Some((Same::of(key)?, at)));
            self.places = known.collect();
        }
        if at >= FEW {
            self.places.insert(same, at);
        }
        self.pairs.push((key, value));
    }

    fn set_all(&mut self, mapping: &Node) -> Result<(), Problem> {
        let Some(pairs) = mapping.as_mapping() else {
            let what = mapping.describe();
            return Err(mapping
                .mark
                .problem(format!("only mappings can be merged, found {what}")));
        };
        for (key, value) in pairs {
            if let Some(same) = Same::of(key) {
                self.set(same, key.clone(), value.clone());
            }
        }
        Ok(())
    }
}

/// When two keys are one: as Python compares them, by which `1`, `1.0` and `true` are the same.
#[derive(PartialEq, Eq, Hash)]
enum Same {
    Null,
    Int(i64),
    Text(Rc<str>),
    /// A float, a large integer, a date: by what was written.
    Other(Rc<str>),
}

impl Same {
    /// `None` for collections.
    fn of(key: &Node) -> Option<Same> {
        let scalar = key.as_scalar()?;
        let text = || Rc::clone(&scalar.text);
        Some(match scalar.kind {
            ScalarKind::Null => Same::Null,
            ScalarKind::Bool(value) => Same::Int(i64::from(value)),
            ScalarKind::Int(Some(value)) => Same::Int(value),
            ScalarKind::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "it is whole and small enough"
                )]
                let whole = value as i64;
                Same::Int(whole)
            }
            ScalarKind::Str => Same::Text(text()),
            ScalarKind::Int(None)
            | ScalarKind::Float(_)
            | ScalarKind::Timestamp
            | ScalarKind::Binary => Same::Other(text()),
        })
    }
}

fn twice(first: &Node, second: &Node) -> Problem {
    let name = second.as_scalar().map_or("", |scalar| &scalar.text);
    second.mark.problem(format!(
        "duplicate key `{}`, first in line {}",
        escape(name),
        first.mark.line
    ))
}

#[cfg(test)]
mod tests {
    use super::super::{Budget, read};

    #[test]
    fn merged_pairs_come_first_and_give_way_to_what_is_written() {
        let text = "a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc:\n  q: 3\n  y: 3\n  <<: [*a, *b]\n";
        let root = read(text, "f", Budget::DEFINITION).unwrap().unwrap();
        let merged: Vec<String> = root
            .get("c")
            .and_then(|c| c.as_mapping())
            .unwrap()
            .iter()
            .map(|(key, value)| {
                let text = |node: &super::Node| node.as_scalar().unwrap().text.to_string();
                format!("{}={}", text(key), text(value))
            })
            .collect();
        assert_eq!(merged, ["x=1", "z=2", "y=3", "q=3"]);
        for wrong in ["<<: 1\n", "<<: [1]\n", "<<: {}\n<<: {}\n"] {
            read(wrong, "f", Budget::DEFINITION).unwrap_err();
        }
        assert!(read("'<<': 1\n", "f", Budget::DEFINITION).is_ok());
    }
}
