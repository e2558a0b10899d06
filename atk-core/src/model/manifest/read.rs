//! From nodes to a manifest, with every problem at its place.
//!
//! As lax as the Python tool: missing keys have defaults, unknown ones are allowed, a boolean may
//! be a word in quotes. Stricter in pins and URLs, because they reach git.

use super::problems::invalid;
use super::{Config, Entry, EntrySource, EntryUrl, FILE, Manifest, merge};
use crate::error::{Problem, Result};
use crate::model::conflict::Conflict;
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::source::SourceKind;
use crate::model::yaml::node::{Node, ScalarKind};
use crate::model::yaml::{self, Budget};
use crate::text::escape;

/// Reads a manifest.
pub(super) fn manifest(text: &str) -> Result<Manifest> {
    if let Some(conflict) = Conflict::find(text) {
        return Err(merge::unresolved(&conflict));
    }
    let root =
        yaml::read(text, FILE, Budget::MANIFEST).map_err(|problem| invalid(vec![problem]))?;
    let Some(root) = &root else {
        let empty = Problem {
            file: FILE.to_owned(),
            line: 1,
            column: 1,
            field: String::new(),
            message: "the file is empty".to_owned(),
        };
        return Err(invalid(vec![empty]));
    };
    let mut reader = Reader::default();
    let manifest = reader.manifest(root);
    match manifest {
        Some(manifest) if reader.problems.is_empty() => Ok(manifest),
        _ => {
            let mut problems = reader.problems;
            for problem in &mut problems {
                yaml::explain(problem, text);
            }
            Err(invalid(problems))
        }
    }
}

