//! YAML as the Python tool means it: nodes with positions, typed by YAML 1.1, and a writer whose
//! bytes are PyYAML's.
//!
//! [`read()`] is the only reader of what people write by hand (`plugin.yaml`, `overrides.yaml`,
//! `manifest.yaml`).

mod compose;
mod composed;
pub(crate) mod edit;
pub(crate) mod fields;
mod mapping;
pub(crate) mod node;
mod read;
#[cfg(test)]
mod recorded;
mod resolve;
mod suspect;
mod tag;
pub(crate) mod tree;
mod write;

pub(crate) use read::{Budget, MAX_DEPTH, read, read_bytes};
pub(crate) use suspect::explain;
pub(crate) use write::{Style, inline, style, write, write_unicode};
