//! `${NAME}` and `${NAME:-default}` in values, as python-dotenv replaces them.

use std::collections::HashMap;

use super::read::Binding;

/// A value that grows beyond this stays as it is written. Each line may refer to the one before
/// twice, so that sixty lines could fill any memory.
const LARGEST: usize = 1 << 20;

/// The variables in the order of their first lines, each with its last value; `None` if the last
/// line only names it. `${NAME}` means an earlier line of the file, else the environment.
pub(super) fn resolve(
    bindings: Vec<Binding>,
    outside: &dyn Fn(&str) -> Option<String>,
) -> Vec<(String, Option<String>)> {
    let mut resolved: Vec<(String, Option<String>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for binding in bindings {
        let value = binding.value.map(|value| {
            if value.literal {
                return value.text;
            }
            expand(
                &value.text,
                &|name| match places.get(name).and_then(|at| resolved.get(*at)) {
                    Some((_, value)) => Some(value.clone().unwrap_or_default()),
                    None => outside(name),
                },
            )
        });
        match places
            .get(&binding.name)
            .and_then(|at| resolved.get_mut(*at))
        {
            Some(entry) => entry.1 = value,
            None => {
                places.insert(binding.name.clone(), resolved.len());
                resolved.push((binding.name, value));
            }
        }
    }
    resolved
}

fn expand(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, reference) = rest.split_at(at);
        value.push_str(before);
        match parts(reference) {
            Some((name, default, length)) => {
                value.push_str(&lookup(name).unwrap_or_else(|| default.to_owned()));
                rest = &reference[length..];
            }
            None => {
                value.push('$');
                rest = &reference[1..];
            }
        }
        if value.len() > LARGEST {
            return text.to_owned();
        }
    }
    value.push_str(rest);
    value
}

/// True if something in the text would be replaced.
pub(super) fn has_reference(text: &str) -> bool {
    text.match_indices("${")
        .any(|(at, _)| parts(&text[at..]).is_some())
}

/// Name, default and length of the reference that the text starts with.
fn parts(text: &str) -> Option<(&str, &str, usize)> {
    let inner = text.strip_prefix("${")?;
    let name_end = inner.find(['}', ':'])?;
    let (name, rest) = inner.split_at(name_end);
    if rest.starts_with('}') {
        return Some((name, "", 2 + name_end + 1));
    }
    let default = rest.strip_prefix(":-")?;
    let default = &default[..default.find('}')?];
    Some((name, default, 2 + name_end + 2 + default.len() + 1))
}
