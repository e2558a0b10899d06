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
use crate::model::yaml::fields::{Field, FieldReader, Fields, Unquoted, Word};
use crate::model::yaml::node::Node;
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
        let empty = Problem::new(FILE, (1, 1), "", "the file is empty");
        return Err(invalid(vec![empty]));
    };
    let mut reader = FieldReader {
        unquoted: Unquoted::Problem,
        ..FieldReader::default()
    };
    let read = whole(&mut reader, root);
    let mut problems = reader.problems;
    match read {
        Some(manifest) if problems.is_empty() => Ok(manifest),
        _ => {
            for problem in &mut problems {
                yaml::explain(problem, text);
            }
            Err(invalid(problems))
        }
    }
}

/// Each part gives what it can; `None` comes with a problem.
fn whole(r: &mut FieldReader, root: &Node) -> Option<Manifest> {
    let top = Field {
        node: root,
        path: String::new(),
    };
    let fields = r.mapping(top)?;
    let schema_version = r.required(&fields, "schema_version");
    let config = match fields.get("config") {
        Some(field) => config(r, field),
        None => Some(Config::default()),
    };
    let entries = r.items(&fields, "plugins").into_iter();
    Some(Manifest {
        plugins: entries.filter_map(|item| entry(r, item)).collect(),
        schema_version: schema_version?,
        config: config?,
    })
}

fn config(r: &mut FieldReader, field: Field<'_>) -> Option<Config> {
    let fields = r.mapping(field)?;
    let default = Config::default();
    Some(Config {
        auto_commit: r.flag(&fields, "auto_commit", default.auto_commit),
        auto_push: r.flag(&fields, "auto_push", default.auto_push),
    })
}

fn entry(r: &mut FieldReader, field: Field<'_>) -> Option<Entry> {
    let fields = r.mapping(field)?;
    let whose = whose(&fields);
    let name = required(r, &fields, "name", &whose);
    let directory = required(r, &fields, "directory", &whose);
    let directory =
        directory.and_then(|text| r.checked(&fields.place("directory"), PluginDir::new(&text)));
    let source = match fields.get("source") {
        Some(field) => source(r, field, &whose),
        // The Python tool would take the plugin for a local one. Its files would then count
        // as the user's own, whoever wrote them: a merge that loses lines must not do that.
        None => missing(r, &fields, "source", &format!("{whose}; {SOURCE_HELP}")),
    };
    Some(Entry {
        name: name?,
        directory: directory?,
        source: source?,
    })
}

fn source(r: &mut FieldReader, field: Field<'_>, whose: &str) -> Option<EntrySource> {
    let fields = r.mapping(field)?;
    let kind = match fields.get("type") {
        Some(_) => r.word(&fields, "type"),
        None => {
            let words = format!("{whose}: `registry`, `git` or `local`");
            missing(r, &fields, "type", &words)
        }
    };
    let pin = r.text(&fields, "ref");
    let url = r.text(&fields, "url");
    let kind = kind?;
    // `None` inside is a problem that has been said.
    let pin = match pin {
        Some(text) if kind != SourceKind::Local => {
            Some(r.checked(&fields.place("ref"), Pin::new(&text)))
        }
        Some(_) | None => None,
    };
    let url = match (kind, url) {
        (SourceKind::Git, Some(text)) => {
            let url = EntryUrl::parse(&text).map_err(|error| {
                let message = format!("{error}{whose}");
                error.with_message(message)
            });
            Some(r.checked(&fields.place("url"), url))
        }
        (SourceKind::Git, None) if fields.given("url").is_none() => {
            let problem = fields.place("url").problem("a git source needs a URL");
            r.problems.push(problem);
            None
        }
        (SourceKind::Registry | SourceKind::Local | SourceKind::Git, _) => None,
    };
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

impl Word for SourceKind {
    const ALL: &'static [Self] = &SourceKind::ALL;

    fn word(self) -> &'static str {
        self.as_str()
    }
}

/// A string that must be there; the problem names the entry that lacks it.
fn required(r: &mut FieldReader, fields: &Fields<'_>, key: &str, whose: &str) -> Option<String> {
    match fields.get(key) {
        Some(field) => r.string(&field),
        None => missing(r, fields, key, whose),
    }
}

fn missing<T>(r: &mut FieldReader, fields: &Fields<'_>, key: &str, rest: &str) -> Option<T> {
    r.problems
        .push(fields.missing(key, format!("is missing{rest}")));
    None
}

/// What to write for a source that is missing.
const SOURCE_HELP: &str = "write `source: {type: local}` if the files are your own, \
                           else the source that an earlier commit of the manifest has";

/// Names an entry by what is left of it, to follow "is missing".
fn whose(entry: &Fields<'_>) -> String {
    let text = |key| entry.get(key)?.node.as_scalar();
    let label = text("name").or_else(|| text("directory"));
    label.map_or(String::new(), |label| {
        format!(" in the entry of `{}`", escape(&label.text))
    })
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
                "manifest.yaml:3:14: config.auto_push: `maybe` is not true or false",
                "manifest.yaml:5:9: plugins[0].name: expected a string, found a boolean; \
                 put quotes around it",
                "manifest.yaml:6:14: plugins[0].directory: `../x` is not the name of a plugin \
                 directory: it needs lower-case letters, digits and single hyphens, a letter \
                 first, and at least two characters",
                "manifest.yaml:7:28: plugins[0].source.ref: `main` is not a full commit id \
                 (40 hexadecimal digits)",
                "manifest.yaml:7:11: plugins[0].source.url: a git source needs a URL",
                "manifest.yaml:8:3: plugins[1].name: is missing in the entry of `tool`",
                "manifest.yaml:10:11: plugins[1].source.type: `svn` is not one of registry, \
                 git, local",
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
