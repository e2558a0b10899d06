//! `atk.yaml`: what the manifest has no place for. Which versions of its plugins a home follows, which
//! registries it names, and whether it connects to servers. The Python tool ignores the file, and
//! commits it with the rest.

mod registries;

use std::collections::BTreeMap;

use yaml_edit::{Document, Mapping, ScalarValue};

use crate::error::{Error, ErrorKind, Problem, Result};
use crate::model::conflict::Conflict;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::registry::{NamedRegistry, RegistryName, check_new};
use crate::model::revision::RefName;
use crate::model::yaml::edit::{Edited, edited, scalar};
use crate::model::yaml::fields::{Field, FieldReader, Fields, Unquoted};
use crate::model::yaml::node::Node;
use crate::model::yaml::tree::Tree;
use crate::model::yaml::{self, Budget};

/// The file's name in the home.
pub(crate) const FILE: &str = "atk.yaml";

/// The version that new files say they have.
const SCHEMA_VERSION: &str = "2026-12-01";

/// The file, with what it says of each plugin. Changes give a new one; whatever a change does not
/// concern stays as it is, comments and unknown keys too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Versions {
    /// None if there is no file.
    text: Option<String>,
    content: Content,
    comments_lost: bool,
}

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Content {
    plugins: BTreeMap<PluginDir, Followed>,
    registries: Vec<NamedRegistry>,
    offline: bool,
}

/// What a plugin follows. Nothing, for one that follows the default branch of its source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Followed {
    /// The pin that this was written for: where the manifest has another one, another tool moved the
    /// plugin.
    #[cfg_attr(feature = "schema", schemars(rename = "ref"))]
    pub(crate) pin: Option<Pin>,
    /// The branch or tag.
    pub(crate) track: Option<RefName>,
    /// True if an upgrade leaves the plugin at its pin.
    pub(crate) held: bool,
}

/// The fields of the file.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
pub(crate) struct VersionsFile {
    /// The date that names the format's version.
    #[expect(dead_code, reason = "it describes the file")]
    schema_version: Option<String>,
    /// What each plugin follows, by its directory.
    #[expect(dead_code, reason = "it describes the file")]
    plugins: Option<BTreeMap<String, Followed>>,
    /// The registries that are used beside the default one.
    #[expect(dead_code, reason = "it describes the file")]
    registries: Option<Vec<registries::RegistryEntry>>,
    /// True if no operation on the home connects to a server.
    #[expect(dead_code, reason = "it describes the file")]
    offline: Option<bool>,
}

impl Followed {
    /// True if another tool has moved the plugin to another commit since this was written.
    pub(crate) fn is_moved(&self, pin: Option<&Pin>) -> bool {
        self.pin.is_some() && self.pin.as_ref() != pin
    }

    /// True if there is nothing to write down.
    fn is_default(&self) -> bool {
        self.track.is_none() && !self.held
    }

    fn to_tree(&self) -> Tree {
        let mut tree = Tree::Mapping(Vec::new());
        self.write_to(&mut tree);
        tree
    }

    fn write_to(&self, tree: &mut Tree) {
        let pin = self.pin.as_ref().map(|pin| Tree::str(pin.as_str()));
        let track = self.track.as_ref().map(|name| Tree::str(name.as_str()));
        let held = self.held.then(|| Tree::bool(true));
        for (key, value) in [("ref", pin), ("track", track), ("held", held)] {
            match value {
                Some(value) => tree.set(key, value),
                None => tree.remove(key),
            }
        }
    }

    fn write_in_place(&self, mapping: &Mapping) {
        let pin = self.pin.as_ref().map(|pin| scalar(pin.as_str()));
        let track = self.track.as_ref().map(|name| scalar(name.as_str()));
        let held = self.held.then(|| ScalarValue::plain("true"));
        for (key, value) in [("ref", pin), ("track", track), ("held", held)] {
            match value {
                Some(value) => mapping.set(key, value),
                None => drop(mapping.remove(key)),
            }
        }
    }
}

