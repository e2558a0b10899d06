//! The manifest, `manifest.yaml`: what is installed, from where, at which pin.
//!
//! [`Manifest`] is what it says; [`ManifestText`] is the file, which changes without losing what
//! other people wrote into it.

mod change;
mod content;
mod edit;
mod lines;
mod merge;
mod parse;
mod problems;
mod read;
mod splice;
mod text;
mod url;

pub(crate) use content::{Config, Entry, EntrySource, FILE, Manifest, SCHEMA_VERSION};
pub(crate) use text::ManifestText;
pub(crate) use url::EntryUrl;