/// Collects problems. Each part gives what it can; `None` comes with a problem.
#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn manifest(&mut self, root: &Node) -> Option<Manifest> {
        self.mapping(root, "")?;
        let schema_version = self.required(root, "schema_version", "", "");
        let config = match root.get("config") {
            Some(node) => self.config(node),
            None => Some(Config::default()),
        };
        let plugins = match root.get("plugins") {
            Some(node) => self.plugins(node),
            None => Some(Vec::new()),
        };
        Some(Manifest {
            schema_version: schema_version?,
            config: config?,
            plugins: plugins?,
        })
    }

    fn config(&mut self, node: &Node) -> Option<Config> {
        self.mapping(node, "config")?;
        let default = Config::default();
        Some(Config {
            auto_commit: self.bool(node, "auto_commit", default.auto_commit)?,
            auto_push: self.bool(node, "auto_push", default.auto_push)?,
        })
    }

    fn plugins(&mut self, node: &Node) -> Option<Vec<Entry>> {
        let Some(items) = node.as_sequence() else {
            return self.unexpected(node, "plugins", "a list");
        };
        let entries = items.iter().enumerate();
        Some(
            entries
                .filter_map(|(at, item)| self.entry(item, &format!("plugins[{at}]")))
                .collect(),
        )
    }

    fn entry(&mut self, node: &Node, field: &str) -> Option<Entry> {
        self.mapping(node, field)?;
        let whose = whose(node);
        let name = self.required(node, "name", field, &whose);
        let directory = self.required(node, "directory", field, &whose);
        let directory = directory.and_then(|text| {
            let place = node.get("directory").unwrap_or(node);
            self.checked(place, &format!("{field}.directory"), PluginDir::new(&text))
        });
        let field = format!("{field}.source");
        let source = match node.get("source") {
            Some(source) => self.source(source, &field, &whose),
            // The Python tool would take the plugin for a local one. Its files would then count
            // as the user's own, whoever wrote them: a merge that loses lines must not do that.
            None => self.problem(node, &field, &format!("is missing{whose}; {SOURCE_HELP}")),
        };
        Some(Entry {
            name: name?,
            directory: directory?,
            source: source?,
        })
    }

    fn source(&mut self, node: &Node, field: &str, whose: &str) -> Option<EntrySource> {
        self.mapping(node, field)?;
        let kind = self.kind(node, field, whose);
        let pin_text = self.optional(node, "ref", field);
        let url_text = self.optional(node, "url", field);
        let (kind, pin_text, url_text) = (kind?, pin_text?, url_text?);
        let pin = match pin_text {
            Some(text) if kind != SourceKind::Local => {
                let place = node.get("ref").unwrap_or(node);
                Some(self.checked(place, &format!("{field}.ref"), Pin::new(&text)))
            }
            _ => None,
        };
        let url = match (kind, url_text) {
            (SourceKind::Git, Some(text)) => {
                let place = node.get("url").unwrap_or(node);
                let url = EntryUrl::parse(&text).map_err(|error| {
                    let message = format!("{error}{whose}");
                    error.with_message(message)
                });
                Some(self.checked(place, &format!("{field}.url"), url))
            }
            (SourceKind::Git, None) => {
                let place = node.get("url").unwrap_or(node);
                Some(self.problem(place, &format!("{field}.url"), "a git source needs a URL"))
            }
            (SourceKind::Registry | SourceKind::Local, _) => None,
        };
        // `None` inside is a problem that has been said.
        let pin = match pin {
            Some(pin) => Some(pin?),
            None => None,
        };
        let url = match url {
            Some(url) => Some(url?),
            None => None,
        };
        Some(EntrySource { kind, pin, url })
    }

    fn kind(&mut self, node: &Node, field: &str, whose: &str) -> Option<SourceKind> {
        let Some(place) = node.get("type") else {
            let message = format!("is missing{whose}: `registry`, `git` or `local`");
            return self.problem(node, &format!("{field}.type"), &message);
        };
        let kind = place.as_str_scalar().and_then(|text| {
            SourceKind::ALL
                .into_iter()
                .find(|kind| kind.as_str() == text)
        });
        match kind {
            Some(kind) => Some(kind),
            None => self.problem(
                place,
                &format!("{field}.type"),
                "expected `registry`, `git` or `local`",
            ),
        }
    }

    /// A string that must be there.
    fn required(&mut self, mapping: &Node, key: &str, parent: &str, whose: &str) -> Option<String> {
        let field = path(parent, key);
        match mapping.get(key) {
            None => self.problem(mapping, &field, &format!("is missing{whose}")),
            Some(node) => match node.as_str_scalar() {
                Some(text) => Some(text.to_owned()),
                None => self.unexpected(node, &field, "a string"),
            },
        }
    }

    /// A string that may be null or missing.
    fn optional(&mut self, mapping: &Node, key: &str, parent: &str) -> Option<Option<String>> {
        match mapping.get(key) {
            None => Some(None),
            Some(node) if node.is_null() => Some(None),
            Some(node) => match node.as_str_scalar() {
                Some(text) => Some(Some(text.to_owned())),
                None => self.unexpected(node, &path(parent, key), "a string"),
            },
        }
    }

    /// A boolean, or what the Python tool takes for one.
    fn bool(&mut self, mapping: &Node, key: &str, default: bool) -> Option<bool> {
        let Some(node) = mapping.get(key) else {
            return Some(default);
        };
        let value = node.as_scalar().and_then(|scalar| match &scalar.kind {
            ScalarKind::Bool(value) => Some(*value),
            ScalarKind::Int(Some(0)) => Some(false),
            ScalarKind::Int(Some(1)) => Some(true),
            ScalarKind::Float(value) if *value == 0.0 => Some(false),
            ScalarKind::Float(value) if *value == 1.0 => Some(true),
            ScalarKind::Str => match scalar.text.to_ascii_lowercase().as_str() {
                "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
                "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
                _ => None,
            },
            ScalarKind::Null
            | ScalarKind::Int(_)
            | ScalarKind::Float(_)
            | ScalarKind::Timestamp
            | ScalarKind::Binary => None,
        });
        match value {
            Some(value) => Some(value),
            None => self.unexpected(node, &path("config", key), "`true` or `false`"),
        }
    }

    fn mapping(&mut self, node: &Node, field: &str) -> Option<()> {
        match node.as_mapping() {
            Some(_) => Some(()),
            None => self.unexpected(node, field, "a mapping"),
        }
    }

    fn unexpected<T>(&mut self, node: &Node, field: &str, expected: &str) -> Option<T> {
        let guessed = node.as_scalar().is_some_and(|scalar| {
            scalar.plain && !matches!(scalar.kind, ScalarKind::Null | ScalarKind::Str)
        });
        let hint = if guessed && expected == "a string" {
            "; put quotes around it"
        } else {
            ""
        };
        let message = format!("expected {expected}, found {}{hint}", node.describe());
        self.problem(node, field, &message)
    }

    fn checked<T>(&mut self, node: &Node, field: &str, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => self.problem(node, field, &error.to_string()),
        }
    }

    fn problem<T>(&mut self, node: &Node, field: &str, message: &str) -> Option<T> {
        self.problems.push(node.mark.problem_of(field, message));
        None
    }
}

/// What to write for a source that is missing.
const SOURCE_HELP: &str = "write `source: {type: local}` if the files are your own, \
                           else the source that an earlier commit of the manifest has";

/// Names an entry by what is left of it, to follow "is missing".
fn whose(entry: &Node) -> String {
    let text = |key| entry.get(key).and_then(Node::as_scalar);
    let label = text("name").or_else(|| text("directory"));
    label.map_or(String::new(), |label| {
        format!(" in the entry of `{}`", escape(&label.text))
    })
}