impl Versions {
    /// Reads the bytes of the file; none where there is no file.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`] with every problem.
    pub(crate) fn parse(bytes: Option<&[u8]>) -> Result<Self> {
        let Some(bytes) = bytes else {
            return Ok(Versions {
                text: None,
                content: Content::default(),
                comments_lost: false,
            });
        };
        if let Some(conflict) = Conflict::find(&String::from_utf8_lossy(bytes)) {
            return Err(Error::new(
                ErrorKind::HomeInvalid,
                format!(
                    "`{FILE}` has conflict markers of a git merge in line {}",
                    conflict.line
                ),
            ));
        }
        let read = yaml::read_bytes(bytes, FILE, Budget::MANIFEST);
        let root = read.map_err(|problem| invalid(vec![problem]))?;
        let mut reader = FieldReader {
            unquoted: Unquoted::Problem,
            ..FieldReader::default()
        };
        let content = root.as_ref().map(|root| content(&mut reader, root));
        if !reader.problems.is_empty() {
            return Err(invalid(reader.problems));
        }
        Ok(Versions {
            // It was read as UTF-8.
            text: Some(String::from_utf8_lossy(bytes).into_owned()),
            content: content.unwrap_or_default(),
            comments_lost: false,
        })
    }

    /// What a plugin follows.
    pub(crate) fn of(&self, directory: &PluginDir) -> Followed {
        self.content
            .plugins
            .get(directory)
            .cloned()
            .unwrap_or_default()
    }

    /// The plugins that the file has something of.
    pub(crate) fn directories(&self) -> impl Iterator<Item = &PluginDir> {
        self.content.plugins.keys()
    }

    /// The registries that the home names, in the order of the file.
    pub(crate) fn registries(&self) -> &[NamedRegistry] {
        &self.content.registries
    }

    /// True if the home is not to connect to servers.
    pub(crate) fn offline(&self) -> bool {
        self.content.offline
    }

    /// The file; none if there is nothing to write.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// True if both say the same.
    pub(crate) fn says_same(&self, other: &Versions) -> bool {
        self.content == other.content
    }

    /// True if a change had to write the whole file anew, so that comments went.
    pub(crate) fn comments_lost(&self) -> bool {
        self.comments_lost
    }

    /// Writes down what a plugin follows.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`], as for [`Versions::parse`].
    pub(crate) fn set(&self, directory: &PluginDir, followed: &Followed) -> Result<Self> {
        if followed.is_default() {
            return self.remove(directory);
        }
        if self.content.plugins.get(directory) == Some(followed) {
            return Ok(self.clone());
        }
        let name = directory.as_str();
        self.plugins_changed(
            |plugins| match plugins.get_mut(name) {
                Some(entry) => followed.write_to(entry),
                None => plugins.set(name, followed.to_tree()),
            },
            |plugins| match plugins.get_mapping(name) {
                Some(entry) => followed.write_in_place(&entry),
                None => {
                    let written = yaml::write(&followed.to_tree());
                    let entry = written.parse::<Document>().ok();
                    if let Some(entry) = entry.and_then(|document| document.as_mapping()) {
                        plugins.set(name, entry);
                    }
                }
            },
        )
    }

    /// Forgets a plugin.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`], as for [`Versions::parse`].
    pub(crate) fn remove(&self, directory: &PluginDir) -> Result<Self> {
        if !self.content.plugins.contains_key(directory) {
            return Ok(self.clone());
        }
        let name = directory.as_str();
        self.plugins_changed(
            |plugins| plugins.remove(name),
            |plugins| drop(plugins.remove(name)),
        )
    }

    /// Adds a registry at the end of the list.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if there is one of that name, or of that repository.
    pub(crate) fn add_registry(&self, registry: &NamedRegistry) -> Result<Self> {
        check_new(self.registries(), registry)?;
        self.changed(
            |root| registries::add(root, registry),
            |document| registries::add_in_place(document, registry),
        )
    }

    /// Removes a registry. Without a registry of that name the file is returned unchanged.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`], as for [`Versions::parse`].
    pub(crate) fn remove_registry(&self, name: &RegistryName) -> Result<Self> {
        let Some(at) = registries::place(self.registries(), name) else {
            return Ok(self.clone());
        };
        self.changed(
            |root| registries::remove(root, at),
            |document| registries::remove_in_place(document, at),
        )
    }

