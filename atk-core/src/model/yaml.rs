//! YAML as the Python tool means it: nodes with positions, typed by YAML 1.1, and a writer whose
//! bytes are PyYAML's.

pub(crate) mod node;
