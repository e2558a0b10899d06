use super::*;
use crate::error::ErrorKind;
use crate::host::CancelToken;
use crate::model::limits::INDEX_BYTES;

fn index(yaml: &str) -> Index {
    Index::read(yaml.as_bytes(), &CancelToken::new()).unwrap()
}

fn refused(yaml: &str) -> String {
    let error = Index::read(yaml.as_bytes(), &CancelToken::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RegistryInvalid);
    error.to_string()
}

const SAMPLE: &str = "\
schema_version: '2026-01-23'
plugins:
- name: memory-box
  path: plugins/memory-box
  description: 'Remembers:
    much'
- name: My Tool
  path: plugins/tool
  description: \"caf\\xE9 \\u2014 tool\"
  maturity: verified
- name: on
  path: ./x//y/
";

#[test]
fn plugins_are_found_by_name_and_by_directory() {
    let index = index(SAMPLE);
    assert_eq!(index.schema_version, "2026-01-23");
    assert_eq!(index.entries().count(), 3);
    let entry = index.find("memory-box").unwrap();
    assert_eq!(entry.description, "Remembers: much");
    assert_eq!(entry.path().unwrap(), "plugins/memory-box");
    assert_eq!(index.find("on").unwrap().path().unwrap(), "x/y");
    assert_eq!(index.find("my-tool"), None);
    let found = index
        .find_directory(&PluginDir::new("my-tool").unwrap())
        .unwrap();
    assert_eq!(found.description, "café — tool");
    assert_eq!(
        index.find_directory(&PluginDir::new("no-tool").unwrap()),
        None
    );
    assert_eq!(index.suggest("memorybox"), Some("memory-box"));
    assert_eq!(index.suggest("Memory-Box"), Some("memory-box"));
    assert_eq!(index.suggest("kubernetes"), None);
}

#[test]
fn an_entry_that_is_called_like_the_directory_comes_first() {
    let index = index("plugins: [{name: My Tool, path: a}, {name: my-tool, path: b}]");
    let found = index
        .find_directory(&PluginDir::new("my-tool").unwrap())
        .unwrap();
    assert_eq!(found.path().unwrap(), "b");
}

#[test]
fn an_index_survives_as_json() {
    let index = index(SAMPLE);
    let json = serde_json::to_vec(&index).unwrap();
    assert_eq!(serde_json::from_slice::<Index>(&json).unwrap(), index);
}

#[test]
fn a_bad_path_is_refused_when_it_is_used() {
    for (path, why) in [
        ("", "is empty"),
        ("/etc", "is absolute"),
        ("C:/x", "is absolute"),
        ("../x", "leaves the registry"),
        ("plugins/../../x", "leaves the registry"),
        ("a\\b", "has backslashes"),
        ("a\u{7}", "has control characters"),
        ("a/.git/hooks", "leads into `.git`"),
        (".GIT", "leads into `.git`"),
        (".g\u{200c}it", "leads into `.git`"),
        ("git~1/x", "leads into `.git`"),
        (".git . /x", "leads into `.git`"),
        (".git::$INDEX_ALLOCATION/x", "leads into `.git`"),
        (".", "does not name a directory in the registry"),
    ] {
        let mut index = Index::default();
        assert!(index.push("bad", path, ""));
        let error = index.find("bad").unwrap().path().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RegistryInvalid);
        assert_eq!(
            error.to_string(),
            format!(
                "the registry's entry `bad` has the path `{}`, which {why}",
                escape(path)
            )
        );
        assert_eq!(error.details().plugin.as_deref(), Some("bad"));
    }
    for path in ["plugins/.github", "a..b", ".gitx", "a b", "é"] {
        assert_eq!(check_path(path), Ok(path.to_owned()));
    }
}

#[test]
fn an_entry_without_a_name_or_a_path_spoils_no_other() {
    let index = index(
        "plugins: [{path: x}, {name: a}, {name: ~, path: ~, description: }, {name: b, path: y}]",
    );
    assert_eq!(index.find(""), None);
    assert_eq!(index.find("b").unwrap().path().unwrap(), "y");
    assert!(index.find("a").unwrap().path().is_err());
    assert_eq!(index.entries().count(), 2);
}

#[test]
fn what_is_no_index_is_refused() {
    for yaml in [
        "",
        "a: [",
        "[]",
        "x: 1",
        "plugins: 1",
        "plugins: [1]",
        "plugins: [{name: [a]}]",
        "plugins: []\nplugins: []",
        "plugins: [{name: a, name: b}]",
        "plugins: []\n---\n{}",
    ] {
        let message = refused(yaml);
        assert!(
            message.starts_with("the registry's `index.yaml` cannot be read: "),
            "{message}"
        );
    }
    assert!(refused(&"#".repeat(INDEX_BYTES + 1)).contains("bytes"));
}

#[test]
fn a_merge_that_is_not_resolved_is_named() {
    for (text, line) in [
        (
            "plugins:\n<<<<<<< HEAD\n- {name: a}\n=======\n- {name: b}\n>>>>>>> x\n",
            2,
        ),
        (
            "<<<<<<< HEAD\r\nplugins: []\r\n=======\r\nplugins: [1]\r\n>>>>>>> x\r\n",
            1,
        ),
        ("plugins:\n- name: a\n  path: x\n>>>>>>> other\n", 4),
        (
            "schema_version: '1'\nplugins:\n<<<<<<< a\n||||||| b\n=======\n>>>>>>> c\n",
            3,
        ),
    ] {
        assert_eq!(
            refused(text),
            format!(
                "the registry's `index.yaml` cannot be read: \
                 line {line}: a git merge left conflict markers in it"
            )
        );
    }
    // In a text such lines are text.
    index("plugins: [{name: a, description: '\n<<<<<<< a\n>>>>>>> b\n'}]");
}

