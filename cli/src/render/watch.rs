//! A change of a watched home as text for people.

use atk_core::{Event, escape};

pub(crate) fn change(event: &Event) -> String {
    match event {
        Event::Changed { plugins, manifest } => {
            let names: Vec<String> = plugins.iter().map(|name| escape(name)).collect();
            let names = names.join(", ");
            match (names.is_empty(), *manifest) {
                (false, true) => format!("changed: the list of plugins, {names}\n"),
                (false, false) => format!("changed: {names}\n"),
                (true, _) => "changed: the list of plugins or the settings\n".to_owned(),
            }
        }
        _ => String::new(),
    }
}
