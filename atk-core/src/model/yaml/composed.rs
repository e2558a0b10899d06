//! A node of a document that is being read, and what it costs.

use super::node::{Mark, Node, Scalar, Value};
use crate::error::Problem;

/// A node with what an alias to it costs.
#[derive(Clone)]
pub(super) struct Composed {
    pub(super) node: Node,
    pub(super) role: Role,
    /// Nodes in it, itself included, aliases expanded.
    pub(super) count: usize,
    /// Collections in each other, itself included; 0 for a scalar.
    pub(super) height: usize,
}

/// What a scalar may be beside data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Data,
    /// A plain `<<`, which as a key merges.
    Merge,
    /// A plain `=`, which as a key is a string and elsewhere has no meaning.
    Default,
}

impl Composed {
    pub(super) fn scalar(mark: Mark, scalar: Scalar, role: Role) -> Self {
        Composed {
            node: Node {
                mark,
                value: Value::Scalar(scalar),
            },
            role,
            count: 1,
            height: 0,
        }
    }

    /// The node as a value: `<<` and `=` have no meaning there.
    pub(super) fn data(self) -> Result<Node, Problem> {
        match self.role {
            Role::Data => Ok(self.node),
            Role::Merge => Err(self.no_value("<<")),
            Role::Default => Err(self.no_value("=")),
        }
    }

    fn no_value(&self, text: &str) -> Problem {
        let message = format!("a `{text}` without quotes is not a value; put quotes around it");
        self.node.mark.problem(message)
    }
}