#[test]
fn aliases_cannot_fill_the_memory() {
    let long = "x".repeat(100_000);
    let entries = "- {name: *a}\n".repeat(20_000);
    let message = refused(&format!("a: &a {long}\nplugins:\n{entries}"));
    assert!(message.contains("aliases"), "{message}");
    let mut bomb = "a0: &a0 {name: x}\n".to_owned();
    for level in 1..30 {
        bomb += &format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1);
    }
    refused(&format!("{bomb}plugins: *a29\n"));
    let flood = "- *a\n".repeat(1000);
    assert_eq!(
        index(&format!("a: &a {{name: x}}\nplugins:\n{flood}"))
            .entries()
            .count(),
        1000
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_it() {
    for text in [
        SAMPLE,
        "plugins: [{name: a, path: b}]",
        "# x\n---\nplugins: []\n",
    ] {
        assert_eq!(index(&format!("\u{feff}{text}")), index(text));
    }
    let utf16: Vec<u8> = "\u{feff}plugins: []"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let error = Index::read(&utf16, &CancelToken::new()).unwrap_err();
    assert!(error.to_string().contains("UTF-16"), "{error}");
}

#[test]
fn nesting_ends_early_wherever_it_stands() {
    for open in ["[", "{a: ", "- ", "? ", "- - ", "[{x: "] {
        for head in [
            "plugins: ",
            "plugins:\n- name: ",
            "other: ",
            "plugins: [{z: ",
            "",
        ] {
            let since = std::time::Instant::now();
            refused(&format!("{head}{}", open.repeat(1_000_000)));
            assert!(since.elapsed().as_secs() < 5, "{head}{open}");
        }
    }
    // Aliases count at their full depth, but not in what is passed over.
    let mut tower = "a0: &a0 {x: y}\n".to_owned();
    for level in 1..70 {
        tower += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    index(&format!("{tower}plugins: []\n"));
    let padding = "#".repeat(100_000);
    let message = refused(&format!(
        "{tower}plugins: [{{name: x, path: *a69}}]\n{padding}"
    ));
    assert!(message.contains("expected a string"), "{message}");
    let message = refused(&format!("{tower}plugins: *a69\n{padding}"));
    assert!(message.contains("a mapping"), "{message}");
}

#[test]
fn anchors_keep_little() {
    let nested = "&a [".repeat(60) + &"x, ".repeat(50_000) + &"]".repeat(60);
    assert!(refused(&format!("a: {nested}\nplugins: []\n")).contains("anchors"));
    assert!(refused("plugins: &a [*a]\n").contains("its own target"));
}

#[test]
fn a_cancel_ends_the_reading() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let text = format!("plugins:\n{}", "- {name: x}\n".repeat(2000));
    let error = Index::read(text.as_bytes(), &cancel).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let skipped = format!("plugins: []\nother: [{}]\n", "a, ".repeat(5000));
    let error = Index::read(skipped.as_bytes(), &cancel).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    // These end before the first check.
    for short in ["plugins: []\n", "plugins: 7\n", "plugins: ["] {
        let error = Index::read(short.as_bytes(), &cancel).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{short}");
    }
}

#[test]
fn a_kept_index_that_is_damaged_has_empty_texts() {
    let json =
        r#"{"schema_version": "", "text": "abc", "ends": [[1, 2, 3], [900, 2, 4294967295]]}"#;
    let index: Index = serde_json::from_str(json).unwrap();
    assert_eq!(index.find("a").unwrap().path().unwrap(), "b");
    assert_eq!(index.entries().nth(1), Some(IndexEntry::default()));
}

#[test]
fn another_reader_of_yaml_reads_the_same() {
    #[derive(serde::Deserialize, Default)]
    #[serde(default)]
    struct Other {
        schema_version: String,
        plugins: Vec<OtherEntry>,
    }
    #[derive(serde::Deserialize, Default)]
    #[serde(default)]
    struct OtherEntry {
        name: String,
        path: String,
        description: String,
    }
    for yaml in [
        SAMPLE,
        "plugins:\n  - {name: a, path: 'x', description: \"b\\tc\"}\n",
        "plugins:\n- name: &n a\n  path: *n\n- &e {name: b, path: c}\n- *e\n",
        "a: {b: [c, {d: e}]}\nplugins:\n-\n  path: p\n  extra: [1, [2]]\n  name: n\n",
        "# c\n---\nplugins:\n- description: |\n    two\n    lines\n  name: n\n  path: >-\n    a\n    b\n...\n",
        "plugins: []\nschema_version: 2026-01-23\n",
        "plugins:\r\n- name: win\r\n  path: dows\r\n",
    ] {
        let other: Other = serde_yaml::from_str(yaml).unwrap();
        let index = index(yaml);
        assert_eq!(index.schema_version, other.schema_version);
        let theirs = other.plugins.iter();
        let theirs: Vec<_> = theirs
            .map(|entry| IndexEntry {
                name: &entry.name,
                path: &entry.path,
                description: &entry.description,
            })
            .collect();
        assert_eq!(index.entries().collect::<Vec<_>>(), theirs, "{yaml}");
    }
}
