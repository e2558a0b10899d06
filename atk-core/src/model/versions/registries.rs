//! The registries that `atk.yaml` names.

use yaml_edit::{Document, Mapping, Sequence};

use crate::model::registry::{NamedRegistry, RegistryName, check_new, own_name, parse_url};
use crate::model::yaml;
use crate::model::yaml::fields::{Field, FieldReader, Fields};
use crate::model::yaml::tree::Tree;

/// The key of the list.
pub(super) const KEY: &str = "registries";

/// A registry of the file.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
pub(crate) struct RegistryEntry {
    /// Its name, which users write before a plugin's: `team/openmemory`.
    #[expect(dead_code, reason = "it describes the file")]
    name: String,
    /// The URL of its repository.
    #[expect(dead_code, reason = "it describes the file")]
    url: String,
    /// URLs of copies of the repository, tried in order if the first cannot be reached.
    #[expect(dead_code, reason = "it describes the file")]
    mirrors: Option<Vec<String>>,
}

/// Reads the list. Unknown fields of a registry stay in the file.
pub(super) fn read(r: &mut FieldReader, fields: &Fields<'_>) -> Vec<NamedRegistry> {
    let mut found: Vec<NamedRegistry> = Vec::new();
    if fields.given(KEY).is_none() {
        return found;
    }
    for item in r.items(fields, KEY) {
        let Some(registry) = registry(r, item.clone()) else {
            continue;
        };
        let checked = check_new(&found, &registry).and_then(|()| registry.check_mirrors());
        if r.checked(&item, checked).is_some() {
            found.push(registry);
        }
    }
    found
}

fn registry(r: &mut FieldReader, item: Field<'_>) -> Option<NamedRegistry> {
    let fields = r.mapping(item)?;
    let name = r.required(&fields, "name");
    let url = r.required(&fields, "url");
    let mut mirrors = Vec::new();
    if fields.given("mirrors").is_some() {
        for mirror in r.items(&fields, "mirrors") {
            let text = r.string(&mirror);
            mirrors.extend(text.and_then(|text| r.checked(&mirror, parse_url(&text))));
        }
    }
    Some(NamedRegistry {
        name: name.and_then(|name| r.checked(&fields.place("name"), own_name(&name)))?,
        url: url.and_then(|url| r.checked(&fields.place("url"), parse_url(&url)))?,
        mirrors,
    })
}

fn to_tree(registry: &NamedRegistry) -> Tree {
    let mut tree = Tree::mapping([
        ("name", Tree::str(registry.name.as_str())),
        ("url", Tree::str(registry.url.as_typed())),
    ]);
    if !registry.mirrors.is_empty() {
        let mirrors = registry.mirrors.iter();
        let mirrors = mirrors.map(|url| Tree::str(url.as_typed())).collect();
        tree.set("mirrors", Tree::Sequence(mirrors));
    }
    tree
}

/// Adds a registry at the end of the list.
pub(super) fn add(root: &mut Tree, registry: &NamedRegistry) {
    match root.get_mut(KEY) {
        Some(Tree::Sequence(list)) => list.push(to_tree(registry)),
        _ => root.set(KEY, Tree::Sequence(vec![to_tree(registry)])),
    }
}

/// The same in a document that was written by hand.
pub(super) fn add_in_place(document: &Document, registry: &NamedRegistry) -> Option<()> {
    let root = document.as_mapping()?;
    let list = match root.get_sequence(KEY) {
        Some(list) if !list.is_empty() => list,
        _ => {
            // A `[]` that stands in the file would take the registry between its brackets.
            root.set(KEY, Sequence::new_pending_block());
            root.get_sequence(KEY)?
        }
    };
    let written = yaml::write(&to_tree(registry));
    list.push(written.parse::<Document>().ok()?.as_mapping()?);
    Some(())
}

/// Removes the registry at a place in the list; the key goes with the last.
pub(super) fn remove(root: &mut Tree, at: usize) {
    let Some(Tree::Sequence(list)) = root.get_mut(KEY) else {
        return;
    };
    if at < list.len() {
        list.remove(at);
    }
    if list.is_empty() {
        root.remove(KEY);
    }
}

/// The same in a document that was written by hand.
pub(super) fn remove_in_place(document: &Document, at: usize) -> Option<()> {
    let root: Mapping = document.as_mapping()?;
    let list = root.get_sequence(KEY)?;
    match list.len() {
        1 => drop(root.remove(KEY)),
        _ => drop(list.remove(at)?),
    }
    Some(())
}

/// The place of a registry in the list.
pub(super) fn place(registries: &[NamedRegistry], name: &RegistryName) -> Option<usize> {
    registries.iter().position(|known| known.name == *name)
}
