//! Reads an index without letting it grow in memory: through aliases, a small file can ask for
//! the same long text any number of times.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Entry, Index};

pub(super) fn index(yaml: &[u8]) -> Result<Index, serde_yaml::Error> {
    // No scalar is longer than twice what was written for it, aliases aside.
    let left = Cell::new(2 * yaml.len());
    let entries = Cell::new(yaml.len());
    let budget = Budget {
        text: &left,
        entries: &entries,
    };
    Root(budget).deserialize(serde_yaml::Deserializer::from_slice(yaml))
}

/// What may still be taken.
#[derive(Clone, Copy)]
struct Budget<'a> {
    text: &'a Cell<usize>,
    entries: &'a Cell<usize>,
}

fn spend<E: Error>(left: &Cell<usize>, amount: usize) -> Result<(), E> {
    match left.get().checked_sub(amount) {
        Some(rest) => {
            left.set(rest);
            Ok(())
        }
        None => Err(E::custom("aliases make more of it than was written")),
    }
}

/// A string; nothing is an empty one.
struct Text<'a>(Budget<'a>);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        // Asked for a string, the reader would give the text `~` for nothing.
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Text<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        spend(self.0.text, text.len())?;
        Ok(text.to_owned())
    }

    fn visit_none<E: Error>(self) -> Result<String, E> {
        Ok(String::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

/// A key: the known one that it is, or none. No key is copied; there are many.
struct Key(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|known| **known == text).copied())
    }
}

/// Fills a slot of an entry or the index, once.
fn fill<T, E: Error>(slot: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    if slot.replace(value).is_some() {
        return Err(E::duplicate_field(name));
    }
    Ok(())
}

struct Root<'a>(Budget<'a>);

impl<'de> DeserializeSeed<'de> for Root<'_> {
    type Value = Index;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Index, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Root<'_> {
    type Value = Index;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping with the key `plugins`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Index, A::Error> {
        let (mut schema_version, mut plugins) = (None, None);
        while let Some(key) = map.next_key_seed(Key(&["schema_version", "plugins"]))? {
            match key {
                Some("schema_version") => {
                    let value = map.next_value_seed(Text(self.0))?;
                    fill(&mut schema_version, "schema_version", value)?;
                }
                Some("plugins") => fill(
                    &mut plugins,
                    "plugins",
                    map.next_value_seed(Entries(self.0))?,
                )?,
                Some(_) | None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Index {
            schema_version: schema_version.unwrap_or_default(),
            plugins: plugins.ok_or_else(|| A::Error::missing_field("plugins"))?,
        })
    }
}

struct Entries<'a>(Budget<'a>);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = Vec<Entry>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Entry>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = Vec<Entry>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of plugins")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Entry>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = seq.next_element_seed(One(self.0))? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

struct One<'a>(Budget<'a>);

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = Entry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Entry, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for One<'_> {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping with the keys `name` and `path`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        spend(self.0.entries, 1)?;
        let (mut name, mut path, mut description) = (None, None, None);
        while let Some(key) = map.next_key_seed(Key(&["name", "path", "description"]))? {
            let slot = match key {
                Some("name") => (&mut name, "name"),
                Some("path") => (&mut path, "path"),
                Some("description") => (&mut description, "description"),
                Some(_) | None => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            fill(slot.0, slot.1, map.next_value_seed(Text(self.0))?)?;
        }
        Ok(Entry {
            name: name.unwrap_or_default(),
            path: path.unwrap_or_default(),
            description: description.unwrap_or_default(),
        })
    }
}