    fn plugins_changed(
        &self,
        change: impl FnOnce(&mut Tree),
        in_place: impl FnOnce(&Mapping),
    ) -> Result<Self> {
        self.changed(
            |root| {
                if !matches!(root.get_mut("plugins"), Some(Tree::Mapping(_))) {
                    root.set("plugins", Tree::Mapping(Vec::new()));
                }
                if let Some(plugins) = root.get_mut("plugins") {
                    change(plugins);
                }
            },
            |document| {
                in_place(&document.as_mapping()?.get_mapping("plugins")?);
                Some(())
            },
        )
    }

    fn changed(
        &self,
        change: impl FnOnce(&mut Tree),
        in_place: impl FnOnce(&Document) -> Option<()>,
    ) -> Result<Self> {
        let text = self.text.clone().unwrap_or_default();
        let before = tree(&text)?;
        let mut after = before.clone();
        if text.is_empty() {
            after.set("schema_version", Tree::str(SCHEMA_VERSION));
        }
        change(&mut after);
        let Edited {
            text,
            comments_lost,
        } = match text.is_empty() {
            true => Edited {
                text: yaml::write(&after),
                comments_lost: false,
            },
            false => edited(&text, (&before, &after), Budget::MANIFEST, in_place),
        };
        if is_nothing(&after) && !text.contains('#') {
            return Versions::parse(None);
        }
        let mut changed = Versions::parse(Some(text.as_bytes()))?;
        changed.comments_lost = self.comments_lost || comments_lost;
        Ok(changed)
    }
}

/// True if a file says no more than that there is one.
fn is_nothing(root: &Tree) -> bool {
    let version = ("schema_version", Tree::str(SCHEMA_VERSION));
    let plugins = ("plugins", Tree::Mapping(Vec::new()));
    *root == Tree::mapping([version.clone()]) || *root == Tree::mapping([version, plugins])
}

fn tree(text: &str) -> Result<Tree> {
    let root = yaml::read(text, FILE, Budget::MANIFEST);
    let root = root.map_err(|problem| invalid(vec![problem]))?;
    let empty = || Tree::Mapping(Vec::new());
    Ok(root
        .filter(|root| !root.is_null())
        .map_or_else(empty, |root| Tree::from(&root)))
}

fn content(r: &mut FieldReader, root: &Node) -> Content {
    if root.is_null() {
        return Content::default();
    }
    let top = Field {
        node: root,
        path: String::new(),
    };
    let Some(fields) = r.mapping(top) else {
        return Content::default();
    };
    Content {
        plugins: plugins(r, &fields),
        registries: registries::read(r, &fields),
        offline: r.flag(&fields, "offline", false),
    }
}

fn plugins(r: &mut FieldReader, fields: &Fields<'_>) -> BTreeMap<PluginDir, Followed> {
    let mut found = BTreeMap::new();
    let Some(plugins) = fields.given("plugins") else {
        return found;
    };
    let pairs = plugins.node.as_mapping().unwrap_or_default();
    if r.mapping(plugins.clone()).is_none() {
        return found;
    }
    for (key, node) in pairs {
        let name = key.as_scalar().map_or("", |scalar| &*scalar.text);
        let path = format!("plugins.{}", crate::text::escape(name));
        let at = Field {
            node: key,
            path: path.clone(),
        };
        let directory = r.checked(&at, PluginDir::new(name));
        let followed = followed(r, Field { node, path });
        found.extend(directory.zip(followed));
    }
    found
}

fn followed(r: &mut FieldReader, field: Field<'_>) -> Option<Followed> {
    let fields = r.mapping(field)?;
    let pin = r.text(&fields, "ref");
    let track = r.text(&fields, "track");
    Some(Followed {
        pin: pin.and_then(|text| r.checked(&fields.place("ref"), Pin::new(&text))),
        track: track.and_then(|text| r.checked(&fields.place("track"), RefName::new(&text))),
        held: r.flag(&fields, "held", false),
    })
}

fn invalid(problems: Vec<Problem>) -> Error {
    let listed: Vec<_> = problems.iter().map(Problem::to_string).collect();
    Error::new(
        ErrorKind::HomeInvalid,
        format!("`{FILE}` is invalid:\n  {}", listed.join("\n  ")),
    )
    .with_problems(problems)
}

#[cfg(test)]
mod tests;
