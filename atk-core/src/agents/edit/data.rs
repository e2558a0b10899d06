//! What a file says, without how it is written.

use serde_json::{Map, Value};

use super::place::Place;

/// What a document says. Keys that are there twice stay, in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data {
    Map(Vec<(String, Data)>),
    List(Vec<Data>),
    /// A scalar. What JSON cannot express is a string of what stands in the file.
    Leaf(Value),
}

impl Data {
    pub(super) const NULL: Data = Data::Leaf(Value::Null);

    /// The value of an entry.
    pub(super) fn get(&self, place: &Place<'_>) -> Option<&Data> {
        let container = place
            .container()
            .iter()
            .try_fold(self, |data, key| data.key(key))?;
        container.entry(place)
    }

    /// The document without an entry, and without what is empty around it then: whether an empty
    /// container stays is decided elsewhere, and says nothing.
    pub(super) fn without(&self, place: &Place<'_>) -> Data {
        let mut data = self.clone();
        data.take(place, place.container());
        if data.is_empty() { Data::NULL } else { data }
    }

    pub(super) fn value(&self) -> Value {
        match self {
            Data::Map(pairs) => {
                let pairs = pairs.iter().map(|(key, data)| (key.clone(), data.value()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
            Data::List(items) => items.iter().map(Data::value).collect(),
            Data::Leaf(value) => value.clone(),
        }
    }

    fn take(&mut self, place: &Place<'_>, path: &[&str]) {
        if let Some((&first, rest)) = path.split_first() {
            if let Data::Map(pairs) = self
                && let Some(at) = pairs.iter().position(|(key, _)| key == first)
                && let Some((_, data)) = pairs.get_mut(at)
            {
                data.take(place, rest);
                if data.is_empty() {
                    pairs.remove(at);
                }
            }
            return;
        }
        match (self, place) {
            (Data::Map(pairs), Place::Key(_)) => {
                let key = place.key();
                pairs.retain(|(name, _)| Some(name.as_str()) != key);
            }
            (Data::List(items), Place::Item { by, name, .. }) => {
                items.retain(|item| !item.is_named(by, name));
            }
            _ => {}
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Data::Map(pairs) => pairs.is_empty(),
            Data::List(items) => items.is_empty(),
            Data::Leaf(value) => value.is_null(),
        }
    }

    pub(super) fn key(&self, key: &str) -> Option<&Data> {
        match self {
            Data::Map(pairs) => {
                let pair = pairs.iter().find(|(name, _)| name == key);
                pair.map(|(_, data)| data)
            }
            Data::List(_) | Data::Leaf(_) => None,
        }
    }

    fn entry(&self, place: &Place<'_>) -> Option<&Data> {
        match (self, place) {
            (_, Place::Key(_)) => self.key(place.key()?),
            (Data::List(items), Place::Item { by, name, .. }) => {
                items.iter().find(|item| item.is_named(by, name))
            }
            _ => None,
        }
    }

    fn is_named(&self, by: &str, name: &str) -> bool {
        matches!(self.key(by), Some(Data::Leaf(Value::String(text))) if text == name)
    }
}
