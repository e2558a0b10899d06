//! Python: the models, exceptions, operations and exports of the package `atk`.

mod exceptions;
mod exports;
mod models;
mod module;
mod operations;
mod words;

pub(crate) use exceptions::class_of;

use std::collections::BTreeMap;

use crate::api::Api;
use crate::output::File;

use module::Modules;
use words::{fields, mentioned};

/// Types that the package does not have: `Home.init` returns the handle, `Home.watch` an iterator.
const WITHOUT: &[&str] = &["Initialized", "Watched"];

/// # Errors
/// Names a type, a default or a name that Python has no counterpart of.
pub(crate) fn files(api: &Api) -> Result<Vec<File>, String> {
    let mut modules = Modules::by_hand();
    let mut owners = BTreeMap::new();
    let roots: [(&str, &[&str]); 3] = [
        ("_definition", &["Definition"]),
        ("_events", &["Event", "Prompt"]),
        ("_details", &["Details"]),
    ];
    for (module, roots) in roots {
        for root in roots {
            claim(api, root, module, &mut owners)?;
        }
    }
    let of = |module: &str| {
        let rest = module == "_models";
        let types = api.types.iter();
        types
            .filter(|named| !WITHOUT.contains(&named.name.as_str()))
            .filter(|named| match owners.get(&named.name) {
                Some(owner) => owner == module,
                None => rest,
            })
            .collect::<Vec<_>>()
    };
    modules.add(models::module(
        api,
        "_definition",
        "A plugin definition.",
        &of("_definition"),
    )?);
    modules.add(models::module(
        api,
        "_models",
        "What operations return: frozen dataclasses.",
        &of("_models"),
    )?);
    modules.add(models::module(
        api,
        "_events",
        "Events and prompts of a running operation.",
        &of("_events"),
    )?);
    modules.add(exceptions::details(api, &of("_details"))?);
    modules.add(exceptions::module(api)?);
    modules.add(operations::options(api)?);
    modules.add(operations::blocking(api)?);
    modules.add(operations::coroutines(api)?);
    modules.add(exports::module(&modules));
    Ok(modules.files())
}

/// Gives a type, and those that it is made of, to a module.
fn claim(
    api: &Api,
    name: &str,
    module: &str,
    owners: &mut BTreeMap<String, String>,
) -> Result<(), String> {
    if owners.contains_key(name) {
        return Ok(());
    }
    owners.insert(name.to_owned(), module.to_owned());
    let mut names = Vec::new();
    for field in fields(api.named(name)?) {
        mentioned(field, &mut names);
    }
    names
        .iter()
        .try_for_each(|name| claim(api, name, module, owners))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is said of a description with one change.
    fn refusal(pointer: &str, value: serde_json::Value) -> String {
        let mut document = atk_core::api();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[name] = value;
        files(&Api::read(&document).unwrap()).unwrap_err()
    }

    #[test]
    fn a_shape_that_python_does_not_know_is_refused() {
        let model = json!({ "$ref": "#/$defs/Added" });
        assert_eq!(
            refusal("/parameters/at", model),
            "Python has no way to pass `at`: Named(\"Added\")"
        );
        let error = json!({ "$ref": "#/$defs/Error" });
        assert_eq!(
            refusal("/$defs/Added/properties/surprise", error),
            "Python has no default for `Added.surprise`: Error"
        );
        let keyword = json!({ "type": ["string", "null"], "description": "A keyword." });
        assert_eq!(
            refusal("/$defs/Readme/properties/from", keyword),
            "`from` cannot be a name in Python"
        );
    }

    #[test]
    fn a_new_kind_of_error_has_a_class_by_its_code_and_number() {
        let mut document = atk_core::api();
        document["error_kinds"].as_array_mut().unwrap().push(json!({
            "code": "plugin_on_fire", "number": 49, "exit_code": 1, "description": "Fire.",
        }));
        let files = files(&Api::read(&document).unwrap()).unwrap();
        let errors = files.iter().find(|file| file.path.ends_with("_errors.py"));
        let class = "class PluginOnFireError(PluginError, code=\"plugin_on_fire\", number=49, exit_code=1):\n";
        assert!(errors.unwrap().content.contains(class));
    }
}
