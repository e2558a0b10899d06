//! The user's overlay: `custom/overrides.yaml` merged over `plugin.yaml`.

use std::rc::Rc;

use super::yaml::node::{Node, Value};
use crate::error::Problem;

/// Merges an overlay over a definition. Mappings merge deeply, the overlay's value wins; lists and
/// scalars are replaced whole. Every node keeps its place, so that a problem found later names the
/// file that the value came from. An overlay that is null changes nothing.
///
/// # Errors
/// An overlay that is neither a mapping nor null.
pub(crate) fn merge(base: Node, over: Node) -> Result<Node, Problem> {
    if over.is_null() {
        return Ok(base);
    }
    if over.as_mapping().is_none() {
        return Err(over.mark.problem(format!(
            "expected a mapping of the fields to replace, found {}",
            over.describe()
        )));
    }
    Ok(merged(&base, &over))
}

/// Both files were read within the limit of depth, so that this ends.
fn merged(base: &Node, over: &Node) -> Node {
    let (Value::Mapping(base_pairs), Value::Mapping(over_pairs)) = (&base.value, &over.value)
    else {
        return over.clone();
    };
    let mut pairs = base_pairs.as_ref().clone();
    for (key, value) in over_pairs.iter() {
        match pairs.iter_mut().find(|(name, _)| same(name, key)) {
            Some(pair) => *pair = (key.clone(), merged(&pair.1, value)),
            None => pairs.push((key.clone(), value.clone())),
        }
    }
    Node {
        mark: base.mark.clone(),
        value: Value::Mapping(Rc::new(pairs)),
    }
}

/// True for keys that PyYAML takes for the same, however each is quoted.
fn same(one: &Node, other: &Node) -> bool {
    match (one.as_scalar(), other.as_scalar()) {
        (Some(one), Some(other)) => one.kind == other.kind && one.text == other.text,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::yaml::{Budget, read};

    fn merged_text(base: &str, over: &str) -> String {
        let node = |text, file| read(text, file, Budget::DEFINITION).unwrap().unwrap();
        match merge(
            node(base, "plugin.yaml"),
            node(over, "custom/overrides.yaml"),
        ) {
            Ok(node) => show(&node),
            Err(problem) => problem.to_string(),
        }
    }

    fn show(node: &Node) -> String {
        let place = format!("@{}{}", &node.mark.file[..1], node.mark.line);
        match &node.value {
            Value::Scalar(scalar) => format!("{}{place}", scalar.text),
            Value::Sequence(items) => {
                let items: Vec<_> = items.iter().map(show).collect();
                format!("[{}]", items.join(" "))
            }
            Value::Mapping(pairs) => {
                let pairs: Vec<_> = pairs
                    .iter()
                    .map(|(key, value)| format!("{}: {}", show(key), show(value)))
                    .collect();
                format!("{{{}}}", pairs.join(", "))
            }
        }
    }

    #[test]
    fn mappings_merge_deeply_and_the_rest_is_replaced_whole() {
        assert_eq!(
            merged_text(
                "a: 1\nb: {c: 2, d: [3, 4]}\ne: {f: 5}\n",
                "b:\n  'd': [6]\n  g: 7\ne: ~\n\"h\": 8\n",
            ),
            "{a@p1: 1@p1, b@c1: {c@p2: 2@p2, d@c2: [6@c2], g@c3: 7@c3}, e@c4: ~@c4, h@c5: 8@c5}"
        );
    }

    #[test]
    fn an_overlay_is_a_mapping_or_nothing() {
        assert_eq!(merged_text("a: 1", "~"), "{a@p1: 1@p1}");
        assert_eq!(merged_text("a: 1", "{}"), "{a@p1: 1@p1}");
        assert_eq!(
            merged_text("a: 1", "# c\n- b: 2\n"),
            "custom/overrides.yaml:2:1: expected a mapping of the fields to replace, found a list"
        );
    }
}
