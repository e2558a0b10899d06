//! The manifest as a file, and its changes.

use super::change::ManifestChange;
use super::problems::invalid;
use super::{Config, Entry, EntryUrl, FILE, Manifest, SCHEMA_VERSION, edit, lines, splice};
use crate::error::{Error, ErrorKind, Result};
use crate::model::name::PluginDir;
use crate::model::pin::Pin;
use crate::model::source::SourceKind;
use crate::model::yaml::edit::{Edited, edited};
use crate::model::yaml::tree::Tree;
use crate::model::yaml::{self, Budget};

/// A manifest with its text. Changes give a new one.
///
/// A file as ATK or the Python tool write it comes out of a change as the Python tool would write
/// it, unknown keys included. In any other file only the lines that must change do: comments,
/// order, quotes and line ends stay. Where that cannot be done, the whole file is written anew;
/// [`ManifestText::comments_lost`] says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ManifestText {
    text: String,
    manifest: Manifest,
    comments_lost: bool,
}

impl ManifestText {
    /// The manifest of a new home.
    pub(crate) fn new() -> Self {
        let manifest = Manifest {
            schema_version: SCHEMA_VERSION.to_owned(),
            config: Config::default(),
            plugins: Vec::new(),
        };
        ManifestText {
            text: yaml::write(&manifest.to_tree()),
            manifest,
            comments_lost: false,
        }
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// [`ErrorKind::HomeInvalid`] with every problem.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let (text, manifest) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, Manifest::parse(text)?),
            Err(_) => {
                // Not UTF-8: the reader says where.
                let read = yaml::read_bytes(bytes, FILE, Budget::MANIFEST);
                return Err(invalid(read.err().into_iter().collect()));
            }
        };
        Ok(ManifestText {
            text: text.to_owned(),
            manifest,
            comments_lost: false,
        })
    }

    /// What it says.
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The file.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// True if a change had to write the whole file anew, so that comments went.
    #[cfg(test)]
    pub(crate) fn comments_lost(&self) -> bool {
        self.comments_lost
    }

    /// A warning if a change had to write the whole file anew, so that comments went.
    pub(crate) fn lost_comments(&self) -> Option<&'static str> {
        let lost = "the comments in `manifest.yaml` could not be kept";
        self.comments_lost.then_some(lost)
    }

    /// Adds an entry at the end.
    ///
    /// # Errors
    /// [`ErrorKind::PluginExists`] if its directory is there already.
    pub(crate) fn add(&self, entry: &Entry) -> Result<Self> {
        self.insert(self.manifest.plugins.len(), entry)
    }

    /// Adds an entry at a place in the list, at most at its end.
    ///
    /// # Errors
    /// As [`ManifestText::add`].
    pub(crate) fn insert(&self, at: usize, entry: &Entry) -> Result<Self> {
        if self.manifest.get(&entry.directory).is_some() {
            return Err(Error::new(
                ErrorKind::PluginExists,
                format!(
                    "the plugin `{}` is already in the manifest",
                    entry.directory
                ),
            )
            .with_plugin(entry.directory.as_str()));
        }
        self.changed(&ManifestChange::Add(at, entry))
    }

    /// Removes the entry of a directory; if there are several, all of them.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`].
    pub(crate) fn remove(&self, directory: &PluginDir) -> Result<Self> {
        self.first(directory)?;
        let entries = self.manifest.plugins.iter().enumerate();
        let places = entries
            .filter(|(_, entry)| entry.directory == *directory)
            .map(|(at, _)| at)
            .collect();
        self.changed(&ManifestChange::Remove(places))
    }

    /// Sets the pin of a registry or git plugin.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`], [`ErrorKind::LocalNotUpgradable`].
    pub(crate) fn set_pin(&self, directory: &PluginDir, pin: &Pin) -> Result<Self> {
        let (at, entry) = self.first(directory)?;
        if entry.source.kind == SourceKind::Local {
            return Err(Error::new(
                ErrorKind::LocalNotUpgradable,
                format!("the plugin `{directory}` is local and has no pin"),
            )
            .with_plugin(directory.as_str()));
        }
        self.changed(&ManifestChange::SetPin(at, pin))
    }

    /// Sets the display name of a plugin.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`].
    pub(crate) fn set_name(&self, directory: &PluginDir, name: &str) -> Result<Self> {
        let (at, _) = self.first(directory)?;
        self.changed(&ManifestChange::SetName(at, name))
    }

    /// Sets the URL of a git plugin.
    ///
    /// # Errors
    /// [`ErrorKind::PluginNotInstalled`].
    pub(crate) fn set_url(&self, directory: &PluginDir, url: &EntryUrl) -> Result<Self> {
        let (at, _) = self.first(directory)?;
        self.changed(&ManifestChange::SetUrl(at, url))
    }

    fn first(&self, directory: &PluginDir) -> Result<(usize, &Entry)> {
        let mut entries = self.manifest.plugins.iter().enumerate();
        entries
            .find(|(_, entry)| entry.directory == *directory)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::PluginNotInstalled,
                    format!("plugin `{directory}` not found"),
                )
                .with_plugin(directory.as_str())
            })
    }

    fn changed(&self, change: &ManifestChange<'_>) -> Result<Self> {
        if let Some((text, manifest)) = splice::changed(&self.text, &self.manifest, change) {
            return Ok(ManifestText {
                text,
                manifest,
                comments_lost: self.comments_lost,
            });
        }
        self.changed_slowly(change)
    }

    fn changed_slowly(&self, change: &ManifestChange<'_>) -> Result<Self> {
        let before = self.tree()?;
        let mut after = before.clone();
        change.apply(&mut after);
        let trees = (&before, &after);
        let Edited {
            text,
            comments_lost,
        } = edited(&self.text, trees, Budget::MANIFEST, |document| {
            edit::in_place(document, change)
        });
        Ok(ManifestText {
            manifest: Manifest::parse(&text)?,
            text,
            comments_lost: self.comments_lost || comments_lost,
        })
    }

    fn tree(&self) -> Result<Tree> {
        if let Some(manifest) = lines::manifest(&self.text) {
            return Ok(manifest.to_tree());
        }
        let root = yaml::read(&self.text, FILE, Budget::MANIFEST)
            .map_err(|problem| invalid(vec![problem]))?;
        Ok(root.map_or_else(|| Tree::Mapping(Vec::new()), |root| Tree::from(&root)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EntrySource, EntryUrl};
    use super::*;

    #[test]
    fn a_change_by_lines_is_the_change_of_the_whole() {
        let names = [
            "One",
            "on",
            "1e3",
            "a: b",
            "it's",
            "  pad ",
            "Caf\u{e9}",
            "#x",
            &"w ".repeat(60),
        ];
        let mut manifest = ManifestText::new();
        for (at, name) in names.iter().enumerate() {
            let kind = SourceKind::ALL[at % 3];
            let entry = entry(name, &format!("plugin-{at}"), kind);
            let by_lines = manifest
                .changed(&ManifestChange::Add(
                    manifest.manifest.plugins.len(),
                    &entry,
                ))
                .unwrap();
            assert_eq!(
                by_lines,
                manifest
                    .changed_slowly(&ManifestChange::Add(
                        manifest.manifest.plugins.len(),
                        &entry
                    ))
                    .unwrap(),
                "{name}"
            );
            manifest = by_lines;
            for change in [
                ManifestChange::SetName(at / 2, "renamed: x"),
                ManifestChange::SetPin(0, &pin(NEXT)),
                ManifestChange::Remove(vec![at / 2]),
                ManifestChange::Remove((0..=at).step_by(2).collect()),
            ] {
                assert_eq!(
                    manifest.changed(&change).unwrap(),
                    manifest.changed_slowly(&change).unwrap()
                );
            }
        }
    }

    const PIN: &str = "c146cebe51932f5ffc0a173359f5744bfc3213b2";
    const NEXT: &str = "1234567890123456789012345678901234567890";

    fn parse(text: &str) -> ManifestText {
        ManifestText::parse(text.as_bytes()).unwrap()
    }

    fn dir(name: &str) -> PluginDir {
        PluginDir::new(name).unwrap()
    }

    fn pin(id: &str) -> Pin {
        Pin::new(id).unwrap()
    }

    fn entry(name: &str, directory: &str, kind: SourceKind) -> Entry {
        let url = EntryUrl::parse("github.com/org/some-tool").unwrap();
        Entry {
            name: name.to_owned(),
            directory: dir(directory),
            source: EntrySource {
                kind,
                pin: (kind != SourceKind::Local).then(|| pin(PIN)),
                url: (kind == SourceKind::Git).then_some(url),
            },
        }
    }

    #[test]
    fn a_home_goes_through_its_changes_with_the_python_tools_bytes() {
        let new = ManifestText::new();
        assert_eq!(
            new.text(),
            "schema_version: '2026-02-06'\nconfig:\n  auto_commit: true\n  auto_push: false\n\
             plugins: []\n"
        );
        assert_eq!(new.text().len(), 88);
        assert_eq!(parse(new.text()), new);

        let name = "A name: so long that it is folded behind the eightieth column of the line, é";
        let full = new
            .add(&entry("on", "aa", SourceKind::Registry))
            .and_then(|text| text.add(&entry("12:30", "bb", SourceKind::Git)))
            .and_then(|text| text.add(&entry(name, "cc", SourceKind::Local)))
            .and_then(|text| text.set_pin(&dir("bb"), &pin(NEXT)))
            .and_then(|text| text.set_name(&dir("bb"), "Some Tool"))
            .unwrap();
        assert_eq!(
            full.text(),
            r#"schema_version: '2026-02-06'
config:
  auto_commit: true
  auto_push: false
plugins:
- name: 'on'
  directory: aa
  source:
    type: registry
    ref: c146cebe51932f5ffc0a173359f5744bfc3213b2
    url: null
- name: Some Tool
  directory: bb
  source:
    type: git
    ref: '1234567890123456789012345678901234567890'
    url: github.com/org/some-tool
- name: "A name: so long that it is folded behind the eightieth column of the line,\
    \ \xE9"
  directory: cc
  source:
    type: local
    ref: null
    url: null
"#
        );
        assert_eq!(full.manifest().plugins[2].name, name);
        assert!(!full.comments_lost());

        let empty = ["cc", "aa", "bb"]
            .into_iter()
            .try_fold(full, |text, name| text.remove(&dir(name)))
            .unwrap();
        assert_eq!(empty, new);
    }

    #[test]
    fn what_people_wrote_into_it_stays() {
        let text = "\
# my plugins
plugins:   # all of them
    - directory: aa
      name: 'A'   # short
      note: [1, {x: 0x1F}]
      source: {type: registry, ref: c146cebe51932f5ffc0a173359f5744bfc3213b2}

    # below
    - name: \"B\"
      directory: bb
      source:
        type: git   # by hand
        ref: c146cebe51932f5ffc0a173359f5744bfc3213b2   # good one
        url: https://me:secret@h.org/x
schema_version: \"2026-02-06\"
mine: yes
";
        for text in [
            text,
            &text.replace('\n', "\r\n"),
            &format!("\u{feff}{text}"),
        ] {
            let nl = if text.contains('\r') { "\r\n" } else { "\n" };
            let changed = parse(text).set_pin(&dir("bb"), &pin(NEXT)).unwrap();
            let ref_line = format!("ref: {PIN}   # good");
            let expected = text.replace(&ref_line, &format!("ref: '{NEXT}'   # good"));
            assert_eq!(changed.text(), expected);

            let changed = changed.set_name(&dir("aa"), "12:30").unwrap();
            let expected = expected.replace("name: 'A' ", "name: '12:30' ");
            assert_eq!(changed.text(), expected);

            let added = changed.add(&entry("on", "cc", SourceKind::Local)).unwrap();
            let lines = "    - name: 'on'\n      directory: cc\n      source:\n        \
                         type: local\n        ref: null\n        url: null\nschema_version";
            let lines = lines.replace('\n', nl);
            assert_eq!(added.text(), expected.replace("schema_version", &lines));

            let removed = added.remove(&dir("cc")).unwrap();
            assert_eq!(removed.text(), expected);
            assert!(!removed.comments_lost());
        }
    }

    #[test]
    fn unknown_keys_survive_where_the_file_is_written_whole() {
        let text = "schema_version: '1'\nplugins:\n- name: A\n  directory: aa\n  \
                    source:\n    type: local\n  mine:\n  - 1\n";
        let changed = parse(text).set_name(&dir("aa"), "B").unwrap();
        assert_eq!(changed.text(), text.replace("name: A", "name: B"));

        let text = "# shared\nbase: &base {type: registry, ref: null}\nschema_version: '1'\n\
                    plugins:\n- {name: A, directory: aa, source: *base, mine: 2}\n";
        let changed = parse(text).set_pin(&dir("aa"), &pin(PIN)).unwrap();
        assert!(changed.comments_lost());
        assert_eq!(
            changed.text(),
            format!(
                "base:\n  type: registry\n  ref: null\nschema_version: '1'\nplugins:\n\
                 - name: A\n  directory: aa\n  source:\n    type: registry\n    ref: {PIN}\n  \
                 mine: 2\n"
            )
        );
    }

    #[test]
    fn what_stands_in_place_of_a_line_of_the_usual_form_survives() {
        let usual = ManifestText::new()
            .add(&entry("A", "aa", SourceKind::Registry))
            .unwrap();
        for (line, other) in [
            (format!("    ref: {PIN}\n"), "    mine: 1\n"),
            (format!("    ref: {PIN}\n"), "    # mine\n"),
            (format!("ref: {PIN}\n"), "ref: null # mine\n"),
            ("name: A\n".to_owned(), "name: A # mine\n"),
        ] {
            let text = parse(&usual.text().replace(&line, other));
            assert_ne!(text, usual, "{line}");
            for changed in [
                text.set_pin(&dir("aa"), &pin(NEXT)),
                text.set_name(&dir("aa"), "B"),
            ] {
                let changed = changed.unwrap();
                assert!(changed.text().contains("mine"), "{}", changed.text());
                assert!(!changed.comments_lost());
            }
        }
    }

    #[test]
    fn of_two_entries_of_a_directory_the_first_counts_and_both_are_removed() {
        let once = ManifestText::new()
            .add(&entry("A", "aa", SourceKind::Registry))
            .unwrap();
        let entry = &once.text()[once.text().find("- name").unwrap()..];
        let twice = parse(&format!("{}{}", once.text(), entry.replace("A", "B")));
        let changed = twice.set_pin(&dir("aa"), &pin(NEXT)).unwrap();
        let pins: Vec<_> = changed
            .manifest()
            .plugins
            .iter()
            .filter_map(|entry| entry.source.pin.as_ref().map(Pin::as_str))
            .collect();
        assert_eq!(pins, [NEXT, PIN]);
        assert_eq!(twice.remove(&dir("aa")).unwrap(), ManifestText::new());
    }

    #[test]
    fn changes_that_make_no_sense_are_errors() {
        let text = ManifestText::new()
            .add(&entry("A", "aa", SourceKind::Local))
            .unwrap();
        let kind = |result: Result<ManifestText>| result.unwrap_err().kind();
        assert_eq!(
            kind(text.add(&entry("B", "aa", SourceKind::Git))),
            ErrorKind::PluginExists
        );
        assert_eq!(kind(text.remove(&dir("bb"))), ErrorKind::PluginNotInstalled);
        assert_eq!(
            kind(text.set_pin(&dir("aa"), &pin(PIN))),
            ErrorKind::LocalNotUpgradable
        );
        let error = ManifestText::parse(b"a: \xff\n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HomeInvalid);
        assert!(error.to_string().contains("1:4: the byte 0xFF"), "{error}");
    }
}
