//! What the package exports: all generated names, and a few of the modules by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::module::{Module, Modules, imported};

const INIT: &str = include_str!("init.py");

/// Exported names of modules that are written by hand.
const BY_HAND: &[&str] = &[
    "AtkError",
    "CancelToken",
    "Default",
    "OnEvent",
    "OnOutput",
    "OnPrompt",
    "Plan",
    "Reply",
    "USE_DEFAULT",
    "Watch",
];
/// A generated name that is not exported.
const PRIVATE: &str = "KINDS";

pub(super) fn module(modules: &Modules) -> Module {
    let generated = [
        "_definition",
        "_details",
        "_errors",
        "_events",
        "_home",
        "_models",
        "_options",
    ];
    let mut imports: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut names = BTreeSet::from(["__version__", "aio"]);
    for (name, module) in &modules.owners {
        let is_public = generated.contains(&module.as_str()) || BY_HAND.contains(&name.as_str());
        if is_public && name != PRIVATE {
            imports.entry(module).or_default().push(name);
            names.insert(name);
        }
    }
    let mut lines = String::new();
    for (module, names) in imports {
        lines += &imported(module, &names);
        if module == "_native" {
            lines += "from ._native import VERSION as __version__\n";
        }
    }
    let names = names.iter().map(|name| format!("    \"{name}\",\n"));
    Module {
        name: "__init__",
        doc: String::new(),
        names: Vec::new(),
        body: INIT
            .replace("@IMPORTS@\n", &(lines + "\n"))
            .replace("@NAMES@", &names.collect::<String>()),
    }
}
