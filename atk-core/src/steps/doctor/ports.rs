//! Ports that several plugins declare.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::patient::Patient;

const ID: &str = "ports";

pub(super) fn check(patient: &Patient<'_>) -> Vec<Finding> {
    if patient.manifest.is_none() {
        return Vec::new();
    }
    let mut plugins: BTreeMap<(u16, bool), Vec<String>> = BTreeMap::new();
    for (entry, definition) in patient.definitions() {
        for port in &definition.ports {
            let is_udp = port.protocol.to_ascii_lowercase().starts_with("udp");
            let plugins = plugins.entry((port.port, is_udp)).or_default();
            let directory = entry.directory.to_string();
            if !plugins.contains(&directory) {
                plugins.push(directory);
            }
        }
    }
    let twice = plugins.into_iter().filter(|(_, plugins)| plugins.len() > 1);
    let findings: Vec<_> = twice
        .map(|((port, _), plugins)| {
            Finding::warning(
                ID,
                format!(
                    "port {port} is declared by several plugins: {}",
                    plugins.join(", ")
                ),
                "set another port in `custom/overrides.yaml` of one of them",
            )
        })
        .collect();
    match findings.is_empty() {
        true => vec![Finding::ok(ID, "no port is declared twice")],
        false => findings,
    }
}
