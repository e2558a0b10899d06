//! Reads an index event by event: it never lies in memory as a document, so that a hostile one
//! costs no more than its own bytes.

use std::borrow::Cow;

use super::Index;
use super::events::{Events, Stop, YamlEvent};
use crate::error::{Error, ErrorKind, Result};
use crate::host::CancelToken;
use crate::model::conflict::Conflict;
use crate::model::lfs;
use crate::model::limits::{INDEX_BYTES, INDEX_ENTRIES};

impl Index {
    /// Reads the bytes of an `index.yaml`, with or without a byte order mark. Unknown keys are
    /// ignored, and so are entries without a name; an entry without a path or a description has
    /// an empty one.
    ///
    /// # Errors
    /// [`ErrorKind::RegistryInvalid`]: too large, not YAML, not an index. [`ErrorKind::Cancelled`].
    pub(crate) fn read(yaml: &[u8], cancel: &CancelToken) -> Result<Index> {
        if yaml.len() > INDEX_BYTES {
            return Err(Error::new(
                ErrorKind::RegistryInvalid,
                format!(
                    "the registry's `index.yaml` has {} bytes, at most {INDEX_BYTES} are allowed",
                    yaml.len()
                ),
            ));
        }
        let text = match std::str::from_utf8(yaml) {
            Ok(text) => text,
            Err(_) if yaml.starts_with(&[0xFF, 0xFE]) || yaml.starts_with(&[0xFE, 0xFF]) => {
                return Err(unreadable("it is UTF-16, it must be UTF-8"));
            }
            Err(_) => return Err(unreadable("it is not UTF-8")),
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let read = index(text, cancel);
        // A single value may be as large as the whole index, and is read without a check.
        cancel.check()?;
        read.map_err(|stop| match stop {
            Stop::Cancelled => Error::cancelled(),
            // The parser complains about a line that looks right.
            Stop::Invalid(why) => unreadable(&match Conflict::first_line(text) {
                Some(line) => format!("line {line}: a git merge left conflict markers in it"),
                None if lfs::is_pointer(yaml) => lfs::UNUSABLE.to_owned(),
                None => why,
            }),
        })
    }
}

/// The error of an index that is not one.
fn unreadable(why: &str) -> Error {
    Error::new(
        ErrorKind::RegistryInvalid,
        format!("the registry's `index.yaml` cannot be read: {why}"),
    )
}

/// Reads the text of an index.
fn index(text: &str, cancel: &CancelToken) -> Result<Index, Stop> {
    let mut reader = IndexReader {
        events: Events::new(text, cancel),
        // Aliases can repeat a long text any number of times.
        left: 2 * text.len(),
        index: Index::default(),
    };
    reader.root()?;
    Ok(reader.index)
}

struct IndexReader<'t, 'c> {
    events: Events<'t, 'c>,
    /// How many bytes of text may still be kept.
    left: usize,
    index: Index,
}

impl<'t> IndexReader<'t, '_> {
    fn root(&mut self) -> Result<(), Stop> {
        match self.events.next()? {
            Some(YamlEvent::Mapping) => {}
            _ => return Err(self.expected("a mapping with the key `plugins`")),
        }
        let (mut version, mut plugins) = (false, false);
        while let Some(key) = self.key()? {
            match key.as_deref() {
                Some("schema_version") => {
                    self.once(&mut version, "schema_version")?;
                    self.index.schema_version = self.text()?.into_owned();
                }
                Some("plugins") => {
                    self.once(&mut plugins, "plugins")?;
                    self.plugins()?;
                }
                Some(_) | None => self.pass()?,
            }
        }
        if !plugins {
            return Err(self.events.invalid("the key `plugins` is missing"));
        }
        match self.events.next()? {
            None => Ok(()),
            Some(_) => Err(self.expected("the end")),
        }
    }

    fn plugins(&mut self) -> Result<(), Stop> {
        if !matches!(self.value()?, YamlEvent::List) {
            return Err(self.expected("a list of plugins"));
        }
        loop {
            match self.value()? {
                YamlEvent::End => return Ok(()),
                YamlEvent::Mapping => self.entry()?,
                _ => return Err(self.expected("a mapping with the keys `name` and `path`")),
            }
        }
    }

    fn entry(&mut self) -> Result<(), Stop> {
        let (mut name, mut path, mut description) = (None, None, None);
        while let Some(key) = self.key()? {
            let (slot, key) = match key.as_deref() {
                Some("name") => (&mut name, "name"),
                Some("path") => (&mut path, "path"),
                Some("description") => (&mut description, "description"),
                Some(_) | None => {
                    self.pass()?;
                    continue;
                }
            };
            if slot.replace(self.text()?).is_some() {
                return Err(self.events.invalid(&format!("duplicate key `{key}`")));
            }
        }
        let name = name.unwrap_or_default();
        if name.is_empty() {
            return Ok(());
        }
        let (path, description) = (path.unwrap_or_default(), description.unwrap_or_default());
        let size = name.len() + path.len() + description.len();
        self.left = match self.left.checked_sub(size) {
            Some(left) => left,
            None => {
                return Err(self
                    .events
                    .invalid("aliases make it larger than the file itself"));
            }
        };
        match self.index.push(&name, &path, &description) {
            true => Ok(()),
            false => Err(self
                .events
                .invalid(&format!("it has more than {INDEX_ENTRIES} plugins"))),
        }
    }

    /// The next key of a mapping, none at its end; a key that is no text is one without a name.
    fn key(&mut self) -> Result<Option<Option<Cow<'t, str>>>, Stop> {
        match self.value()? {
            YamlEvent::End => Ok(None),
            YamlEvent::Scalar(text) => Ok(Some(Some(text))),
            YamlEvent::Null => Ok(Some(None)),
            _ => Err(self.expected("a key")),
        }
    }

    /// A text; nothing is an empty one.
    fn text(&mut self) -> Result<Cow<'t, str>, Stop> {
        match self.value()? {
            YamlEvent::Scalar(text) => Ok(text),
            YamlEvent::Null => Ok("".into()),
            _ => Err(self.expected("a string")),
        }
    }

    fn pass(&mut self) -> Result<(), Stop> {
        let first = self.value()?;
        self.events.skip(&first)
    }

    fn value(&mut self) -> Result<YamlEvent<'t>, Stop> {
        match self.events.next()? {
            Some(event) => Ok(event),
            None => Err(self.expected("a value")),
        }
    }

    fn once(&self, seen: &mut bool, key: &str) -> Result<(), Stop> {
        match std::mem::replace(seen, true) {
            false => Ok(()),
            true => Err(self.events.invalid(&format!("duplicate key `{key}`"))),
        }
    }

    fn expected(&self, what: &str) -> Stop {
        self.events.invalid(&format!("expected {what}"))
    }
}
