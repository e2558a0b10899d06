//! Changes one entry of a configuration file and leaves every other byte as it is.
//!
//! Each format finds where an entry is, or would be, and gives the changes of the text; no format
//! writes a document anew. What comes of the changes is parsed, and refused unless everything but
//! the entry says what it said before.

mod data;
mod flow;
mod jsonc;
mod layout;
mod place;
mod source;
mod splice;
#[cfg(test)]
mod tests;
mod toml;
mod trace;
mod yaml;

use serde_json::Value;

use data::Data;
pub(crate) use place::Place;
use source::Source;
use splice::Splice;
pub(crate) use trace::Trace;

/// A problem of the file. Its `file` is empty: the caller knows what its user calls the file.
pub(crate) use crate::error::Problem;

/// How a configuration file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// JSON, with or without comments and trailing commas.
    Jsonc,
    Toml,
    Yaml,
}

/// Returns the value of an entry; `None` if the file has no such entry.
///
/// # Errors
/// The file cannot be parsed, a key of the place is there twice, or what should hold the entry is
/// something else.
pub(crate) fn read(
    format: Format,
    bytes: &[u8],
    place: &Place<'_>,
) -> Result<Option<Value>, Problem> {
    let source = Source::new(bytes)?;
    let data = format.parse(&source)?;
    format.check(&source, place)?;
    Ok(data.get(place).map(Data::value))
}

/// Adds an entry, or replaces its value in place. Returns the bytes of the changed file.
///
/// A file that does not exist is passed as no bytes.
///
/// The caller keeps one [`Trace`] for a file, adds the returned one to it ([`Trace::add`]), and
/// passes it to [`remove`].
///
/// # Errors
/// Those of [`read`]; the format cannot express the value; the file is written in a way in which
/// the entry cannot be changed alone.
pub(crate) fn set(
    format: Format,
    bytes: &[u8],
    place: &Place<'_>,
    value: &Value,
) -> Result<(Vec<u8>, Trace), Problem> {
    let source = Source::new(bytes)?;
    let before = format.parse(&source)?;
    let (splices, trace) = format.set(&source, place, value)?;
    let text = splice::apply(source.text, splices);
    let after = format.parsed_back(&source, &text)?;
    let is_set = after
        .get(place)
        .is_some_and(|entry| entry.value() == *value);
    if !is_set || after.without(place) != before.without(place) {
        return Err(source.cannot_change());
    }
    Ok((source.bytes(&text), trace))
}

/// Removes an entry, and then each object, list or document around it that `trace` says was made
/// for it and that holds nothing any more. Returns the bytes of the changed file: none if the file
/// was empty, or did not exist, before the entry was added.
///
/// A file without the entry is returned as it is.
///
/// # Errors
/// Those of [`set`].
pub(crate) fn remove(
    format: Format,
    bytes: &[u8],
    place: &Place<'_>,
    trace: &Trace,
) -> Result<Vec<u8>, Problem> {
    let source = Source::new(bytes)?;
    let before = format.parse(&source)?;
    format.check(&source, place)?;
    if before.get(place).is_none() {
        return Ok(bytes.to_vec());
    }
    let text = format.remove(&source, place, trace)?;
    let after = format.parsed_back(&source, &text)?;
    if after.get(place).is_some() || after.without(place) != before.without(place) {
        return Err(source.cannot_change());
    }
    Ok(source.bytes(&text))
}

impl Format {
    fn parse(self, source: &Source<'_>) -> Result<Data, Problem> {
        match self {
            Format::Jsonc => jsonc::parse(source),
            Format::Toml => toml::parse(source),
            Format::Yaml => yaml::parse(source),
        }
    }

    /// Parses a changed text. If that fails, the change is at fault and not the file.
    fn parsed_back(self, source: &Source<'_>, text: &str) -> Result<Data, Problem> {
        self.parse(&source.with(text))
            .map_err(|_| source.cannot_change())
    }

    /// Checks that nothing is in the way of an entry at this place.
    fn check(self, source: &Source<'_>, place: &Place<'_>) -> Result<(), Problem> {
        match self {
            Format::Jsonc => jsonc::check(source, place),
            Format::Toml => toml::check(source, place),
            Format::Yaml => yaml::check(source, place),
        }
    }

    fn set(
        self,
        source: &Source<'_>,
        place: &Place<'_>,
        value: &Value,
    ) -> Result<(Vec<Splice>, Trace), Problem> {
        match self {
            Format::Jsonc => jsonc::set(source, place, value),
            Format::Toml => toml::set(source, place, value),
            Format::Yaml => yaml::set(source, place, value),
        }
    }

    fn remove(
        self,
        source: &Source<'_>,
        place: &Place<'_>,
        trace: &Trace,
    ) -> Result<String, Problem> {
        match self {
            Format::Jsonc => jsonc::remove(source, place, trace),
            Format::Toml => toml::remove(source, place, trace),
            Format::Yaml => yaml::remove(source, place, trace),
        }
    }
}