fn path(parent: &str, key: &str) -> String {
    if parent.is_empty() {
        key.to_owned()
    } else {
        format!("{parent}.{key}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn problems(text: &str) -> Vec<String> {
        let error = manifest(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HomeInvalid);
        let problems = &error.details().problems;
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_missing_has_its_default() {
        let read = manifest("schema_version: '2099-01-01'\nextra: 1\n").unwrap();
        assert_eq!(read.config, Config::default());
        assert!(read.plugins.is_empty());
        let read = manifest(
            "schema_version: ''\nconfig: {auto_commit: 'No', x: 1}\n\
             plugins:\n- name: My Tool\n  directory: my-tool\n  extra: [1]\n  source: {type: local}\n\
             - {name: B, directory: bb, source: {type: registry}}\n\
             - {name: C, directory: cc, source: {type: local, ref: any, url: 'any thing'}}\n",
        )
        .unwrap();
        assert!(!read.config.auto_commit);
        let kinds: Vec<_> = read.plugins.iter().map(|p| p.source.kind).collect();
        assert_eq!(
            kinds,
            [SourceKind::Local, SourceKind::Registry, SourceKind::Local]
        );
        assert!(
            read.plugins
                .iter()
                .all(|p| p.source.pin.is_none() && p.source.url.is_none())
        );
    }

    #[test]
    fn every_problem_is_said_at_once_with_its_place() {
        let text = "\
schema_version: 2026-02-06
config:
  auto_push: maybe
plugins:
- name: on
  directory: ../x
  source: {type: git, ref: main}
- directory: tool
  source:
    type: svn
    ref: 1234567890123456789012345678901234567890
- x
";
        assert_eq!(
            problems(text),
            [
                "manifest.yaml:1:17: schema_version: expected a string, found a date; \
                 put quotes around it",
                "manifest.yaml:3:14: config.auto_push: expected `true` or `false`, \
                 found a string",
                "manifest.yaml:5:9: plugins[0].name: expected a string, found a boolean; \
                 put quotes around it",
                "manifest.yaml:6:14: plugins[0].directory: `../x` is not the name of a plugin \
                 directory: it needs lower-case letters, digits and single hyphens, a letter \
                 first, and at least two characters",
                "manifest.yaml:7:28: plugins[0].source.ref: `main` is not a full commit id \
                 (40 hexadecimal digits)",
                "manifest.yaml:7:11: plugins[0].source.url: a git source needs a URL",
                "manifest.yaml:8:3: plugins[1].name: is missing in the entry of `tool`",
                "manifest.yaml:10:11: plugins[1].source.type: expected `registry`, `git` \
                 or `local`",
                "manifest.yaml:11:10: plugins[1].source.ref: expected a string, found \
                 an integer; put quotes around it",
                "manifest.yaml:12:3: plugins[2]: expected a mapping, found a string",
            ]
        );
    }

    #[test]
    fn what_is_no_manifest_at_all_is_said_so() {
        for (text, message) in [
            ("", "manifest.yaml:1:1: the file is empty"),
            (
                "- a\n",
                "manifest.yaml:1:1: expected a mapping, found a list",
            ),
            (
                "schema_version: ''\nplugins:\n",
                "manifest.yaml:2:8: plugins: expected a list, found nothing",
            ),
            (
                "schema_version: ''\nconfig: ~\n",
                "manifest.yaml:2:9: config: expected a mapping, found nothing",
            ),
        ] {
            assert_eq!(problems(text), [message]);
        }
    }

    #[test]
    fn an_entry_that_lost_a_key_is_named_and_never_taken_for_a_local_plugin() {
        let of = |entry: &str| problems(&format!("schema_version: '1'\nplugins:\n- {entry}\n"));
        assert_eq!(
            of("{name: My Tool, directory: my-tool}"),
            [format!(
                "manifest.yaml:3:3: plugins[0].source: is missing in the entry of `My Tool`; \
                 {SOURCE_HELP}"
            )]
        );
        assert_eq!(
            of("{name: My Tool, directory: my-tool, source: {url: github.com/org/tool}}"),
            [
                "manifest.yaml:3:47: plugins[0].source.type: is missing in the entry of `My Tool`: \
              `registry`, `git` or `local`"
            ]
        );
        assert_eq!(
            of("{directory: my-tool, source: {type: local}}"),
            ["manifest.yaml:3:3: plugins[0].name: is missing in the entry of `my-tool`"]
        );
        assert_eq!(
            of("{source: {type: local}}"),
            [
                "manifest.yaml:3:3: plugins[0].name: is missing",
                "manifest.yaml:3:3: plugins[0].directory: is missing",
            ]
        );
        assert_eq!(
            of("{name: A, directory: aa, source: ~}"),
            ["manifest.yaml:3:36: plugins[0].source: expected a mapping, found nothing"]
        );
    }
}
